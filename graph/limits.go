package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
)

// shapeLimit refuses a document that is too deep or too large before it is
// validated, in steps bounded by the size of the text: fragments are measured
// once, and counts saturate.
type shapeLimit struct{ known *documents }

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = shapeLimit{}

// ExtensionName names the extension.
func (shapeLimit) ExtensionName() string { return "ShapeLimit" }

// Validate accepts every schema.
func (shapeLimit) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters measures the document. A document that does not
// parse is left to the executor, which says where; one that is kept has passed.
func (l shapeLimit) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	if _, passed := l.known.Get(ctx, p.Query); passed {
		return nil
	}
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: p.Query}, maxTokens)
	if err != nil {
		return nil
	}
	if len(doc.Fragments) > maxFragments {
		return tooLarge("a document may hold %d fragments; this one holds %d", maxFragments, len(doc.Fragments))
	}
	m := measure{doc: doc, fragments: map[string]size{}}
	for _, op := range doc.Operations {
		s := m.selections(op.SelectionSet)
		switch {
		case m.wide:
			return tooLarge("a selection may hold %d fields; split the query", maxFields)
		case s.depth > maxDepth:
			return tooLarge("a query may be %d levels deep", maxDepth)
		case s.fields > maxExpanded:
			return tooLarge("a query may select %d fields with its fragments written out", maxExpanded)
		}
	}
	return nil
}

func tooLarge(format string, args ...any) *gqlerror.Error {
	err := gqlerror.Errorf(format, args...)
	err.Extensions = map[string]any{"code": "TOO_LARGE"}
	return err
}

type size struct{ depth, fields int }

type measure struct {
	doc       *ast.QueryDocument
	fragments map[string]size
	wide      bool
}

func (m *measure) selections(set ast.SelectionSet) size {
	var total size
	m.wide = m.wide || len(set) > maxFields
	for _, s := range set {
		var one size
		switch x := s.(type) {
		case *ast.Field:
			one = m.selections(x.SelectionSet)
			one.depth++
			one.fields++
		case *ast.InlineFragment:
			one = m.selections(x.SelectionSet)
		case *ast.FragmentSpread:
			one = m.fragment(x.Name)
		}
		total.depth = max(total.depth, one.depth)
		total.fields = min(total.fields+one.fields, maxExpanded+1)
	}
	return total
}

func (m *measure) fragment(name string) size {
	if s, known := m.fragments[name]; known {
		return s
	}
	m.fragments[name] = size{} // a cycle counts nothing here; validation refuses it
	f := m.doc.Fragments.ForName(name)
	if f == nil {
		return size{}
	}
	s := m.selections(f.SelectionSet)
	m.fragments[name] = s
	return s
}
