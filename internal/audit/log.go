package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"sync"
	"syscall"

	"github.com/musubi-map/musubi/internal/network"
)

// Log is an audit log that is open. Its methods may be called at the same time.
type Log struct {
	mu   sync.Mutex
	file *os.File
	size int64 // where the next line begins
	n    int64
	prev string
}

// Open opens the log at path, which is made when it is missing, readable by its owner
// only. The end of a line that was broken off by a crash is taken away: nobody was
// answered by it. One process at a time may write to a log.
func Open(path string) (*Log, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, failed(err)
	}
	l := &Log{file: f}
	if err := l.resume(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return l, nil
}

// resume finds the last line.
func (l *Log) resume() error {
	last, size, err := lastLine(l.file)
	if err != nil {
		return failed(err)
	}
	if l.size = size; len(last) > 0 {
		var e Entry
		if json.Unmarshal(last, &e) != nil || e.N < 1 {
			return network.Errorf(network.InvalidValue, "the last line of the audit log cannot be read: verify it, move it away, and start again")
		}
		l.n, l.prev = e.N, hashOf(last)
	}
	if err := l.file.Truncate(size); err != nil {
		return failed(err)
	}
	return nil
}

// Append adds an entry; number, hash and a time in UTC are put in. With synced it
// returns once the line is on the disk, which a crash of the machine leaves there;
// without, once the system has it, which a crash of the program leaves there.
// Unavailable says that nothing was added, and why.
func (l *Log) Append(e Entry, synced bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.N, e.Prev, e.At = l.n+1, l.prev, e.At.UTC()
	line, err := json.Marshal(e)
	if err != nil {
		return network.Errorf(network.Internal, "an entry of the audit log cannot be written")
	}
	if info, err := l.file.Stat(); err != nil || info.Size() != l.size {
		return network.Errorf(network.Unavailable, "the audit log was changed by somebody else; verify it, move it away, and start again")
	}
	_, err = l.file.WriteAt(append(line, '\n'), l.size)
	if err == nil && synced {
		err = l.file.Sync()
	}
	if err != nil {
		_ = l.file.Truncate(l.size) // else the next one finds it longer
		return failed(err)
	}
	l.n, l.prev, l.size = e.N, hashOf(line), l.size+int64(len(line))+1
	return nil
}

// Close closes the file.
func (l *Log) Close() error { return l.file.Close() }

// failed says what is wrong with the disk and what to do.
func failed(err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return network.Errorf(network.Unavailable, "the audit log cannot be written: the disk is full; free some space")
	case errors.Is(err, os.ErrPermission):
		return network.Errorf(network.Unavailable, "the audit log cannot be written: this program has no right to")
	}
	return network.Errorf(network.Unavailable, "the audit log cannot be written: %v", err)
}

// tailBytes is how much of the end of a log is read at a time.
const tailBytes = 64 << 10

// lastLine is the last line of a log that has its line feed, and where it ends.
func lastLine(f *os.File) (line []byte, end int64, err error) {
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	var tail []byte
	for from := info.Size(); from > 0; {
		n := min(from, tailBytes)
		from -= n
		part := make([]byte, n)
		if _, err := f.ReadAt(part, from); err != nil && !errors.Is(err, io.EOF) {
			return nil, 0, err
		}
		tail = append(part, tail...)
		stop := bytes.LastIndexByte(tail, '\n')
		if stop < 0 {
			continue
		}
		if start := bytes.LastIndexByte(tail[:stop], '\n'); start >= 0 || from == 0 {
			return tail[start+1 : stop], from + int64(stop) + 1, nil
		}
	}
	return nil, 0, nil
}
