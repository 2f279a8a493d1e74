package exchange

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/musubi-map/musubi/internal/network"
)

// Row is one record as a file has it, its values typed and its references not
// yet resolved. See the type of the same name in internal/edit.
type Row struct {
	Kind   string
	Key    string
	Fields map[string]any
	Refs   map[string][]string
	Clear  []string
	Origin Origin
}

// Origin says where a row stands.
type Origin struct {
	File    string
	Line    int // of the file, from 1
	columns map[string]string
}

// Column is the header of the column that holds the field, "" when the file
// has none.
func (o Origin) Column(field string) string { return o.columns[field] }

// Fault is what is wrong at a place of a file.
type Fault struct {
	File   string
	Line   int    // from 1; 0: the file as a whole
	Column string // the header; "": the row as a whole
	Err    *network.Error
}

// Error is "file:line: column: message".
func (f *Fault) Error() string {
	s := f.File + ": "
	if f.Line > 0 {
		s = fmt.Sprintf("%s:%d: ", f.File, f.Line)
	}
	if f.Column != "" {
		s += f.Column + ": "
	}
	return s + f.Err.Message
}

// Unwrap gives the error with its code to [errors.As].
func (f *Fault) Unwrap() error { return f.Err }

// Fault is a fault of the row, for what is found after reading: the field at
// fault begins the path of err.
func (o Origin) Fault(err *network.Error) *Fault {
	f := &Fault{File: o.File, Line: o.Line, Err: err}
	if len(err.Path) > 0 {
		f.Column = o.Column(err.Path[0])
		if f.Column == "" {
			f.Column = err.Path[0]
		}
	}
	return f
}

// cell takes a cell that is not empty into the row; c is nil when the kind has
// no such column.
func (row *Row) cell(c *Column, s string) *network.Error {
	switch {
	case c == nil:
		return network.Errorf(network.UnknownField, "%s has no such field; leave the cell empty", row.Kind)
	case c.Field == nil && c.Header == "ID":
		return row.setKey(s)
	case c.Field == nil:
		return nil
	}
	f := c.Field
	switch {
	case s == "-":
		row.Clear = append(row.Clear, f.Name)
	case f.Type == network.Refs:
		row.Refs[f.Name] = split(s)
	case f.Leads():
		row.Refs[f.Name] = []string{s}
	default:
		v, err := parseCell(f, s)
		if err != nil {
			return err
		}
		if v != nil {
			row.Fields[f.Name] = v
		}
	}
	return nil
}

func (row *Row) setKey(s string) *network.Error {
	if s == "-" || strings.ContainsAny(s, "_.|\n") {
		return network.Errorf(network.InvalidValue, "an ID has neither _ nor . nor |; use a hyphen")
	}
	key, err := network.CleanText(s, maxKey)
	if err != nil {
		return network.Errorf(network.InvalidValue, "an ID has at most %d characters and no control characters", maxKey)
	}
	row.Key = key
	return nil
}

// maxKey is the longest key, in characters.
const maxKey = 200

// makeKey gives a row of a kind without a name a key made of what makes it
// itself. No ID of a file looks like it: those have no "|".
func (row *Row) makeKey(k *network.Kind) *network.Error {
	if k.Named() {
		return nil
	}
	fields := naturalKeys[k.Name]
	if fields == nil {
		return network.Errorf(network.Required, "a %s needs an ID", k.Name)
	}
	var parts []string
	for _, name := range fields {
		parts = append(parts, row.keyPart(name))
	}
	if t := network.TieKindOf(row.keyPart("kind")); k.Name == network.TieRecord && t != nil && t.Mutual && parts[0] > parts[2] {
		parts[0], parts[2] = parts[2], parts[0]
	}
	row.Key = strings.Join(parts, "|")
	if k.Name != network.TieRecord {
		row.Key = k.Name + "|" + row.Key
	}
	if utf8.RuneCountInString(row.Key) > maxKey {
		sum := sha256.Sum256([]byte(row.Key))
		row.Key = k.Name + "|" + hex.EncodeToString(sum[:16])
	}
	return nil
}

func (row *Row) keyPart(field string) string {
	if refs := row.Refs[field]; len(refs) > 0 {
		return refs[0]
	}
	switch v := row.Fields[field].(type) {
	case string:
		return v
	case network.PartialDate:
		return v.Text()
	}
	return ""
}
