package sqlite

import (
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/musubi-map/musubi/internal/network"
)

// unwritten is what the user hears of a write that the file did not take.
func unwritten(err error) *network.Error {
	return network.Errorf(network.Unavailable, "nothing was written: %s", remedy(err))
}

// unopened is what the user hears of a file that cannot be opened.
func unopened(path string, err error) *network.Error {
	return network.Errorf(network.Unavailable, "the data file %s cannot be opened: %s", path, remedy(err))
}

// primary is the part of a result code of SQLite that says its class.
const primary = 0xff

// remedy says what is wrong and what to do. The code of SQLite decides, never its
// text.
func remedy(err error) string {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	switch e.Code() & primary {
	case sqlite3.SQLITE_FULL:
		return "the disk is full; free some space and try again"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return "this program may not write to the data file; give it the right to, also in the directory"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "another program is writing to the data file; end it, or try again"
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return "the data file is damaged; put a backup in its place"
	}
	return err.Error()
}
