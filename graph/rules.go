package graph

import (
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
	return r
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
