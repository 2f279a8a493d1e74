package exchange

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// textOf writes a value where a format has text only. A list is written with
// "|" between its elements; a "|" or "\" inside one has a "\" before it.
func textOf(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return realText(v)
	case bool:
		return strconv.FormatBool(v)
	case network.PartialDate:
		return v.Text()
	case []string:
		return joinList(v)
	}
	return ""
}

// realText always has a point or an exponent, which tells it from an integer.
func realText(f float64) string {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

var escapeList = strings.NewReplacer(`\`, `\\`, `|`, `\|`)

func joinList(list []string) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = escapeList.Replace(s)
	}
	return strings.Join(parts, "|")
}

// splitList drops empty elements.
func splitList(s string) []string {
	var out []string
	var b strings.Builder
	end := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
		}
		b.Reset()
	}
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '\\' || s[i+1] == '|'):
			i++
			b.WriteByte(s[i])
		case s[i] == '|':
			end()
		default:
			b.WriteByte(s[i])
		}
	}
	end()
	return out
}

// valueOf reads a value of the type from what a file has: a string, json.Number,
// bool or []any. It is nil for none.
func valueOf(t AttributeType, raw any) (any, *network.Error) {
	switch raw := raw.(type) {
	case nil:
		return nil, nil
	case string:
		return valueOfText(t, raw)
	case json.Number:
		return valueOfText(t, raw.String())
	case bool:
		return valueOfText(t, strconv.FormatBool(raw))
	case []any:
		if t == ListValue {
			return listOf(raw)
		}
	}
	return nil, network.Errorf(network.InvalidValue, "a value of this form is not read")
}

func listOf(raw []any) (any, *network.Error) {
	var out []string
	for _, e := range raw {
		v, err := valueOf(TextValue, e)
		if err != nil {
			return nil, err
		}
		if s, _ := v.(string); s != "" {
			out = append(out, s)
		}
	}
	return present(out), nil
}

func valueOfText(t AttributeType, s string) (any, *network.Error) {
	if s == "" {
		return nil, nil
	}
	switch t {
	case IntegerValue:
		return integer(s)
	case RealValue:
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsInf(f, 0) {
			return nil, network.Errorf(network.InvalidValue, "it is not a number")
		}
		if math.IsNaN(f) {
			return nil, nil
		}
		return f, nil
	case BooleanValue:
		v, err := truth(s)
		if err != nil {
			return nil, err
		}
		return v, nil
	case DateValue:
		d, err := date(s)
		if err != nil {
			return nil, err
		}
		return present(d), nil
	case ListValue:
		return present(splitList(s)), nil
	}
	return s, nil
}

// integer takes 3.0 too: programs that know no missing integer write it. NaN is
// their word for none.
func integer(s string) (any, *network.Error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	switch {
	case err == nil && math.IsNaN(f):
		return nil, nil
	case err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53:
		return nil, network.Errorf(network.InvalidValue, "it is not a whole number")
	}
	return int64(f), nil
}
