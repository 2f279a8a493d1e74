package edit

import "github.com/musubi-map/musubi/internal/network"

// Row is one record as a file has it.
type Row struct {
	Kind string
	// Key is the file's own key of the row, kept as importKey; may be empty.
	Key string
	// Fields holds typed values as [network.Record].Fields does, without
	// references. What is not in it is left as it is.
	Fields map[string]any
	// Refs names what Ref, Refs and RecordID fields point to: by the key of a
	// row of this or an earlier import, an ID, a unique code, or a name.
	Refs map[string][]string
	// Clear lists the fields to be emptied.
	Clear []string
	// Origin is the caller's: where the row stands.
	Origin any
}

// RowError is a fault of one row. The path of Err begins with the field.
type RowError struct {
	Row    int // position among the rows
	Origin any
	Err    *network.Error
}

// Error is the message of the fault.
func (e *RowError) Error() string { return e.Err.Error() }

// Unwrap gives the fault to [errors.As].
func (e *RowError) Unwrap() error { return e.Err }

// Missing is a record that came from an import of one of the rows' kinds and
// has no row any more.
type Missing struct {
	ID        network.ID
	Kind, Key string
}

// Report says what an Upsert did, or with dryRun would do.
type Report struct {
	Created, Updated, Unchanged int
	// Revision is the one made, or the one read when nothing was written.
	Revision int64
	// IDs are the records of the rows, by position; empty where a row is at
	// fault. After a dry run those of new rows without a key mean nothing.
	IDs []network.ID
	// Missing is only a hint: what is not in the files is never ended.
	Missing []Missing
	Errors  []*RowError
}
