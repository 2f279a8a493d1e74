package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/musubi-map/musubi/internal/network"
)

// maxColumns is more than all kinds have together.
const maxColumns = 500

// maxFaults is how many faults are collected before reading gives up.
const maxFaults = 1000

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
	if len(cells) > maxColumns {
		f.fault(line, "", network.Errorf(network.TooLarge, "there are %d columns; at most %d are read", len(cells), maxColumns))
		return
	}
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
	if i >= len(cells) || cells[i] == "" {
		f.fault(line, f.headers[i], network.Errorf(network.Required, "the row needs a Type"))
		return nil
	}
	k := kindNames[network.Fold(cells[i])]
	if k == nil {
		f.fault(line, f.headers[i], network.Errorf(network.InvalidValue, "it is no kind of record; use a kind of the registry, as School or 学校; ties stand in a file with From and To"))
	}
	return k
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
