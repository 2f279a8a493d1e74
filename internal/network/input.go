package network

import (
	"encoding/json"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// ParseInput turns what a client sent for a record of the kind into typed
// fields for [Record].Fields. Values are those of a GraphQL input or of JSON:
//
//   - text, codes and enum values: string (or a type made of string)
//   - numbers: int, int32, int64, an integral float64, or json.Number
//   - dates: what [ParsePartialDate] reads
//   - references: the id as a string
//   - lists: []any or a slice of the above; a single value is a list of one
//   - names: objects {name, nameKana, from, until}, until exclusive
//   - stages: objects {stage, causes, note, from, until}
//
// Values already of the stored type pass. nil means cleared with partial, and
// absent without. Every fault is reported, its path beginning with the field;
// whether values and combinations are allowed is for [Kind.Check].
func ParseInput(k *Kind, raw map[string]any, partial bool) (fields map[string]any, cleared []string, errs Errors) {
	fields = make(map[string]any, len(raw))
	for _, name := range sortedKeys(raw) {
		if err := k.settable(name); err != nil {
			errs = append(errs, err)
			continue
		}
		f, v := k.Field(name), raw[name]
		if v == nil {
			if partial {
				cleared = append(cleared, name)
			}
			continue
		}
		typed, faults := f.parse(v)
		for _, e := range faults {
			errs = append(errs, e.At(name))
		}
		if len(faults) == 0 {
			fields[name] = typed
		}
	}
	return fields, cleared, errs
}

func (f *Field) parse(v any) (any, Errors) {
	switch f.Type {
	case Int:
		if n, ok := wholeNumber(v); ok {
			return n, nil
		}
	case Bool:
		if b, ok := v.(bool); ok {
			return b, nil
		}
	case Dated:
		return dateInput(v, f)
	case Ref, RecordID:
		if s, ok := textInput(v); ok {
			id, err := ParseID(s)
			return id, asErrors(err)
		}
	case Refs:
		return listInput(v, func(v any) (ID, *Error) {
			s, ok := textInput(v)
			if !ok {
				return "", Errorf(InvalidValue, "it must be an id")
			}
			id, err := ParseID(s)
			if errs := asErrors(err); len(errs) > 0 {
				return "", errs[0]
			}
			return id, nil
		})
	case Strings:
		return listInput(v, func(v any) (string, *Error) {
			s, ok := textInput(v)
			if !ok {
				return "", Errorf(InvalidValue, "it must be text")
			}
			return s, nil
		})
	case HistoryList:
		return f.historyInput(v)
	default:
		if s, ok := textInput(v); ok {
			return s, nil
		}
	}
	return nil, one(f.errType())
}

func textInput(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return "", false
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.String {
		return r.String(), true
	}
	return "", false
}

func wholeNumber(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	case int32:
		return int64(v), true
	case float64:
		// 2^53: above it a float64 is no longer exact.
		if v == math.Trunc(v) && math.Abs(v) <= 1<<53 {
			return int64(v), true
		}
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		return n, err == nil
	}
	return 0, false
}

func dateInput(v any, f *Field) (any, Errors) {
	switch v := v.(type) {
	case PartialDate:
		return v, nil
	case Date:
		return Day(v), nil
	}
	s, ok := textInput(v)
	if !ok {
		return nil, one(f.errType())
	}
	p, err := ParsePartialDate(s)
	return p, asErrors(err)
}

func listInput[T any](v any, parse func(any) (T, *Error)) (any, Errors) {
	if list, ok := v.([]T); ok {
		return list, nil
	}
	elements := asList(v)
	if len(elements) > MaxList {
		return nil, Errors{Errorf(OutOfRange, "it has %d elements; at most %d are allowed", len(elements), MaxList)}
	}
	out := make([]T, 0, len(elements))
	var errs Errors
	for i, e := range elements {
		t, err := parse(e)
		if err != nil {
			errs = append(errs, err.At(strconv.Itoa(i)))
		}
		out = append(out, t)
	}
	return out, errs
}

// asList is v as a list; by GraphQL's rule of coercion a value that is none is
// a list of one.
func asList(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	if r := reflect.ValueOf(v); r.Kind() == reflect.Slice {
		out := make([]any, r.Len())
		for i := range out {
			out[i] = r.Index(i).Interface()
		}
		return out
	}
	return []any{v}
}

func (f *Field) historyInput(v any) (any, Errors) {
	return flatten(listInput(v, func(v any) (parsedEntry, *Error) {
		m, ok := v.(map[string]any)
		if !ok {
			return parsedEntry{}, f.errType()
		}
		return f.entryInput(m), nil
	}))
}

// parsedEntry carries the faults of an entry out of listInput.
type parsedEntry struct {
	value DatedValue
	errs  Errors
}

func flatten(list any, errs Errors) (any, Errors) {
	entries, ok := list.([]parsedEntry)
	if !ok {
		return nil, errs
	}
	out := make([]DatedValue, len(entries))
	for i, e := range entries {
		out[i] = e.value
		for _, err := range e.errs {
			errs = append(errs, err.At(strconv.Itoa(i)))
		}
	}
	return out, errs
}

func (f *Field) entryInput(m map[string]any) (out parsedEntry) {
	into := map[string]func(any) Errors{
		"from":  func(v any) Errors { return setDate(&out.value.Span.From, v) },
		"until": func(v any) Errors { return setDate(&out.value.Span.Until, v) },
	}
	text := func(p *string) func(any) Errors {
		return func(v any) Errors {
			s, ok := textInput(v)
			if !ok {
				return Errors{Errorf(InvalidValue, "it must be text")}
			}
			*p = s
			return nil
		}
	}
	if f.Enum == nil {
		into["name"], into["nameKana"] = text(&out.value.Value), text(&out.value.Extra)
	} else {
		into[f.Enum.inputName()], into["note"] = text(&out.value.Value), text(&out.value.Note)
		into["causes"] = func(v any) Errors { return setCauses(&out.value.Extra, v) }
	}
	for _, name := range sortedKeys(m) {
		set := into[name]
		switch {
		case set == nil:
			out.errs = append(out.errs, Errorf(UnknownField, "an entry of %s has no such field; it has %s", f.Name, strings.Join(sortedKeys(into), ", ")).At(name))
		case m[name] != nil:
			for _, e := range set(m[name]) {
				out.errs = append(out.errs, e.At(name))
			}
		}
	}
	return out
}

func setDate(into *PartialDate, v any) Errors {
	d, errs := dateInput(v, &Field{Type: Dated})
	*into, _ = d.(PartialDate)
	return errs
}

func setCauses(into *string, v any) Errors {
	list, errs := listInput(v, func(v any) (string, *Error) {
		s, ok := textInput(v)
		if !ok || strings.Contains(s, "|") {
			return "", Errorf(InvalidValue, "it must be one of %s", StallCauseEnum.values())
		}
		return s, nil
	})
	causes, _ := list.([]string)
	*into = strings.Join(causes, "|")
	return errs
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
