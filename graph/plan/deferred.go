package plan

import (
	"encoding/json"
	"fmt"
)

// Deferred stands in a Computed for a value that is worked out only when its
// field is selected: once for each set of arguments it is selected with.
type Deferred struct {
	work func(Args) (any, error)
	done map[string]any
}

// Defer defers a value. work gets the arguments with their defaults and gives a
// value as a Computed may hold it.
func Defer(work func(Args) (any, error)) *Deferred {
	return &Deferred{work: work, done: map[string]any{}}
}

func (d *Deferred) value(args Args) (any, error) {
	key := fmt.Sprint(map[string]any(args)) // fmt prints maps in order of their keys
	v, known := d.done[key]
	if known {
		return v, nil
	}
	v, err := d.work(args)
	if err == nil {
		d.done[key] = v
	}
	return v, err
}

// value is that of a field of a Computed as it is selected.
func (w *computing) value(c Computed, f chosen) (any, error) {
	switch v := c.Values[f.Name].(type) {
	case *Deferred:
		return v.value(w.args(f))
	case Localized:
		return v[w.args(f).Str("language")], nil
	default:
		return v, nil
	}
}

func (w *computing) args(f chosen) Args {
	if f.args != nil {
		return f.args
	}
	return f.ArgumentMap(w.op.Variables)
}

// Args are the arguments of a field with their defaults. What is absent or of
// another type reads as the zero value.
type Args map[string]any

// Int is a whole number.
func (a Args) Int(name string) int32 {
	n, _ := intOf(a[name])
	return int32(n) // an Int has 32 bits
}

// Float is a number.
func (a Args) Float(name string) float64 {
	switch x := a[name].(type) {
	case float64:
		return x
	case json.Number:
		f, _ := x.Float64()
		return f
	}
	n, _ := intOf(a[name])
	return float64(n)
}

// Str is a text, an enum value or an id.
func (a Args) Str(name string) string {
	s, _ := a[name].(string)
	return s
}

// Strs is a list of them; nil when absent.
func (a Args) Strs(name string) []string { return stringsOf(a[name]) }

// Object is an input object; nil when absent.
func (a Args) Object(name string) Args {
	m, _ := a[name].(map[string]any)
	return m
}
