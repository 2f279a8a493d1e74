package exchange

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/musubi-map/musubi/internal/network"
)

// parseCell reads a cell that is not empty as a value of the field. Messages do
// not show what is in the cell: a log of an import holds no personal data.
func parseCell(f *network.Field, s string) (any, *network.Error) {
	switch f.Type {
	case network.Int:
		return wholeNumber(f, s)
	case network.Bool:
		return truth(s)
	case network.EnumValue:
		return enumValue(f.Enum, s)
	case network.Code:
		return code(f, s)
	case network.Dated:
		d, err := date(s)
		if f.Name == "until" {
			d = network.InclusiveEnd(d)
		}
		return d, err
	case network.Strings:
		return checked(f, split(s))
	case network.HistoryList:
		entries, err := history(f, s)
		if err != nil {
			return nil, err
		}
		return checked(f, entries)
	}
	return checked(f, s)
}

// checked is the value in the form it is stored in.
func checked(f *network.Field, v any) (any, *network.Error) {
	v, errs := f.Check(v)
	if len(errs) > 0 {
		return nil, &network.Error{Code: errs[0].Code, Message: errs[0].Message}
	}
	return v, nil
}

// split takes a list apart; what is empty is dropped.
func split(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, "|") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

func wholeNumber(f *network.Field, s string) (any, *network.Error) {
	if strings.HasSuffix(f.Name, "FiscalYear") {
		y, err := network.ParseFiscalYear(s)
		if err != nil {
			return nil, network.Errorf(network.InvalidDate, "it is not a fiscal year; write 2027, FY2027 or 令和9年度")
		}
		return checked(f, int64(y))
	}
	n, err := strconv.ParseInt(strings.ReplaceAll(norm.NFKC.String(s), ",", ""), 10, 64)
	if err != nil {
		return nil, network.Errorf(network.InvalidValue, "it is not a whole number; write digits only")
	}
	return checked(f, n)
}

var truths = map[string]bool{
	"true": true, "yes": true, "y": true, "1": true, "はい": true, "有": true, "○": true, "〇": true,
	"false": false, "no": false, "n": false, "0": false, "いいえ": false, "無": false, "×": false,
}

func truth(s string) (any, *network.Error) {
	v, ok := truths[network.Fold(s)]
	if !ok {
		return nil, network.Errorf(network.InvalidValue, "write yes or no")
	}
	return v, nil
}

func enumValue(e *network.Enum, s string) (any, *network.Error) {
	s = strings.TrimSpace(s)
	if v, ok := e.Parse(s); ok {
		return v, nil
	}
	if v, ok := e.Parse(strings.ReplaceAll(s, " ", "_")); ok {
		return v, nil
	}
	var names []string
	for _, o := range e.Values {
		names = append(names, o.Value)
	}
	return nil, network.Errorf(network.InvalidValue, "it is no %s; use one of %s, or the Japanese term", e.Name, strings.Join(names, ", "))
}

func code(f *network.Field, s string) (any, *network.Error) {
	c, err := f.Parse(s)
	if err != nil {
		return nil, network.Errorf(network.InvalidCode, "it is no valid %s (%s), as %s is; compare length and check digit with the source", words(f.Name), f.JA, f.Example)
	}
	return c, nil
}

func date(s string) (network.PartialDate, *network.Error) {
	d, err := network.ParsePartialDate(s)
	if err != nil {
		return d, network.Errorf(network.InvalidDate, "it is not a date; write 2022-02-01, 2022-02, 2022, FY2022, 令和4年2月1日, 令和4年度 or unknown")
	}
	return d, nil
}

// entryPattern is an entry of a history: value, (extra), [from..until], note.
var entryPattern = regexp.MustCompile(`^([^\[\]]*?)\s*(?:\(([^()]*)\)\s*)?\[([^\[\]]*?)\.\.([^\[\]]*)\](.*)$`)

// kana is a reading: hiragana, katakana, long-vowel marks, dots and space.
var kana = regexp.MustCompile(`^[\p{Hiragana}\p{Katakana}ー・\s]+$`)

func history(f *network.Field, s string) ([]network.DatedValue, *network.Error) {
	var out []network.DatedValue
	for _, part := range split(s) {
		m := entryPattern.FindStringSubmatch(part)
		if m == nil {
			return nil, network.Errorf(network.InvalidValue, "an entry is written value[first day..last day], as %s", example(f))
		}
		e := network.DatedValue{Value: strings.TrimSpace(m[1]), Extra: strings.TrimSpace(m[2]), Note: strings.TrimSpace(m[5])}
		var err *network.Error
		if e.Span.From, err = date(m[3]); err != nil {
			return nil, err
		}
		if e.Span.Until, err = date(m[4]); err != nil {
			return nil, err
		}
		e.Span.Until = network.InclusiveEnd(e.Span.Until)
		if f.Enum != nil {
			err = stage(f, &e)
		} else {
			err = name(&e, m[2] != "")
		}
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

func example(f *network.Field) string {
	if f.Enum != nil {
		return "STALLED(STAFF_SHORT+NO_BUDGET)[2018-04..2020-03]"
	}
	return "旧名称(きゅうめいしょう)[2015-04..2019-03]"
}

// name: parentheses with something else than kana belong to the name.
func name(e *network.DatedValue, parentheses bool) *network.Error {
	if e.Note != "" {
		return network.Errorf(network.InvalidValue, "there is text after the brackets; separate names with |")
	}
	if parentheses && !kana.MatchString(e.Extra) {
		e.Value, e.Extra = e.Value+"("+e.Extra+")", ""
	}
	return nil
}

func stage(f *network.Field, e *network.DatedValue) *network.Error {
	v, err := enumValue(f.Enum, e.Value)
	if err != nil {
		return err
	}
	e.Value = v.(string)
	var causes []string
	for c := range strings.SplitSeq(e.Extra, "+") {
		if c = strings.TrimSpace(c); c == "" {
			continue
		}
		v, err := enumValue(network.StallCauseEnum, c)
		if err != nil {
			return err
		}
		causes = append(causes, v.(string))
	}
	e.Extra = strings.Join(causes, "|")
	return nil
}
