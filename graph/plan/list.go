package plan

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// list is a collection of a template: bind makes that of one run.
type list struct {
	col    store.Collection // what no argument says
	shapes []shape
	args   *argsReader // nil: it takes none
	ready  *store.Collection
}

// shape is that of some kinds. Steps fill in what depends on arguments, in the
// order of the selection.
type shape struct {
	kinds   []*network.Kind
	columns []store.Column
	steps   []step
}

// step binds a child in a column, or the range of a history in a slot.
type step struct {
	column int
	child  *list
	during graphql.CollectedField
	slot   int
}

// seal settles whether the list is the same in every run.
func (l *list) seal() *list {
	if l.ready != nil {
		return l
	}
	for _, s := range l.shapes {
		if len(s.steps) > 0 {
			return l
		}
	}
	if l.args != nil && l.args.same == nil {
		return l
	}
	if l.args != nil {
		l.args.set(&l.col, l.args.same)
	}
	l.ready, l.col.Kept = &l.col, new(store.Kept)
	for _, s := range l.shapes {
		l.col.Shapes = append(l.col.Shapes, store.Shape{Kinds: s.kinds, Columns: s.columns})
	}
	return l
}

// bind makes the collection of a run. It may be shared with others.
func (l *list) bind(fr *frame) (*store.Collection, error) {
	if l.ready != nil {
		return l.ready, nil
	}
	col := l.col
	if l.args != nil {
		args, err := l.args.bind(fr)
		if err != nil {
			return nil, err
		}
		l.args.set(&col, args)
	}
	col.Shapes = make([]store.Shape, len(l.shapes))
	for i := range l.shapes {
		columns, err := l.shapes[i].bind(fr)
		if err != nil {
			return nil, err
		}
		col.Shapes[i] = store.Shape{Kinds: l.shapes[i].kinds, Columns: columns}
	}
	return &col, nil
}

func (s *shape) bind(fr *frame) ([]store.Column, error) {
	columns, own := s.columns, false
	for i := range s.steps {
		step := &s.steps[i]
		var err error
		if step.child == nil {
			fr.bound[step.slot].during, err = during(step.during.ArgumentMap(fr.variables))
			if err != nil {
				return nil, err
			}
			continue
		}
		if !own {
			columns, own = slices.Clone(columns), true
		}
		if columns[step.column].Child, err = step.child.bind(fr); err != nil {
			return nil, err
		}
	}
	return columns, nil
}

// listArgs is what the arguments of a list say.
type listArgs struct {
	filter        store.Expr
	order         []store.Order
	during        *network.DateRange
	limit         int
	backward      bool
	after, before *store.Cursor
	signature     uint32 // of its cursors
}

// argsReader reads the arguments of a list: once, when they are the same in
// every run, or in every run into the slot.
type argsReader struct {
	field graphql.CollectedField
	kinds []*network.Kind
	where string // the list, for its cursors
	usual []store.Order
	same  *listArgs
	slot  int
	// wantsNext and wantsPrevious: it is asked whether there is more.
	wantsNext, wantsPrevious bool
}

func (r *argsReader) set(col *store.Collection, a *listArgs) {
	col.Filter, col.Order, col.During, col.Backward, col.After, col.Before = a.filter, a.order, a.during, a.backward, a.after, a.before
	col.Limit = max(a.limit, 1) // to a store 0 is no limit; the writer leaves the row out
	col.More, col.Other = r.wantsNext, r.wantsPrevious
	if a.backward {
		col.More, col.Other = r.wantsPrevious, r.wantsNext
	}
}

// argsReader makes the reader of a list's arguments.
func (c *compiler) argsReader(f graphql.CollectedField, kinds []*network.Kind) *argsReader {
	r := &argsReader{field: f, kinds: kinds, where: f.ObjectDefinition.Name + "." + f.Name, usual: usualOrder(kinds)}
	if constant(f) {
		if args, err := r.read(f.ArgumentMap(nil), c.most); err == nil {
			r.same = args
			return r
		}
	}
	r.slot = c.slot()
	return r
}

// of are the arguments in a run.
func (r *argsReader) of(fr *frame) *listArgs {
	if r.same != nil {
		return r.same
	}
	return fr.bound[r.slot].list
}

func (r *argsReader) bind(fr *frame) (*listArgs, error) {
	if r.same != nil {
		return r.same, nil
	}
	args, err := r.read(r.field.ArgumentMap(fr.variables), fr.who.MaxFirst)
	fr.bound[r.slot].list = args
	return args, err
}

func (r *argsReader) read(args map[string]any, most int) (*listArgs, error) {
	a := &listArgs{}
	var err error
	if raw, ok := args["filter"].(map[string]any); ok {
		if a.filter, err = filter(r.kinds, raw); err != nil {
			return nil, at(err, "filter")
		}
	}
	if a.during, err = during(args); err != nil {
		return nil, err
	}
	if a.order, err = order(r.kinds, args["orderBy"], r.usual); err != nil {
		return nil, err
	}
	a.signature = cursorSignature(r.where, a.order)
	return a, a.page(args, most)
}

// constant tells whether no variable is in the arguments of the field.
func constant(f graphql.CollectedField) bool {
	for _, a := range f.Arguments {
		if variable(a.Value) {
			return false
		}
	}
	return true
}

func variable(v *ast.Value) bool {
	return v.Kind == ast.Variable || slices.ContainsFunc(v.Children, func(c *ast.ChildValue) bool { return variable(c.Value) })
}
