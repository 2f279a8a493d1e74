package plan

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Search plans the root field search.
func Search(op *graphql.OperationContext, f graphql.CollectedField, who Asker) (*Planned, error) {
	fr, err := newFrame(op, f, who)
	if err != nil {
		return nil, err
	}
	text, _ := fr.args["text"].(string)
	if fr.terms = network.FoldTerms(text); len(fr.terms) == 0 {
		return nil, network.Errorf(network.InvalidValue, "give at least one character to look for").At("text")
	}
	fr.text = network.Fold(text)
	kinds, err := searchKinds(fr.args["kinds"])
	if err != nil {
		return nil, err
	}
	t, err := templateFor(op, f, who, kindNames(kinds), func(c *compiler) (*list, writer, error) {
		return c.connection(f, listOf{element: network.NodeInterface, kinds: kinds, source: store.Source{Op: store.Search}, ever: true})
	})
	if err != nil {
		return nil, err
	}
	return t.run(fr, func(col *store.Collection) error {
		col.Source.Terms, col.Source.Text = fr.terms, fr.text
		return nil
	})
}

func kindNames(kinds []*network.Kind) string {
	var out strings.Builder
	for _, k := range kinds {
		out.WriteString(k.Name)
		out.WriteByte(' ')
	}
	return out.String()
}

// searchKinds are the kinds asked for, or all that have a name.
func searchKinds(raw any) ([]*network.Kind, error) {
	asked := map[string]bool{}
	for _, s := range stringsOf(raw) {
		k := network.KindByScreamingName(s)
		if k == nil || k.Field("name") == nil {
			return nil, network.Errorf(network.InvalidValue, "records of the kind %s have no name to search", s).At("kinds")
		}
		asked[k.Name] = true
	}
	var out []*network.Kind
	for _, k := range network.Kinds() {
		if k.Named() && (len(asked) == 0 || asked[k.Name]) {
			out = append(out, k)
		}
	}
	return out, nil
}

// hitPart shows a row of a search as a SearchHit.
func (c *connectionWriter) hitPart(set ast.SelectionSet) *part {
	p := &part{names: true}
	for _, f := range c.c.collect(set, "SearchHit") {
		if f.Name == "record" {
			p.selections = append(p.selections, f.Selections...)
		}
	}
	write := c.c.fixed("SearchHit", set, p.hitField)
	p.custom = func(fr *frame, b []byte, row []any) []byte { return write(fr, b, row) }
	return p
}

// hitField writes a field of a SearchHit.
func (p *part) hitField(f graphql.CollectedField) writer {
	names := func(row []any) []int { return p.objects[row[0].(string)].names }
	switch f.Name {
	case "name":
		return func(_ *frame, b []byte, v any) []byte { row := v.([]any); return appendScalar(b, row[names(row)[0]]) }
	case "matched":
		return func(fr *frame, b []byte, v any) []byte {
			row := v.([]any)
			return appendString(b, fr.matched(namesIn(row, names(row))))
		}
	case "kind":
		return func(_ *frame, b []byte, v any) []byte {
			return appendString(b, network.ScreamingName(v.([]any)[0].(string)))
		}
	default:
		return p.write
	}
}

// namesIn lists every name in the columns: strings, lists of them, histories.
func namesIn(row []any, columns []int) []string {
	var out []string
	var add func(v any)
	add = func(v any) {
		switch x := v.(type) {
		case string:
			out = append(out, x)
		case []any:
			if len(x) == 5 {
				if _, history := x[4].(string); history || x[4] == nil {
					add(x[0])
					add(x[1])
					return
				}
			}
			for _, item := range x {
				add(item)
			}
		}
	}
	for _, c := range columns {
		add(row[c])
	}
	return out
}

// matched is the first name that is the text, else begins with it, else holds
// most of the terms.
func (fr *frame) matched(names []string) string {
	best, score := "", -1
	for _, n := range names {
		folded := network.Fold(n)
		s := 0
		for _, t := range fr.terms {
			if strings.Contains(folded, t) {
				s += 4
			}
		}
		if s > 0 && folded == fr.text {
			s += 2
		} else if s > 0 && strings.HasPrefix(folded, fr.text) {
			s++
		}
		if s > score {
			best, score = n, s
		}
	}
	return best
}
