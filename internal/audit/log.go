package audit

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/musubi-map/musubi/internal/network"
)

// Log is an audit log that is open. Its methods may be called at the same time, and
// several programs of a machine may have one log open.
type Log struct {
	path string
	// limit is from how many bytes on a file is closed.
	limit int64

	mu   sync.Mutex
	file *os.File
	size int64 // where the next line begins
	last End
}

// fileBytes is from what size on a file is closed, and the log goes on in a new one:
// some 250,000 lines.
const fileBytes = 64 << 20

// Open opens the log at path, which is made when it is missing, readable by its owner
// only. The end of a line that was broken off by a crash is taken away: nobody was
// answered by it.
func Open(path string) (*Log, error) {
	l := &Log{path: path, limit: fileBytes}
	if err := l.alone(func() error { return nil }); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// Append adds an entry; number, hash and a time in UTC are put in. With synced it
// returns once the line is on the disk, which a crash of the machine leaves there;
// without, once the system has it, which a crash of the program leaves there.
// Unavailable says that nothing was added, and why.
func (l *Log) Append(e Entry, synced bool) error {
	return l.alone(func() error {
		e.N, e.Prev, e.At = l.last.N+1, l.last.Hash, e.At.UTC()
		line, err := json.Marshal(e)
		if err != nil {
			return network.Errorf(network.Internal, "an entry of the audit log cannot be written")
		}
		_, err = l.file.WriteAt(append(line, '\n'), l.size)
		if err == nil && synced {
			err = l.file.Sync()
		}
		if err != nil {
			_ = l.file.Truncate(l.size) // else it has a line of which nobody knows
			return failed(err)
		}
		l.last, l.size = End{e.N, hashOf(line)}, l.size+int64(len(line))+1
		if l.size >= l.limit {
			_ = l.put() // else it grows on, and the next entry tries again
		}
		return nil
	})
}

// Rotate closes the file: it gets the number of its last line behind its name, and
// the log goes on in a new one. A file without lines stays.
func (l *Log) Rotate() error {
	return l.alone(func() error {
		if l.size == 0 {
			return nil
		}
		return l.put()
	})
}

// put renames the file. Whoever writes next finds none at the path, and makes one.
func (l *Log) put() error {
	to := closedName(l.path, l.last.N)
	if _, err := os.Lstat(to); err == nil {
		return network.Errorf(network.Unavailable, "the audit log cannot be closed: there is a file %s already", to)
	}
	if err := errors.Join(l.file.Sync(), os.Rename(l.path, to)); err != nil {
		return failed(err)
	}
	return nil
}

// alone runs do while no other program writes to the log, with the end of the log
// known.
func (l *Log) alone(do func() error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.hold(); err != nil {
		return err
	}
	defer func() { _ = unlock(l.file) }()
	if err := l.resume(); err != nil {
		return err
	}
	return do()
}

// hold opens and locks the file that is at the path: another one than before when
// that was closed.
func (l *Log) hold() error {
	for {
		if l.file == nil {
			f, err := os.OpenFile(l.path, os.O_CREATE|os.O_RDWR, 0o600)
			if err != nil {
				return failed(err)
			}
			l.file, l.size = f, 0
		}
		if err := lock(l.file); err != nil {
			return failed(err)
		}
		mine, err := l.file.Stat()
		if at, gone := os.Stat(l.path); err == nil && gone == nil && os.SameFile(mine, at) {
			return nil
		}
		_ = l.file.Close()
		l.file = nil
	}
}

// resume finds the last line, unless it is the one that is known.
func (l *Log) resume() error {
	info, err := l.file.Stat()
	switch {
	case err != nil:
		return failed(err)
	case info.Size() == 0:
		return l.begin()
	case info.Size() == l.size:
		return nil
	}
	end, size, err := endOf(l.file)
	switch {
	case err != nil:
		return err
	case end.N < l.last.N || end.N == l.last.N && end != l.last:
		return network.Errorf(network.Unavailable, "lines that were written are missing in the audit log: keep a copy of it, and start again")
	}
	if err := l.file.Truncate(size); err != nil {
		return failed(err)
	}
	l.last, l.size = end, size
	return nil
}

// begin makes ready a file without lines, which goes on from the one closed last.
func (l *Log) begin() error {
	closed, err := closedFiles(l.path)
	if err != nil {
		return failed(err)
	}
	if len(closed) > 0 {
		f, err := os.Open(closed[len(closed)-1])
		if err != nil {
			return failed(err)
		}
		defer func() { _ = f.Close() }()
		end, _, err := endOf(f)
		if err != nil {
			return err
		}
		if end.N > l.last.N {
			l.last = end
		}
	}
	if err := settle(l.file, filepath.Dir(l.path)); err != nil {
		return failed(err)
	}
	l.size = 0
	return nil
}

// Close closes the log, which may not be used any more.
func (l *Log) Close() error {
	if l.file == nil {
		return nil
	}
	return l.file.Close()
}

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

// endOf is the last line of a file that has its line feed, and where it ends.
func endOf(f *os.File) (end End, size int64, err error) {
	last, size, err := lastLine(f)
	if err != nil {
		return end, 0, failed(err)
	}
	if len(last) > 0 {
		var e Entry
		if json.Unmarshal(last, &e) != nil || e.N < 1 {
			return end, 0, network.Errorf(network.InvalidValue, "the last line of the audit log cannot be read: verify it, move it away, and start again")
		}
		end = End{e.N, hashOf(last)}
	}
	return end, size, nil
}

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
