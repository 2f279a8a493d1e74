package neo4j

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/musubi-map/musubi/internal/network"
)

// listSeparator stands between the values of a list; no text has it, since
// control characters are refused.
const listSeparator = "\x1e"

// sheet is a file of nodes with the same labels or of relationships of one type,
// and its header, which is known when the last row is. A row that ends early has
// nothing in the columns that came later, but for the last one: at the end of the
// file the tool insists on them.
type sheet struct {
	path, option, what string
	identified         bool            // the IDs of its nodes are those that links name
	lines              bool            // some value has several lines
	alone              map[string]bool // lists that are one empty text somewhere
	file               *os.File
	out                *bufio.Writer
	err                error
	columns            []string // their headers
	at                 map[string]int
	row                []string
	width              int // of the row before
}

func newSheet(path, option, what string) *sheet {
	s := &sheet{path: path, option: option, what: what, at: map[string]int{}, alone: map[string]bool{}}
	if s.file, s.err = os.Create(s.data()); s.err == nil {
		s.out = bufio.NewWriterSize(s.file, 1<<18)
	}
	return s
}

func (s *sheet) data() string   { return s.path + ".csv" }
func (s *sheet) header() string { return s.path + "-header.csv" }

// link writes a relationship.
func (s *sheet) link(from, to string, props map[string]any) error {
	if len(s.columns) == 0 {
		s.columns = []string{":START_ID" + idSpace, ":END_ID" + idSpace}
	}
	s.row = append(s.row[:0], quoted(from), quoted(to))
	return s.write(props)
}

// write ends a row with the properties.
func (s *sheet) write(props map[string]any) error {
	for name, v := range props {
		text, typ, err := cell(v)
		if errors.Is(err, errAlone) && historyOf(name) != "" {
			s.alone[name] = true
			continue
		}
		if err != nil {
			return network.Errorf(network.InvalidValue, "%s cannot be imported: %v", name, err).At(name)
		}
		i, known := s.at[name]
		if !known {
			i = len(s.columns)
			if s.at[name] = i; name == "id" && s.identified {
				typ = ":ID" + idSpace
			}
			s.columns = append(s.columns, name+typ)
		}
		for len(s.row) <= i {
			s.row = append(s.row, "")
		}
		s.row[i] = text
		s.lines = s.lines || strings.Contains(text, "\n")
	}
	if s.err != nil {
		return s.err
	}
	if s.width > 0 {
		_ = s.out.WriteByte('\n') // an error comes again from the next write
	}
	for i, text := range s.row {
		if i > 0 {
			_ = s.out.WriteByte(',')
		}
		_, s.err = s.out.WriteString(text)
	}
	s.row, s.width = s.row[:0], len(s.row)
	return s.err
}

func (s *sheet) close() error {
	if s.file == nil {
		return s.err
	}
	_, err := s.out.WriteString(strings.Repeat(",", len(s.columns)-s.width) + "\n")
	return errors.Join(s.err, err, s.out.Flush(), s.file.Close(), os.WriteFile(s.header(), []byte(strings.Join(s.columns, ",")+"\n"), 0o600))
}

// cell is a property as the tool reads it, with the type for the header.
func cell(v any) (text, typ string, err error) {
	switch v := v.(type) {
	case string:
		return quoted(v), "", nil
	case int64:
		return strconv.FormatInt(v, 10), ":long", nil
	case bool:
		return strconv.FormatBool(v), ":boolean", nil
	case driver.Date:
		return v.String(), ":date", nil
	case []any:
		return listCell(v)
	}
	return "", "", fmt.Errorf("a %T", v)
}

// errAlone is said of the list that the tool cannot tell from an empty one.
var errAlone = errors.New("a list of one empty text")

// historyOf is the history that the list is a part of, beside its values; "" when
// it is of none.
func historyOf(property string) string {
	for _, suffix := range []string{extraFoldSuffix, extraSuffix, noteSuffix, fromTextSuffix, untilTextSuffix} {
		if h, is := strings.CutSuffix(property, suffix); is {
			return h
		}
	}
	return ""
}

func listCell(list []any) (text, typ string, err error) {
	parts := make([]string, len(list))
	for i, v := range list {
		switch v := v.(type) {
		case string:
			parts[i], typ = v, ":string[]"
		case driver.Date:
			parts[i], typ = v.String(), ":date[]"
		default:
			return "", "", fmt.Errorf("a list of %T", v)
		}
	}
	switch {
	case len(parts) == 0:
		return "", "", errors.New("an empty list")
	case len(parts) == 1 && parts[0] == "":
		return "", "", errAlone
	}
	return quoted(strings.Join(parts, listSeparator)), typ, nil
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
