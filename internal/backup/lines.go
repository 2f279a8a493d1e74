package backup

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"

	"github.com/musubi-map/musubi/internal/network"
)

// lines reads the lines of a compressed file.
type lines struct {
	raw  *bufio.Reader // as compressed
	text *bufio.Reader
	n    int // lines read
}

func newLines(from io.Reader) (*lines, error) {
	l := &lines{raw: bufio.NewReaderSize(from, 1<<16)}
	zip, err := gzip.NewReader(l.raw)
	if errors.Is(err, gzip.ErrHeader) || errors.Is(err, io.EOF) {
		return nil, errNoBackup()
	}
	if err != nil {
		return nil, l.failed(err)
	}
	zip.Multistream(false)
	l.text = bufio.NewReaderSize(zip, 1<<16)
	return l, nil
}

func errNoBackup() error {
	return network.Errorf(network.InvalidValue, "this is no backup of musubi")
}

// next gives the next line with its end.
func (l *lines) next() ([]byte, error) {
	var text []byte
	for {
		part, err := l.text.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case err == nil:
			l.n++
			return text, nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, l.failed(err)
		case len(text) > maxLine:
			return nil, damaged("line %d is longer than any record can be", l.n+1)
		}
	}
}

// end is nil when nothing follows, neither in the text nor after it.
func (l *lines) end() error {
	for _, in := range []*bufio.Reader{l.text, l.raw} {
		switch _, err := in.ReadByte(); {
		case err == nil:
			return damaged("something follows its last line")
		case !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
			return l.failed(err) // the check sum of gzip is read here
		}
	}
	return nil
}

// failed tells faults of the file from those of the disk.
func (l *lines) failed(err error) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return damaged("it breaks off after line %d", l.n)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return damaged("it cannot be decompressed after line %d", l.n)
	}
	return network.Errorf(network.Unavailable, "the backup cannot be read: %v", err)
}

// strictly decodes one value and refuses members that are not known.
func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}
