package edit

import (
	"reflect"

	"github.com/musubi-map/musubi/internal/network"
)

// Row is one record as a file has it.
type Row struct {
	Kind string
	// ID is the record meant; empty: it is found, see [Editor.Upsert].
	ID network.ID
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
	// Faults are what is wrong with the row already.
	Faults network.Errors
}

// ParseRow reads a row as a user gave it: the values are those of
// [network.ParseInput], but a reference may be whatever [Row].Refs takes. null
// empties a field. What is wrong is in Faults.
func ParseRow(kind string, id network.ID, raw map[string]any) Row {
	row := Row{Kind: kind, ID: id, Refs: map[string][]string{}}
	k, rest := network.KindOf(kind), map[string]any{}
	if k == nil {
		return row
	}
	for name, v := range raw {
		f := k.Field(name)
		switch {
		case f == nil || v == nil || targetKinds(f) == nil:
			rest[name] = v
		default:
			texts, ok := textsIn(v)
			if !ok {
				row.Faults = append(row.Faults, network.Errorf(network.InvalidValue, "give a key, an id, a code or a name").At(name))
			}
			row.Refs[name] = texts
		}
	}
	fields, cleared, errs := network.ParseInput(k, rest, true)
	row.Key, _ = fields["importKey"].(string)
	delete(fields, "importKey")
	row.Fields, row.Clear, row.Faults = fields, cleared, append(row.Faults, errs...)
	return row
}

// textsIn are the texts of a list, or one text alone.
func textsIn(v any) ([]string, bool) {
	if text, ok := v.(string); ok {
		return []string{text}, true
	}
	list := reflect.ValueOf(v)
	if list.Kind() != reflect.Slice {
		return nil, false
	}
	out := make([]string, list.Len())
	for i := range out {
		text, ok := list.Index(i).Interface().(string)
		if !ok {
			return nil, false
		}
		out[i] = text
	}
	return out, true
}

// RowError is a fault of one row. The path of Err begins with the field.
type RowError struct {
	Row    int // position among the rows
	Origin any `json:"-"`
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

// RowAction is what becomes of a row.
type RowAction string

// What becomes of rows. Refused is what is at fault, and not written.
const (
	RowCreated   RowAction = "CREATED"
	RowUpdated   RowAction = "UPDATED"
	RowUnchanged RowAction = "UNCHANGED"
	RowRefused   RowAction = "REFUSED"
)

// UpsertOptions say how rows are written.
type UpsertOptions struct {
	// DryRun writes nothing: the report says what would happen.
	DryRun bool
	// ByRow writes the rows that are not at fault; otherwise it is all or nothing.
	ByRow bool
	// Missing lists what came from an earlier import and has no row.
	Missing bool
}

// Report says what an Upsert did, or would do.
type Report struct {
	Created, Updated, Unchanged int
	// Revision is the one made, or, when nothing was written, one that the map had while
	// it was read.
	Revision int64
	// IDs are the records of the rows, by position; empty where a row is at
	// fault. After a dry run those of new rows without a key mean nothing.
	IDs []network.ID
	// Actions are what becomes of the rows, by position.
	Actions []RowAction
	// Before and After are the records of the rows, by position: nil where there
	// was none, and where a row is at fault. They are not kept for a retry.
	Before, After []*network.Record `json:"-"`
	// Missing is only a hint: what is not in the files is never ended.
	Missing []Missing
	// Errors are in the order of the rows.
	Errors []*RowError
}

func newReport(rows int) *Report {
	return &Report{IDs: make([]network.ID, rows), Actions: make([]RowAction, rows), Before: make([]*network.Record, rows), After: make([]*network.Record, rows)}
}
