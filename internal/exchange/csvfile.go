package exchange

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/musubi-map/musubi/internal/network"
)

// maxFaults is how many faults are collected before reading gives up.
const maxFaults = 1000

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

// ReadCSV reads a nodes or a connections file; name is for messages. It goes on
// after a fault, to report as many as it can: with faults the rows are those
// without. r is read to its end; how much that may be is for the caller to
// limit.
func ReadCSV(name string, r io.Reader) ([]Row, []*Fault) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, []*Fault{{File: name, Err: network.Errorf(network.Internal, "it cannot be read: %v", err)}}
	}
	data = bytes.TrimPrefix(data, []byte("\uFEFF"))
	if !utf8.Valid(data) {
		return nil, []*Fault{{File: name, Err: network.Errorf(network.InvalidValue, "it is not UTF-8; save it as “CSV UTF-8”")}}
	}
	c := csv.NewReader(bytes.NewReader(data))
	c.FieldsPerRecord = -1
	f := &csvFile{name: name}
	for len(f.faults) < maxFaults {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			f.fault(syntaxLine(err), "", network.Errorf(network.InvalidValue, `a quotation mark is out of place: put the cell between " and write "" for one inside`))
			break
		}
		line, _ := c.FieldPos(0)
		f.record(line, cells)
	}
	if f.headers == nil && len(f.faults) == 0 {
		f.fault(0, "", network.Errorf(network.Required, "it is empty; the first line names the columns"))
	}
	return f.rows, f.faults
}

func syntaxLine(err error) int {
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		return syntax.StartLine
	}
	return 0
}

// csvFile is a file being read.
type csvFile struct {
	name    string
	headers []string // nil before the first line
	folded  []string
	ties    bool                         // a connections file
	columns map[string]map[string]string // by kind: field → header
	rows    []Row
	faults  []*Fault
}

func (f *csvFile) fault(line int, column string, err *network.Error) {
	f.faults = append(f.faults, &Fault{f.name, line, column, err})
}

func (f *csvFile) record(line int, cells []string) {
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	switch {
	case !slices.ContainsFunc(cells, func(s string) bool { return s != "" }):
	case f.headers == nil:
		f.header(line, cells)
	case f.columns != nil:
		f.row(line, cells)
	}
}

// header reads the first line. With a fault in it no row is read: each would
// have the same.
func (f *csvFile) header(line int, cells []string) {
	f.headers = cells
	for i, h := range cells {
		f.folded = append(f.folded, network.Fold(h))
		if h != "" && slices.Index(f.folded, f.folded[i]) < i {
			f.fault(line, h, network.Errorf(network.Duplicate, "there are two columns of this name"))
		}
	}
	f.ties = slices.Contains(f.folded, "from") && slices.Contains(f.folded, "to")
	if !slices.Contains(f.folded, "type") {
		f.fault(line, "", network.Errorf(network.Required, "there is no column Type; a nodes file has ID, Type and Label, a connections file From, To and Type"))
	}
	for i, h := range cells {
		if h != "" && !f.known(f.folded[i]) {
			f.fault(line, h, network.Errorf(network.UnknownField, "no kind of record has a column of this name; correct it or take it out"))
		}
	}
	if len(f.faults) == 0 {
		f.columns = map[string]map[string]string{}
	}
}

// known tells whether the column means something in this sort of file.
func (f *csvFile) known(header string) bool {
	if f.ties {
		return layouts[network.TieRecord][header] != nil
	}
	for kind, l := range layouts {
		if kind != network.TieRecord && l[header] != nil {
			return true
		}
	}
	return false
}

func (f *csvFile) row(line int, cells []string) {
	before := len(f.faults)
	k := f.kind(line, cells)
	if k == nil {
		return
	}
	row := Row{Kind: k.Name, Fields: map[string]any{}, Refs: map[string][]string{}, Origin: Origin{f.name, line, f.columnsOf(k)}}
	for i, s := range cells {
		if i >= len(f.headers) || f.headers[i] == "" {
			if s != "" {
				f.fault(line, "", network.Errorf(network.UnknownField, "a cell has no column; if it has a comma, put it between quotation marks"))
			}
			continue
		}
		if s != "" {
			if err := row.cell(layouts[k.Name][f.folded[i]], s); err != nil {
				f.fault(line, f.headers[i], err)
			}
		}
	}
	if row.Key == "" {
		if err := row.makeKey(k); err != nil {
			f.fault(line, "ID", err)
		}
	}
	if len(f.faults) == before {
		f.rows = append(f.rows, row)
	}
}

// kind is the kind of a row, nil with a fault.
func (f *csvFile) kind(line int, cells []string) *network.Kind {
	if f.ties {
		return network.TieKindRecord()
	}
	i := slices.Index(f.folded, "type")
	switch {
	case i >= len(cells) || cells[i] == "":
		f.fault(line, f.headers[i], network.Errorf(network.Required, "the row needs a Type"))
		return nil
	case kindNamed(cells[i]) == nil || kindNamed(cells[i]) == network.TieKindRecord():
		f.fault(line, f.headers[i], network.Errorf(network.InvalidValue, "it is no kind of record; use a kind of the registry, as School or 学校; ties stand in a file with From and To"))
		return nil
	}
	return kindNamed(cells[i])
}

// columnsOf maps the fields of a kind to the headers of this file.
func (f *csvFile) columnsOf(k *network.Kind) map[string]string {
	if m := f.columns[k.Name]; m != nil {
		return m
	}
	m := map[string]string{"importKey": "ID"}
	for i, h := range f.folded {
		if c := layouts[k.Name][h]; c != nil && c.Field != nil {
			m[c.Field.Name] = f.headers[i]
		}
	}
	f.columns[k.Name] = m
	return m
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
	case f.IsRef() || f.Type == network.RecordID:
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
	if strings.ContainsAny(s, "_.|\n") {
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
