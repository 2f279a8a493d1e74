package network

import (
	"strconv"
	"strings"
)

// The limits of values, in characters (code points) and elements.
const (
	MaxString = 500
	MaxText   = 10_000
	MaxList   = 1000
)

// Check holds a record against its kind before it is written, and puts its
// values into the form they are stored in, in place: texts cleaned, codes
// normalised, lists without blanks and repeats, histories in order of time, and
// what is then empty taken out of Fields. Slices are replaced, not changed.
//
// The path of an error is the field, for an element of a list also its position
// from 0, and for a part of a history entry its name. Of a person who was erased
// only the time and the visibility may change. What only a store can
// tell (whether an ID exists, whether a unique value is free, whether a tie may
// join its ends) is not checked.
func (k *Kind) Check(r *Record) Errors {
	if k.Log {
		return Errors{Errorf(Forbidden, "records of the kind %s are written by the store only", k.Name)}
	}
	if !k.Kept && r.Erased() {
		return r.checkErased()
	}
	var errs Errors
	for _, name := range sortedKeys(r.Fields) {
		if err := k.settable(name); err != nil && !k.Kept {
			errs = append(errs, err)
		}
	}
	faulty := len(errs)
	for _, f := range k.Fields {
		errs = append(errs, r.checkField(f)...)
	}
	if k.Span && len(errs) == faulty {
		if err := r.Span().Check(); err != nil {
			errs = append(errs, err.At("until"))
		}
	}
	for _, rule := range rules {
		if k.Is(rule.kind) {
			errs = append(errs, rule.check(r)...)
		}
	}
	return errs
}

// settable refuses names that are no field a user may give.
func (k *Kind) settable(name string) *Error {
	f := k.Field(name)
	switch {
	case f == nil:
		return Errorf(UnknownField, "%s has no such field", k.Name).At(name)
	case f.System:
		return Errorf(Forbidden, "it is set by the store; leave it out").At(name)
	}
	return nil
}

func (r *Record) checkField(f *Field) Errors {
	v, given := r.Fields[f.Name]
	if given && !f.System {
		clean, errs := f.Check(v)
		if len(errs) > 0 {
			return errs
		}
		if given = clean != nil; given {
			r.Fields[f.Name] = clean
		} else {
			delete(r.Fields, f.Name)
		}
	}
	if f.Required && !given {
		return Errors{Errorf(Required, "it is required; give a value").At(f.Name)}
	}
	if id, ok := r.Fields[f.Name].(ID); ok && id == r.ID && r.ID != "" && f.Type == Ref {
		return Errors{Errorf(InvalidValue, "it must not be the record itself").At(f.Name)}
	}
	return nil
}

// Check gives a value of the field in the form it is stored in, nil when
// nothing is left of it. The path of an error begins with the field.
func (f *Field) Check(v any) (any, Errors) {
	clean, errs := f.clean(v)
	for i, e := range errs {
		errs[i] = e.At(f.Name)
	}
	return clean, errs
}

func (f *Field) clean(v any) (any, Errors) {
	switch v := v.(type) {
	case nil:
		return nil, nil
	case string:
		return presentText(f.cleanText(v))
	case int64:
		if f.Type == Int {
			return v, one(f.checkBounds(v))
		}
	case bool:
		if f.Type == Bool {
			return v, nil
		}
	case PartialDate:
		if f.Type == Dated && !v.IsZero() {
			return v, nil
		} else if f.Type == Dated {
			return nil, nil
		}
	case ID:
		if f.Type == Ref || f.Type == RecordID {
			if v == "" {
				return nil, nil
			}
			_, err := ParseID(string(v))
			return v, asErrors(err)
		}
	case []ID:
		if f.Type == Refs {
			return cleanList(v, func(id ID) (ID, error) { return ParseID(string(id)) })
		}
	case []string:
		if f.Type == Strings {
			return cleanList(v, cleanLine)
		}
	case []DatedValue:
		if f.Type == HistoryList {
			return f.cleanHistory(v)
		}
	}
	return nil, one(f.errType())
}

// errType says what a value of the field looks like.
func (f *Field) errType() *Error {
	want := "text"
	switch f.Type {
	case Int:
		want = "a whole number"
	case Bool:
		want = "true or false"
	case EnumValue:
		want = "one of " + f.Enum.values()
	case Dated:
		want = "a date as text: 2022-02-01, 2022-02, 2022, FY2022 or unknown"
	case Strings:
		want = "a list of texts"
	case Ref, RecordID:
		want = "an id"
	case Refs:
		want = "a list of ids"
	case HistoryList:
		want = "a list of objects with from and until"
	}
	return Errorf(InvalidValue, "it must be %s", want)
}

func (f *Field) cleanText(s string) (string, error) {
	switch f.Type {
	case String:
		return cleanLine(s)
	case Text:
		return CleanText(s, MaxText)
	case EnumValue:
		return s, f.Enum.check(s)
	case Code:
		if strings.TrimSpace(s) == "" {
			return "", nil
		}
		return f.Parse(s)
	}
	return "", f.errType()
}

func cleanLine(s string) (string, error) {
	s, err := CleanText(s, MaxString)
	if err == nil && strings.Contains(s, "\n") {
		return "", Errorf(InvalidValue, "it must be a single line; take out the line breaks")
	}
	return s, err
}

func (f *Field) checkBounds(n int64) *Error {
	switch {
	case f.Min == 0 && f.Max == 0, f.Min <= n && n <= f.Max:
		return nil
	}
	return Errorf(OutOfRange, "it must be %d to %d", f.Min, f.Max)
}

// check passes "", which stands for absent.
func (e *Enum) check(s string) error {
	if s == "" || e.Has(s) {
		return nil
	}
	return Errorf(InvalidValue, "it is no %s; use one of %s", e.Name, e.values())
}

func (e *Enum) values() string {
	names := make([]string, len(e.Values))
	for i, o := range e.Values {
		names[i] = o.Value
	}
	return strings.Join(names, ", ")
}

// cleanList drops blanks and repeats; nil for an empty list.
func cleanList[T ~string](list []T, clean func(T) (T, error)) (any, Errors) {
	if len(list) > MaxList {
		return nil, Errors{Errorf(OutOfRange, "it has %d elements; at most %d are allowed", len(list), MaxList)}
	}
	var errs Errors
	out := make([]T, 0, len(list))
	seen := make(map[T]bool, len(list))
	for i, v := range list {
		if v == "" {
			continue
		}
		c, err := clean(v)
		for _, e := range asErrors(err) {
			errs = append(errs, e.At(strconv.Itoa(i)))
		}
		if err == nil && c != "" && !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return nil, errs
	}
	return out, errs
}

func presentText(s string, err error) (any, Errors) {
	if err != nil || s == "" {
		return nil, asErrors(err)
	}
	return s, nil
}

func one(err *Error) Errors {
	if err == nil {
		return nil
	}
	return Errors{err}
}

// asErrors is for the errors of this package, which are all *Error.
func asErrors(err error) Errors {
	switch e := err.(type) {
	case nil:
		return nil
	case *Error:
		return one(e)
	}
	return Errors{Errorf(Internal, "%s", err.Error())}
}
