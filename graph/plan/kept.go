package plan

import (
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/internal/network"
)

// Plans keeps what was planned for the operations of one document, so that other
// values of the variables are only put in. All methods may be called at the same
// time.
type Plans struct {
	grown    func(bytes int64)
	switches []*ast.Value // variables that @skip and @include look at

	mu       sync.RWMutex
	kept     map[templateKey]*template
	computed map[templateKey]*computedTemplate
}

// templateKey is all that a template depends on.
type templateKey struct {
	operation *ast.OperationDefinition
	field     *ast.Field // the first of those that the root field was merged from
	role      network.Role
	switches  string
	extra     string
}

// NewPlans makes a place for the plans of a document. grown is told how many
// bytes more are kept, by estimate; it must not call the place.
func NewPlans(doc *ast.QueryDocument, grown func(bytes int64)) *Plans {
	p := &Plans{grown: grown, kept: map[templateKey]*template{}, computed: map[templateKey]*computedTemplate{}}
	for _, op := range doc.Operations {
		p.switched(op.SelectionSet)
	}
	for _, f := range doc.Fragments {
		p.switched(f.SelectionSet)
	}
	return p
}

func (p *Plans) switched(set ast.SelectionSet) {
	for _, s := range set {
		switch x := s.(type) {
		case *ast.Field:
			p.switchedBy(x.Directives)
			p.switched(x.SelectionSet)
		case *ast.InlineFragment:
			p.switchedBy(x.Directives)
			p.switched(x.SelectionSet)
		case *ast.FragmentSpread:
			p.switchedBy(x.Directives)
		}
	}
}

func (p *Plans) switchedBy(directives ast.DirectiveList) {
	for _, d := range directives {
		if a := d.Arguments.ForName("if"); a != nil && a.Value.Kind == ast.Variable {
			p.switches = append(p.switches, a.Value)
		}
	}
}

// setting is how the switches stand.
func (p *Plans) setting(variables map[string]any) string {
	if len(p.switches) == 0 {
		return ""
	}
	out := make([]byte, len(p.switches))
	for i, v := range p.switches {
		out[i] = '-'
		if on, _ := v.Value(variables); on == true {
			out[i] = '+'
		}
	}
	return string(out)
}

const extension = "Plans"

// Keep has the plans of an operation kept. It must be called before the
// operation runs.
func Keep(op *graphql.OperationContext, p *Plans) { op.Stats.SetExtension(extension, p) }

func plansOf(op *graphql.OperationContext) *Plans {
	p, _ := op.Stats.GetExtension(extension).(*Plans)
	return p
}

func (p *Plans) key(op *graphql.OperationContext, f graphql.CollectedField, who Asker, extra string) templateKey {
	return templateKey{op.Operation, f.Field, who.Viewer.Role, p.setting(op.Variables), extra}
}

// templateFor is the kept template of a root field, or the one that compile
// makes. extra is what it depends on beside the selection.
func templateFor(op *graphql.OperationContext, f graphql.CollectedField, who Asker, extra string, compile func(*compiler) (*list, writer, error)) (*template, error) {
	p := plansOf(op)
	var key templateKey
	if p != nil {
		key = p.key(op, f, who, extra)
		p.mu.RLock()
		t := p.kept[key]
		p.mu.RUnlock()
		if t != nil {
			return t, nil
		}
	}
	c := &compiler{op: op, most: who.MaxFirst}
	root, write, err := compile(c)
	if err != nil {
		return nil, err
	}
	t := &template{root: root, write: write, slots: c.slots}
	if p != nil {
		p.mu.Lock()
		p.kept[key] = t
		p.mu.Unlock()
		p.grown(c.size)
	}
	return t, nil
}

// computedFor is the kept template of a computed root field, or a new one.
func computedFor(op *graphql.OperationContext, f graphql.CollectedField, who Asker) *computedTemplate {
	p := plansOf(op)
	if p == nil {
		return newComputedTemplate(func(int64) {})
	}
	key := p.key(op, f, who, "")
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.computed[key]
	if t == nil {
		t = newComputedTemplate(p.grown)
		p.computed[key] = t
	}
	return t
}
