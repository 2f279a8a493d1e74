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
	args := f.ArgumentMap(op.Variables)
	b, err := newBuilder(op, who, args)
	if err != nil {
		return nil, err
	}
	text, _ := args["text"].(string)
	terms := network.FoldTerms(text)
	if len(terms) == 0 {
		return nil, network.Errorf(network.InvalidValue, "give at least one character to look for").At("text")
	}
	kinds, err := searchKinds(args["kinds"])
	if err != nil {
		return nil, err
	}
	b.terms, b.text = terms, network.Fold(text)
	delete(args, "filter")
	col, write, err := b.connection(f, listOf{element: network.NodeInterface, kinds: kinds, args: args,
		source: store.Source{Op: store.Search, Terms: terms, Text: b.text}})
	if err != nil {
		return nil, err
	}
	col.Ever = true
	return b.plan(col, write), nil
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
func (c *connectionWriter) hitPart(sel ast.SelectionSet) *part {
	fields := graphql.CollectFields(c.b.op, sel, []string{"SearchHit"})
	p := &part{names: true}
	for _, f := range fields {
		if f.Name == "record" {
			p.selections = append(p.selections, f.Selections...)
		}
	}
	type hit struct{ row []any }
	write := c.b.fixed("SearchHit", sel, map[string]func([]byte, any, graphql.CollectedField) []byte{
		"name": func(b []byte, v any, _ graphql.CollectedField) []byte {
			row := v.(hit).row
			return appendScalar(b, row[p.objects[row[0].(string)].names[0]])
		},
		"matched": func(b []byte, v any, _ graphql.CollectedField) []byte {
			row := v.(hit).row
			return appendString(b, c.b.matched(namesIn(row, p.objects[row[0].(string)].names)))
		},
		"kind": func(b []byte, v any, _ graphql.CollectedField) []byte {
			return appendString(b, network.ScreamingName(v.(hit).row[0].(string)))
		},
		"record": func(b []byte, v any, f graphql.CollectedField) []byte {
			return p.write(b, v.(hit).row)
		},
	})
	p.custom = func(b []byte, row []any) []byte { return write(b, hit{row}) }
	return p
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
func (b *builder) matched(names []string) string {
	best, score := "", -1
	for _, n := range names {
		folded := network.Fold(n)
		s := 0
		for _, t := range b.terms {
			if strings.Contains(folded, t) {
				s += 4
			}
		}
		if s > 0 && folded == b.text {
			s += 2
		} else if s > 0 && strings.HasPrefix(folded, b.text) {
			s++
		}
		if s > score {
			best, score = n, s
		}
	}
	return best
}
