package graph

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// variables are made ready before an operation runs: lists are []any, whatever they
// were made of, since one value that stands for a list arrives as a list of its own Go
// type; and what stands for a date is text.
type variables struct{ schema *ast.Schema }

// ExtensionName names the extension.
func (variables) ExtensionName() string { return "Variables" }

// Validate accepts every schema.
func (variables) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext makes the lists plain, and refuses what no scalar of ours is
// read from.
func (x variables) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	for _, v := range op.Operation.VariableDefinitions {
		value, given := op.Variables[v.Variable]
		if !given {
			continue
		}
		op.Variables[v.Variable] = plainList(value)
		if err := x.fault(v.Type, op.Variables[v.Variable], ast.Path{ast.PathName("variable"), ast.PathName(v.Variable)}); err != nil {
			errcode.Set(err, errcode.ValidationFailed)
			return err
		}
	}
	return nil
}

// fault is the first place at which a value stands for a scalar of ours and is neither
// text nor a whole number. All else the executor has seen to.
func (x variables) fault(typ *ast.Type, v any, at ast.Path) *gqlerror.Error {
	def := x.schema.Types[typ.Name()]
	switch list, isList := v.([]any); {
	case v == nil:
	case typ.Elem != nil && isList:
		for i, item := range list {
			if err := x.fault(typ.Elem, item, append(slices.Clip(at), ast.PathIndex(i))); err != nil {
				return err
			}
		}
	case def.Kind == ast.InputObject:
		fields, _ := v.(map[string]any)
		for _, f := range def.Fields {
			v := fields[f.Name]
			if v == nil || isText(v) { // nearly all of them
				continue
			}
			if err := x.fault(f.Type, v, append(slices.Clip(at), ast.PathName(f.Name))); err != nil {
				return err
			}
		}
	case def.Kind == ast.Scalar && !def.BuiltIn && !isText(v):
		return gqlerror.ErrorPathf(at, "must be a %s, as text", def.Name)
	}
	return nil
}

func isText(v any) bool {
	switch v := v.(type) {
	case string, int64:
		return true
	case json.Number:
		_, err := v.Int64()
		return err == nil
	}
	return false
}

func plainList(v any) any {
	switch x := v.(type) {
	case map[string]any:
		for name, item := range x {
			x[name] = plainList(item)
		}
	case []any:
		for i, item := range x {
			x[i] = plainList(item)
		}
	default:
		list := reflect.ValueOf(v)
		if list.Kind() != reflect.Slice {
			return v
		}
		out := make([]any, list.Len())
		for i := range out {
			out[i] = plainList(list.Index(i).Interface())
		}
		return out
	}
	return v
}
