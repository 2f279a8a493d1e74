package plan

import (
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// compiler makes a template. It looks at the variables for @skip and @include
// only, and nothing it makes may keep hold of the operation.
type compiler struct {
	op    *graphql.OperationContext
	most  int // the largest page
	slots int // places that a frame must have
	size  int64
}

// slot is a place in the frames of the template.
func (c *compiler) slot() int {
	c.slots++
	return c.slots - 1
}

// What a template is taken to keep, in bytes, for each field and each kind it is
// collected for.
const fieldBytes = 400

// collect lists the fields selected on an object that meets the type conditions.
func (c *compiler) collect(set ast.SelectionSet, satisfies ...string) []graphql.CollectedField {
	fields := graphql.CollectFields(c.op, set, satisfies)
	c.size += int64(len(fields)) * fieldBytes
	return fields
}

// template is what is asked for under a root field, whatever the variables say
// but for @skip and @include. Many may run it at the same time.
type template struct {
	root  *list
	write writer
	slots int
	usual atomic.Int64 // bytes of the last answer
}

// run binds the root to a frame; finish, when there is one, completes the
// collection. It may set the IDs of records by ID, and of others whatever it wants.
func (t *template) run(fr *frame, finish func(*store.Collection) error) (*Planned, error) {
	fr.bound = make([]bound, t.slots)
	root, err := t.root.bind(fr)
	if err != nil {
		return nil, err
	}
	if finish != nil {
		col := *root
		if root.Source.Op != store.ByID {
			col.Kept = nil
		}
		if err := finish(&col); err != nil {
			return nil, err
		}
		root = &col
	}
	p := &store.Plan{Viewer: fr.who.Viewer, AsOf: fr.asOf, Roots: []*store.Collection{root}}
	return &Planned{p, func(r *store.Result) []byte { return t.render(fr, r, r.Values[0]) }}, nil
}

// render writes an answer into room for one like the last.
func (t *template) render(fr *frame, r *store.Result, v any) []byte {
	fr.revision = r.Revision
	usual := t.usual.Load()
	out := t.write(fr, make([]byte, 0, min(usual+usual/8+64, 1<<20)), v)
	t.usual.Store(int64(len(out)))
	return out
}

// single is the template of records by ID.
func single(kinds []*network.Kind, shapes []shape) *list {
	return (&list{col: store.Collection{Source: store.Source{Op: store.ByID}, Kinds: kinds, Ever: true, Rows: true}, shapes: shapes}).seal()
}
