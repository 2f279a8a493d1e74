package sqlite

import (
	"os"

	"github.com/musubi-map/musubi/internal/network"
)

// places remembers which files stand at the paths of a data file and its log.
// Whoever deletes or replaces one of them while it is open leaves SQLite writing
// to a file that nobody will find again.
type places map[string]os.FileInfo

// remember notes the files as they are.
func remember(path string) (places, error) {
	p := places{}
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			return nil, network.Errorf(network.Unavailable, "the data file cannot be found: %v", err)
		}
		p[name] = info
	}
	return p, nil
}

// check tells whether they are still there.
func (p places) check() *network.Error {
	for name, was := range p {
		if now, err := os.Stat(name); err != nil || !os.SameFile(was, now) {
			return network.Errorf(network.Unavailable, "the data file was deleted or replaced while it was open (%s): stop, put it back, start again; nothing more is written", name)
		}
	}
	return nil
}
