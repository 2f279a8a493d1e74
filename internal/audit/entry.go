package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/musubi-map/musubi/internal/network"
)

// What was done.
const (
	Read  = "READ"
	Write = "WRITE"
	// Copy is of the whole map with its history: out of a store, or into one.
	Copy = "COPY"
)

// Entry is one line of the log.
type Entry struct {
	// N counts the lines from 1.
	N  int64     `json:"n"`
	At time.Time `json:"at"` // in UTC
	// What is Read, Write or Copy.
	What string `json:"what"`
	// Actor is who did it: an opaque id, as in the log of changes.
	Actor string `json:"actor"`
	// Request is the id of the request, as it stands in the log of the server.
	Request string `json:"request,omitempty"`
	// Command is the one of the command line that did it.
	Command string `json:"command,omitempty"`
	// Revision is the one that was made, or read.
	Revision int64 `json:"revision"`
	// Records are those that were written, or of which personal fields were shown.
	Records []Record `json:"records,omitempty"`
	// Asked are personal fields by which was filtered, sorted or grouped.
	Asked []string `json:"asked,omitempty"`
	// Prev is the SHA-256 of the line before, without its line feed, in
	// hexadecimal; empty in the first.
	Prev string `json:"prev"`
}

// Record is a record of which fields were read, or that was written.
type Record struct {
	ID     network.ID `json:"id"`
	Action string     `json:"action,omitempty"` // of a write
	// Fields are the names of those that were shown, or that the write changed.
	Fields []string `json:"fields,omitempty"`
}

// hashOf is what the next line has as Prev.
func hashOf(line []byte) string {
	sum := sha256.Sum256(line)
	return hex.EncodeToString(sum[:])
}
