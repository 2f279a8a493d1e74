// Package sqlite is the embedded store: the memory engine over one SQLite file.
//
// Everything is read into memory at open and answered from there; a write is
// acknowledged once it is on the disk. The file is open to people with sqlite3
// at any time: there is a view for each kind ("School", "Tie"), and the tables
// records and changes behind them. Do not write to it while a store has it open.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// Options of a store. The zero value is good.
type Options struct {
	// BusyTimeout is for how many milliseconds a write waits while somebody
	// else writes to the file, with sqlite3 for instance; 0: 5000.
	BusyTimeout int
}

const defaultBusyTimeout = 5000

// Store is a file and its map in memory. Make it with [Open].
type Store struct {
	*memory.Store
	*TokenFile
	file   *file
	unlock func()
}

var _ store.Store = (*Store)(nil)

// Open opens the file at path, which is made when it is missing, and reads it.
// One store at a time has a file: the error for a second one, in this process
// or another, is Unavailable and says so. A file of a newer schema is refused.
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	path, err := realFile(path)
	if err != nil {
		return nil, err
	}
	unlock, err := lock(path + ".lock")
	if err != nil {
		return nil, err
	}
	s, err := open(ctx, path, o)
	if err != nil {
		unlock()
		return nil, err
	}
	s.unlock = unlock
	return s, nil
}

func open(ctx context.Context, path string, o Options) (*Store, error) {
	db, err := connect(path, o)
	if err != nil {
		return nil, err
	}
	f := &file{db: db, path: path}
	s := &Store{Store: memory.New(memory.Options{Log: f}), file: f}
	if err := f.setUp(ctx); err != nil {
		return nil, closing(db, err)
	}
	if err := s.load(ctx); err != nil {
		return nil, closing(db, err)
	}
	if f.places, err = remember(path); err != nil {
		return nil, closing(db, err)
	}
	if s.TokenFile, err = tokensIn(path, o); err != nil {
		return nil, closing(db, err)
	}
	if due, err := f.meta(ctx, metaScrub); err == nil && due != 0 {
		_, _ = s.Scrub(ctx) // it was broken off; where it cannot be done now, an erasure says so
	}
	return s, nil
}

func closing(db *sql.DB, err error) error {
	_ = db.Close()
	return err
}

// connect makes the one connection. What stands in the DSN is set on it again
// should database/sql ever replace it; the driver sets busy_timeout first.
func connect(path string, o Options) (*sql.DB, error) {
	if o.BusyTimeout == 0 {
		o.BusyTimeout = defaultBusyTimeout
	}
	settings := url.Values{"_txlock": {"immediate"}, "_pragma": {
		fmt.Sprintf("busy_timeout(%d)", o.BusyTimeout), "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}}
	db, err := sql.Open("sqlite", "file:"+escape(path)+"?"+settings.Encode())
	if err != nil {
		return nil, fmt.Errorf("sqlite: open %s: %w", path, err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// escape keeps a path from being read as more of a URI.
func escape(path string) string {
	return strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
}

// realFile is the path of the file itself, so that two names of one file share
// a lock. A missing file is made, readable by its owner only: it will hold
// personal data. A file that is there is not opened: closing it would drop the
// locks that SQLite may have on it in this process.
func realFile(path string) (string, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		var f *os.File
		if f, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600); err == nil {
			err = f.Close()
		} else if errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return "", network.Errorf(network.Unavailable, "the data file cannot be opened: %v", err)
	}
	return path, nil
}

// Head is the revision of the last commit. It fails with Unavailable when the
// file is no longer where it was, or must be opened anew.
func (s *Store) Head(ctx context.Context) (int64, error) {
	if s.file.broken.Load() {
		return 0, s.file.errBroken()
	}
	if err := s.file.places.check(); err != nil {
		return 0, err
	}
	return s.Store.Head(ctx)
}

// Wait blocks until a revision above after is committed. It fails with
// Unavailable when nothing more can be written to the file.
func (s *Store) Wait(ctx context.Context, after int64) (int64, error) {
	if s.file.broken.Load() {
		return 0, s.file.errBroken()
	}
	return s.Store.Wait(ctx, after)
}

// Close closes the file and lets others open it.
func (s *Store) Close(context.Context) error {
	defer s.unlock()
	if err := errors.Join(s.db.Close(), s.file.db.Close()); err != nil {
		return fmt.Errorf("sqlite: close: %w", err)
	}
	return nil
}

// file is the log of the memory engine.
type file struct {
	db   *sql.DB
	path string
	// places are the files that were opened.
	places places
	// broken is set when nobody knows whether a commit is in the file: memory
	// and file may differ, so nothing more is written until it is opened anew.
	broken atomic.Bool
}

func (f *file) errBroken() error {
	return network.Errorf(network.Unavailable, "a write to the data file failed in the middle; restart to read it anew")
}
