package graph

import (
	"context"
	"errors"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
)

// limiter refuses what is too large for the role of who asks, before it is
// validated, and an operation that could return too much, before it runs.
type limiter struct {
	set    *limit.Set
	known  *documents
	prices *prices
	viewer func(context.Context) network.Viewer
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
} = (*limiter)(nil)

// ExtensionName names the extension.
func (*limiter) ExtensionName() string { return "Limits" }

// Validate accepts every schema.
func (*limiter) Validate(graphql.ExecutableSchema) error { return nil }

// shapeStat is where the shape of a document waits until it is kept.
const shapeStat = "Shape"

// MutateOperationParameters measures the document and the variables. A document
// that does not parse is left to the executor, which says where; one that is kept
// has been measured.
func (l *limiter) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	role := l.viewer(ctx).Role
	s, kept := l.known.shape(p.Query)
	if !kept {
		var err *limit.Exceeded
		if s, err = l.measure(p.Query, role); err != nil {
			return exceeded(err)
		}
		graphql.GetOperationContext(ctx).Stats.SetExtension(shapeStat, s)
	}
	if s.cyclic {
		err := gqlerror.Errorf("a fragment spreads itself, perhaps by way of others")
		err.Extensions = map[string]any{"code": "GRAPHQL_VALIDATION_FAILED"}
		return err
	}
	if err := l.fits(role, s); err != nil {
		return exceeded(err)
	}
	return l.variables(role, s, p.Variables)
}

// variables holds them against the limits before they are read.
func (l *limiter) variables(role network.Role, s shape, given map[string]any) *gqlerror.Error {
	lists := limit.List
	if s.mutates {
		lists = limit.Rows
	}
	for name, v := range given {
		if err := (values{l.set, role, lists}).check(v, 1); err != nil {
			err.At = append(err.At, nameOnly(name), "variables")
			slices.Reverse(err.At)
			return exceeded(err)
		}
	}
	return nil
}

// measure reads a document that is not kept; the zero shape when it does not
// parse.
func (l *limiter) measure(text string, role network.Role) (shape, *limit.Exceeded) {
	tokens, err := l.tokens(text, role)
	if err != nil {
		return shape{}, err
	}
	doc, fault := parser.ParseQuery(&ast.Source{Input: text})
	if fault != nil {
		return shape{}, nil
	}
	s := shapeOf(doc, l.set.Of(role, limit.Expanded))
	s.tokens = tokens
	return s, nil
}

// tokens counts them, comments too, and stops at the limit.
func (l *limiter) tokens(text string, role network.Role) (int64, *limit.Exceeded) {
	lex := lexer.New(&ast.Source{Input: text})
	for n := int64(0); ; n++ {
		token, err := lex.ReadToken()
		switch {
		case err != nil, token.Kind == lexer.EOF:
			return n, nil
		case n >= l.set.Of(role, limit.Tokens):
			return n, l.set.Exceed(role, limit.Tokens, 0)
		}
	}
}

func (l *limiter) fits(role network.Role, s shape) *limit.Exceeded {
	for _, c := range [...]struct {
		k     limit.Key
		found int64
	}{
		{limit.Tokens, s.tokens}, {limit.Fragments, s.fragments}, {limit.Directives, s.directives},
		{limit.Fields, s.width}, {limit.Expanded, s.expanded}, {limit.Depth, s.deepest.depth},
		{limit.Aliases, s.deepest.aliases}, {limit.RootFields, s.deepest.top}, {limit.Repeats, s.repeats},
		{limit.List, s.values.list}, {limit.StringLength, s.values.text}, {limit.JSONDepth, s.values.depth},
	} {
		if c.found > l.set.Of(role, c.k) {
			return l.set.Exceed(role, c.k, c.found)
		}
	}
	if s.deepest.schemas > 1 {
		return l.set.Exceed(role, limit.RootFields, 0)
	}
	return nil
}

// MutateOperationContext counts what the operation could return.
func (l *limiter) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	role := l.viewer(ctx).Role
	c, allowed := l.prices.of(op), l.set.Of(role, limit.Cost)
	if c.records > allowed {
		return exceeded(l.set.Exceed(role, limit.Cost, c.records))
	}
	if c.conditions > l.set.Of(role, limit.Conditions) && op.Operation.Operation != ast.Mutation {
		return exceeded(l.set.Exceed(role, limit.Conditions, c.conditions))
	}
	op.Stats.SetExtension(costStat, cost{c.records, allowed})
	return nil
}

// exceeded shows the error of a limit.
func exceeded(e *limit.Exceeded) *gqlerror.Error {
	var typed *network.Error
	errors.As(e, &typed)
	out := &gqlerror.Error{Message: typed.Error(), Extensions: map[string]any{"code": string(typed.Code), "limit": e.Name(), "allowed": e.Allowed}}
	if e.Found > e.Allowed {
		out.Extensions["found"] = e.Found
	}
	if len(e.At) > 0 {
		out.Extensions["argument"] = e.At
	}
	if e.RetryAfter > 0 {
		out.Extensions["retryAfter"] = seconds(e.RetryAfter)
	}
	return out
}
