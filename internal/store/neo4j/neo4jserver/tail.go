package neo4jserver

import (
	"io"
	"os"
)

// tailBytes is how much of a program's last words an error repeats.
const tailBytes = 4 << 10

// tail passes on what is written to it and keeps the end. It is read only
// after the writing program has ended.
type tail struct {
	also io.Writer
	kept []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.kept = lastBytes(append(t.kept, p...))
	// A reader that went away must not stop the server.
	_, _ = t.also.Write(p)
	return len(p), nil
}

func (t *tail) String() string { return string(t.kept) }

// endOf returns the last lines of a file; nothing when it cannot be read.
func endOf(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	return string(lastBytes(content))
}

func lastBytes(b []byte) []byte {
	return b[max(0, len(b)-tailBytes):]
}
