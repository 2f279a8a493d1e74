package audit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/musubi-map/musubi/internal/network"
)

// End is where a log ends: its last line by number and hash. Who has noted it can
// tell later whether lines up to it are still there.
type End struct {
	N    int64
	Hash string
}

// Verify reads a file of a log to its end and gives each entry to do, which may be
// nil. end is where the file before it ends, zero for the first one; without a hash it
// may be any line of that number. Verify fails with InvalidValue at the first line
// that is not as it was written, or does not go on from the one before. A last line
// without an end is not looked at: it is being written, or was broken off.
func Verify(r io.Reader, end End, do func(*Entry) error) (End, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	for {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return end, nil
		}
		if err != nil {
			return end, network.Errorf(network.Unavailable, "the audit log cannot be read: %v", err)
		}
		line = line[:len(line)-1]
		var e Entry
		d := json.NewDecoder(bytes.NewReader(line))
		d.DisallowUnknownFields()
		if d.Decode(&e) != nil || !asWritten(&e, line) {
			return end, network.Errorf(network.InvalidValue, "the line after number %d of the audit log is not as it was written", end.N)
		}
		anyHash := end.N > 0 && end.Hash == ""
		if e.N != end.N+1 || e.Prev != end.Hash && !anyHash {
			return end, network.Errorf(network.InvalidValue, "the audit log is broken after number %d: lines were changed, taken out or put in", end.N)
		}
		end = End{e.N, hashOf(line)}
		if do != nil {
			if err := do(&e); err != nil {
				return end, err
			}
		}
	}
}

// asWritten tells whether the line is the entry as Append writes it.
func asWritten(e *Entry, line []byte) bool {
	again, err := json.Marshal(e)
	return err == nil && bytes.Equal(again, line)
}
