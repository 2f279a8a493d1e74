package graph

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// validation is the rules of GraphQL without suggestions, which would tell the
// schema to who may not ask for it, and without the values of the document, which
// may be names of people. The rules hold state: each document takes new ones.
func validation() *rules.Rules {
	r := rules.NewDefaultRules()
	for _, quiet := range []core.Rule{
		rules.FieldsOnCorrectTypeRuleWithoutSuggestions, rules.ScalarLeafsRuleWithoutSuggestions,
		rules.KnownArgumentNamesRuleWithoutSuggestions, rules.KnownTypeNamesRuleWithoutSuggestions,
		unquoted(rules.ValuesOfCorrectTypeRuleWithoutSuggestions),
	} {
		name := quiet.Name[:len(quiet.Name)-len("WithoutSuggestions")]
		r.RemoveRule(name)
		r.AddRule(quiet.Name, quiet.RuleFunc)
	}
	r.AddRule("Leaves", leaves)
	return r
}

// leaves refuses literals that can be no scalar or enum and that the rules of GraphQL
// let through: {} for any of them, and for the scalars of ours, which are dates, all
// but text and whole numbers.
func leaves(on *core.Events, report core.AddErrFunc) {
	on.OnField(func(_ *core.Walker, f *ast.Field) { checkLeaves(f.Arguments, report) })
	on.OnDirective(func(_ *core.Walker, d *ast.Directive) { checkLeaves(d.Arguments, report) })
	on.OnOperation(func(_ *core.Walker, op *ast.OperationDefinition) {
		for _, v := range op.VariableDefinitions {
			checkLeaf(v.Variable, v.DefaultValue, report)
		}
	})
}

func checkLeaves(arguments ast.ArgumentList, report core.AddErrFunc) {
	for _, a := range arguments {
		checkLeaf(a.Name, a.Value, report)
	}
}

// checkLeaf looks into a value that has a name in the schema.
func checkLeaf(name string, v *ast.Value, report core.AddErrFunc) {
	if v == nil || v.Definition == nil {
		return
	}
	for _, child := range v.Children {
		checkLeaf(cmp.Or(child.Name, name), child.Value, report) // those of a list have none
	}
	if v.Definition.IsLeafType() && !mayBeLeaf(v) {
		report(core.Message(`The value of "%s" must be a %s.`, name, v.Definition.Name), core.At(v.Position))
	}
}

func mayBeLeaf(v *ast.Value) bool {
	ours := v.Definition.Kind == ast.Scalar && !v.Definition.BuiltIn
	switch v.Kind {
	case ast.ObjectValue:
		return false
	case ast.ListValue:
		return !ours || v.ExpectedType.Elem != nil
	case ast.IntValue:
		_, err := v.Value(nil)
		return !ours || err == nil
	case ast.FloatValue, ast.BooleanValue, ast.EnumValue:
		return !ours
	}
	return true
}

func unquoted(rule core.Rule) core.Rule {
	inner := rule.RuleFunc
	rule.RuleFunc = func(on *core.Events, report core.AddErrFunc) {
		inner(on, func(options ...core.ErrorOption) {
			report(append(options, func(err *gqlerror.Error) { err.Message = withoutValue(err.Message) })...)
		})
	}
	return rule
}

// What messages say of a value: `found "x".`, `value: "x"`, `Value "x" does`; and of
// a token: `found String "x"`.
var (
	aboutValue = regexp.MustCompile(`(?s)^(.*?)(?:, found|: ).*$`)
	enumValue  = regexp.MustCompile(`(?s)^Value .*( does not exist in "\w+" enum\.)$`)
	aboutToken = regexp.MustCompile(`(?s)(String|BlockString|Int|Float|Comment) ".*$`)
	name       = regexp.MustCompile(`^[_A-Za-z]\w{0,63}$`)
)

const (
	noEnum       = " is not a valid " // between a value and the name of its type
	maxErrorText = 2000               // bytes of a message: it may quote a name
)

func withoutValue(message string) string {
	if m := enumValue.FindStringSubmatch(message); m != nil {
		return "The value" + m[1]
	}
	return aboutValue.ReplaceAllString(message, "$1.")
}

// withoutQuotes takes values out of an error of parsing, or of a variable.
func withoutQuotes(err *gqlerror.Error) *gqlerror.Error {
	if at := strings.LastIndex(err.Message, noEnum); at >= 0 {
		err.Message = "the value" + err.Message[at:]
	}
	err.Message = aboutToken.ReplaceAllString(cut(err.Message, maxErrorText), "$1")
	for i, step := range err.Path {
		if name, ok := step.(ast.PathName); ok {
			err.Path[i] = ast.PathName(nameOnly(string(name)))
		}
	}
	return err
}

// nameOnly is a key that a client sent, if it is a name as GraphQL has them: any
// other could be anything.
func nameOnly(key string) string {
	if name.MatchString(key) {
		return key
	}
	return "…"
}
