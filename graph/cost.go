package graph

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/graph/plan"
)

// What a field is taken for where the query does not say it.
const (
	listSize     = 10  // elements of a list that has no first or limit
	computedCost = 500 // records that a computed root field reads
)

// computedFields are the root fields that read a whole network.
var computedFields = map[string]bool{
	"network": true, "networkDiff": true, "dependence": true, "whatIf": true, "coverage": true, "suggestedTies": true,
	"neighborhood": true, "introductions": true, "whoToAsk": true, "matchConsultants": true, "matchClients": true,
	"interlocks": true, "roleCoverage": true, "continuityRisks": true, "topicBalance": true, "roleMap": true, "roleMapDiff": true,
	"stakeholderCounts": true, "tieCounts": true, "duplicateCandidates": true,
}

// costStat is where the cost of an operation waits until it is answered.
const costStat = "Cost"

// cost is what an operation could return, in records, and what it may.
type cost struct {
	Requested int64 `json:"requested"`
	Allowed   int64 `json:"allowed"`
}

// costOf is the cost of an operation; false when it was not counted, because it is
// not valid.
func costOf(op *graphql.OperationContext) (cost, bool) {
	c, counted := op.Stats.GetExtension(costStat).(cost)
	return c, counted
}

// prices counts what operations could return: one for each record and each element
// of a list, times the sizes of the pages around it. Introspection is free; its
// own rules bound it. A field that is skipped counts.
type prices struct{ records map[string]bool }

func newPrices(schema *ast.Schema) *prices {
	p := &prices{records: map[string]bool{"Node": true}}
	for name, t := range schema.Types {
		for _, i := range t.Interfaces {
			if i == "Node" {
				p.records[name] = true
			}
		}
	}
	return p
}

// tally counts one operation.
type tally struct {
	*prices
	doc       *ast.QueryDocument
	variables map[string]any
	fragments map[spread]price
	members   map[string]int64 // of the values of variables
}

// price is what is counted of a selection set: the records that it could return,
// and the conditions that its arguments have.
type price struct{ records, conditions int64 }

func (p price) plus(o price) price {
	return price{plus(p.records, o.records), plus(p.conditions, o.conditions)}
}

// spread is a fragment in a place: right below a page its lists count once.
type spread struct {
	name  string
	paged bool
}

// of gives the cost of a valid operation, at most a constant over all limits. Each
// fragment is counted once.
func (p *prices) of(op *graphql.OperationContext) price {
	t := tally{prices: p, doc: op.Doc, variables: op.Variables}
	return t.selections(op.Operation.SelectionSet, false)
}

// selections counts a set; paged says that it lies right below a field with a page
// size, whose lists hold what the page counts.
func (t *tally) selections(set ast.SelectionSet, paged bool) price {
	var total price
	for _, s := range set {
		switch x := s.(type) {
		case *ast.Field:
			total = total.plus(t.field(x, paged))
		case *ast.InlineFragment:
			total = total.plus(t.selections(x.SelectionSet, paged))
		case *ast.FragmentSpread:
			total = total.plus(t.fragment(spread{x.Name, paged}))
		}
	}
	return total
}

func (t *tally) fragment(s spread) price {
	if c, counted := t.fragments[s]; counted {
		return c
	}
	f := t.doc.Fragments.ForName(s.name)
	if f == nil {
		return price{}
	}
	c := t.selections(f.SelectionSet, s.paged)
	if t.fragments == nil {
		t.fragments = map[spread]price{}
	}
	t.fragments[s] = c
	return c
}

func (t *tally) field(f *ast.Field, paged bool) price {
	var conditions int64
	for _, a := range f.Arguments {
		conditions = plus(conditions, t.conditions(a.Value))
	}
	if len(f.SelectionSet) == 0 || f.Definition == nil || strings.HasPrefix(f.Name, "__") {
		return price{conditions: conditions}
	}
	n, sized := t.size(f)
	list := f.Definition.Type.Elem != nil
	if list && !sized {
		if n = listSize; paged {
			n = 1
		}
	}
	each := t.selections(f.SelectionSet, sized && !list)
	if t.records[f.Definition.Type.Name()] || list && f.Name != "edges" || f.Name == "node" {
		each.records = plus(each.records, 1)
	}
	total := price{times(n, each.records), plus(each.conditions, conditions)}
	if computedFields[f.Name] && f.ObjectDefinition != nil && f.ObjectDefinition.Name == "Query" {
		total.records = plus(total.records, computedCost)
	}
	return total
}

// size is how many a field returns: what first, last, limit or ids say.
func (t *tally) size(f *ast.Field) (n int64, sized bool) {
	for _, a := range f.Definition.Arguments {
		switch a.Name {
		case "first", "last", "limit":
			sized = true
			if n, given := t.number(f.Arguments.ForName(a.Name), a.DefaultValue); given {
				return n, true
			}
		case "ids":
			if v := f.Arguments.ForName(a.Name); v != nil {
				return t.length(v.Value), true
			}
		}
	}
	if sized {
		return plan.DefaultFirst, true
	}
	return 1, false
}

// conditions counts the members of the objects in a value.
func (t *tally) conditions(v *ast.Value) (n int64) {
	switch v.Kind {
	case ast.Variable:
		return t.variable(v.Raw)
	case ast.ObjectValue:
		n = int64(len(v.Children))
	}
	for _, c := range v.Children {
		n += t.conditions(c.Value)
	}
	return n
}

func (t *tally) variable(name string) int64 {
	switch t.variables[name].(type) {
	case map[string]any, []any:
	default:
		return 0
	}
	n, known := t.members[name]
	if !known {
		if n = membersOf(t.variables[name]); t.members == nil {
			t.members = map[string]int64{}
		}
		t.members[name] = n
	}
	return n
}

func membersOf(v any) (n int64) {
	switch x := v.(type) {
	case map[string]any:
		n = int64(len(x))
		for _, item := range x {
			n += membersOf(item)
		}
	case []any:
		for _, item := range x {
			n += membersOf(item)
		}
	}
	return n
}

func (t *tally) number(given *ast.Argument, usual *ast.Value) (int64, bool) {
	v := usual
	if given != nil {
		v = given.Value
	}
	if v == nil {
		return 0, false
	}
	value, err := v.Value(t.variables)
	if err != nil || value == nil {
		return 0, false
	}
	n, ok := plan.WholeNumber(value)
	return min(max(n, 0), most), ok
}

func (t *tally) length(v *ast.Value) int64 {
	value, _ := v.Value(t.variables)
	if list, ok := value.([]any); ok {
		return int64(len(list))
	}
	return 1
}

func plus(a, b int64) int64 { return min(a+b, most) }

// times needs factors of at most most.
func times(a, b int64) int64 {
	if b != 0 && a > most/b {
		return most
	}
	return a * b
}
