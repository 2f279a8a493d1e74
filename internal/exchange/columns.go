package exchange

import (
	"slices"
	"strings"
	"unicode"

	"github.com/musubi-map/musubi/internal/network"
)

// Column is a column of a CSV file.
type Column struct {
	// Header is the name the column is written with; Also are others it is read
	// with.
	Header string
	Also   []string
	// Field is the field of the kind; "" for ID and Type.
	Field    *network.Field
	Required bool
	Doc      string
}

// Columns lists the columns a row of the kind may have, in the order a file
// has them: a nodes file, or for "Tie" a connections file. It is nil for a kind
// that is not imported.
func Columns(kind string) []Column {
	k := network.KindOf(kind)
	if k == nil || !k.Entered() {
		return nil
	}
	return columnsOf(k)
}

// special are the fields with a header of their own.
var special = map[string]struct{ header, doc string }{
	"name":  {"Label", "The name."},
	"from":  {"Start", "The first day, month, year or fiscal year it holds."},
	"until": {"End", "The last day, month, year or fiscal year it holds."},
}

// tieSpecial are those of a connections file.
var tieSpecial = map[string]struct{ header, doc string }{
	"subject": {"From", "The stakeholder it starts from."},
	"object":  {"To", "The stakeholder it leads to."},
	"kind":    {"Type", "The kind of tie."},
}

func columnsOf(k *network.Kind) []Column {
	out := []Column{{Header: "ID", Doc: "The file's own key of the row, without _ . and |."}}
	if k.Name != network.TieRecord {
		out = append(out, Column{Header: "Type", Required: true, Doc: "The kind: " + k.Name + " or " + k.JA + "."})
	}
	for _, f := range k.Fields {
		if f.System || f.Name == "importKey" {
			continue
		}
		out = append(out, columnOf(k, f))
	}
	slices.SortStableFunc(out, func(a, b Column) int { return rank(a.Header) - rank(b.Header) })
	return out
}

// leading are the headers that stand first.
var leading = []string{"ID", "From", "To", "Type", "Label"}

func rank(header string) int {
	if i := slices.Index(leading, header); i >= 0 {
		return i
	}
	return len(leading)
}

func columnOf(k *network.Kind, f *network.Field) Column {
	c := Column{Header: words(f.Name), Field: f, Required: f.Required, Doc: f.Doc}
	own, ok := special[f.Name]
	if k.Name == network.TieRecord && !ok {
		own, ok = tieSpecial[f.Name]
	}
	switch {
	case ok:
		c.Header, c.Doc = own.header, own.doc
		c.Also = []string{f.JA}
	default:
		c.Also = []string{f.Name, f.JA}
	}
	switch f.Name {
	case "topics":
		c.Also = append(c.Also, "Tags")
	case "name":
		c.Also = append(c.Also, "Name")
	}
	return c
}

// words writes a field name in words: nameKana is "Name Kana".
func words(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i == 0 {
			r = unicode.ToUpper(r)
		} else if unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// layout is how the headers of a file are read, for one kind.
type layout map[string]*Column

var layouts = makeLayouts()

func makeLayouts() map[string]layout {
	out := map[string]layout{}
	for _, k := range network.Kinds() {
		if !k.Entered() {
			continue
		}
		l := layout{}
		columns := columnsOf(k)
		for i := range columns {
			for _, name := range append(columns[i].Also, columns[i].Header) {
				l[network.Fold(name)] = &columns[i]
			}
		}
		out[k.Name] = l
	}
	return out
}

// kindNames reads the Type of a nodes file, folded: the kind's name, the same
// in words, or its Japanese term.
var kindNames = makeKindNames()

func makeKindNames() map[string]*network.Kind {
	out := map[string]*network.Kind{}
	for _, k := range network.Kinds() {
		if !k.Entered() || k == network.TieKindRecord() {
			continue
		}
		for _, name := range []string{k.Name, words(k.Name), k.JA} {
			out[network.Fold(name)] = k
		}
	}
	return out
}

// naturalKeys are the fields that make a record of a kind without a name
// itself, in the order in which a key is made of them.
var naturalKeys = map[string][]string{
	network.TieRecord: {"subject", "kind", "object", "from"},
	"Occupancy":       {"person", "post", "from"},
	"RoleAssignment":  {"holder", "responsibility", "activity", "function", "initiative", "from"},
	"Need":            {"stakeholder", "topic", "from"},
	"Offer":           {"stakeholder", "topic", "from"},
	"Claim":           {"record", "field", "source", "date"},
	"Reorganization":  {"reorganizationType", "originals", "results", "date"},
}
