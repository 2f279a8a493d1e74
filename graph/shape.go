package graph

import (
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"
)

// most is where counts stop growing.
const most = int64(1) << 40

// shape is how large a document is. It is measured in steps bounded by the text:
// each fragment once, and counts saturate.
type shape struct {
	tokens, fragments, directives int64
	width                         int64 // of the widest selection set as written
	expanded                      int64 // selections of all operations, fragments written out
	repeats                       int64
	deepest, values               size // of operations; of values
	cyclic, mutates               bool // it has a cycle of fragments; a mutation
}

// size is that of a selection set with its fragments written out, or of a value.
type size struct {
	depth, all, aliases int64
	top, schemas        int64 // fields of the set itself; those named __schema below it
	list, text          int64 // the longest of a value
}

func (s *size) largest(o size) {
	s.depth, s.all, s.aliases = max(s.depth, o.depth), max(s.all, o.all), max(s.aliases, o.aliases)
	s.top, s.schemas = max(s.top, o.top), max(s.schemas, o.schemas)
	s.list, s.text = max(s.list, o.list), max(s.text, o.text)
}

func (s *size) add(o size) {
	s.depth = max(s.depth, o.depth)
	s.all, s.aliases = min(s.all+o.all, most), min(s.aliases+o.aliases, most)
	s.top, s.schemas = min(s.top+o.top, most), min(s.schemas+o.schemas, most)
}

type measure struct {
	doc       *ast.QueryDocument
	fragments map[string]*size // nil while one is being measured
	shape     shape
}

// shapeOf measures a document. The pairs of repeated fields, which take a step for
// each selection, are counted only when there are at most so many.
func shapeOf(doc *ast.QueryDocument, expanded int64) shape {
	m := &measure{doc: doc, fragments: map[string]*size{}}
	m.shape.fragments = int64(len(doc.Fragments))
	var roots []ast.SelectionSet
	for _, op := range doc.Operations {
		m.directives(op.Directives)
		for _, v := range op.VariableDefinitions {
			m.directives(v.Directives)
			m.value(v.DefaultValue, 1)
		}
		m.shape.mutates = m.shape.mutates || op.Operation == ast.Mutation
		m.root(op.SelectionSet)
		roots = append(roots, op.SelectionSet)
	}
	for _, f := range doc.Fragments { // those that no operation spreads are validated too
		if _, spread := m.fragments[f.Name]; !spread {
			m.root(ast.SelectionSet{&ast.InlineFragment{SelectionSet: f.SelectionSet}})
			roots = append(roots, f.SelectionSet)
		}
	}
	if !m.shape.cyclic && m.shape.expanded <= expanded {
		m.shape.repeats = repeats(doc, roots)
	}
	return m.shape
}

func (m *measure) root(set ast.SelectionSet) {
	s := m.selections(set)
	m.shape.deepest.largest(s)
	m.shape.expanded = min(m.shape.expanded+s.all, most)
}

func (m *measure) selections(set ast.SelectionSet) size {
	var total size
	m.shape.width = max(m.shape.width, int64(len(set)))
	for _, s := range set {
		total.add(m.selection(s))
	}
	return total
}

func (m *measure) selection(s ast.Selection) (one size) {
	switch x := s.(type) {
	case *ast.Field:
		m.directives(x.Directives)
		m.arguments(x.Arguments)
		one = m.selections(x.SelectionSet)
		one.depth, one.top = one.depth+1, 1
		if x.Alias != x.Name {
			one.aliases++
		}
		if x.Name == "__schema" {
			one.schemas++
		}
	case *ast.InlineFragment:
		m.directives(x.Directives)
		one = m.selections(x.SelectionSet)
	case *ast.FragmentSpread:
		m.directives(x.Directives)
		one = m.fragment(x.Name)
	}
	one.all++
	return one
}

func (m *measure) fragment(name string) size {
	if s, met := m.fragments[name]; met {
		if s == nil {
			m.shape.cyclic = true
			return size{}
		}
		return *s
	}
	f := m.doc.Fragments.ForName(name)
	if f == nil {
		return size{}
	}
	m.fragments[name] = nil
	m.directives(f.Directives)
	s := m.selections(f.SelectionSet)
	m.fragments[name] = &s
	return s
}

func (m *measure) directives(list ast.DirectiveList) {
	m.shape.directives += int64(len(list))
	for _, d := range list {
		m.arguments(d.Arguments)
	}
}

func (m *measure) arguments(list ast.ArgumentList) {
	for _, a := range list {
		m.value(a.Value, 1)
	}
}

func (m *measure) value(v *ast.Value, depth int64) {
	if v == nil {
		return
	}
	one := size{}
	switch v.Kind {
	case ast.ListValue, ast.ObjectValue:
		one.depth, one.list = depth, int64(len(v.Children))
		for _, c := range v.Children {
			m.value(c.Value, depth+1)
		}
	case ast.StringValue, ast.BlockValue:
		one.text = int64(utf8.RuneCountInString(v.Raw))
	}
	m.shape.values.largest(one)
}

// place is a place of the answer with the fields that stand for it.
type place struct {
	fields int64
	below  map[string]*place
}

// repeats counts the pairs of fields that stand for the same place: validation
// compares each with each. The document must have no cycle.
func repeats(doc *ast.QueryDocument, roots []ast.SelectionSet) int64 {
	var pairs int64
	for _, set := range roots {
		pairs += (&place{}).take(doc, set)
	}
	return pairs
}

func (p *place) take(doc *ast.QueryDocument, set ast.SelectionSet) (pairs int64) {
	for _, s := range set {
		switch x := s.(type) {
		case *ast.Field:
			at := p.below[x.Alias]
			if at == nil {
				at = &place{}
				if p.below == nil {
					p.below = map[string]*place{}
				}
				p.below[x.Alias] = at
			}
			pairs += at.fields + at.take(doc, x.SelectionSet)
			at.fields++
		case *ast.InlineFragment:
			pairs += p.take(doc, x.SelectionSet)
		case *ast.FragmentSpread:
			if f := doc.Fragments.ForName(x.Name); f != nil {
				pairs += p.take(doc, f.SelectionSet)
			}
		}
	}
	return pairs
}
