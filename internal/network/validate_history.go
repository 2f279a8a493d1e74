package network

import (
	"slices"
	"strconv"
	"strings"
)

// cleanHistory checks the entries of a history and puts them in order of time.
func (f *Field) cleanHistory(h []DatedValue) (any, Errors) {
	if len(h) > MaxList {
		return nil, Errors{Errorf(OutOfRange, "it has %d entries; at most %d are allowed", len(h), MaxList)}
	}
	var errs Errors
	out := slices.Clone(h)
	for i := range out {
		for _, e := range f.cleanEntry(&out[i]) {
			errs = append(errs, e.At(strconv.Itoa(i)))
		}
	}
	if len(out) == 0 {
		return nil, errs
	}
	slices.SortStableFunc(out, func(a, b DatedValue) int {
		if c := int(a.Span.Start()) - int(b.Span.Start()); c != 0 {
			return c
		}
		return int(a.Span.Stop()) - int(b.Span.Stop())
	})
	return out, errs
}

func (f *Field) cleanEntry(e *DatedValue) Errors {
	value, extra := "name", "nameKana"
	if f.Enum != nil {
		value, extra = f.Enum.inputName(), "causes"
	}
	var errs Errors
	keep := func(part string, into *string, clean func(string) (string, error)) {
		s, err := clean(*into)
		*into = s
		for _, e := range asErrors(err) {
			errs = append(errs, e.At(part))
		}
	}
	if f.Enum != nil {
		keep(value, &e.Value, func(s string) (string, error) { return s, f.Enum.check(s) })
		keep(extra, &e.Extra, func(s string) (string, error) { return cleanCauses(e.Value, s) })
	} else {
		keep(value, &e.Value, cleanLine)
		keep(extra, &e.Extra, cleanLine)
	}
	keep("note", &e.Note, func(s string) (string, error) { return CleanText(s, MaxText) })
	if e.Value == "" && len(errs) == 0 {
		errs = append(errs, Errorf(Required, "it is required; give a value").At(value))
	}
	if err := e.Span.Check(); err != nil {
		errs = append(errs, err.At("until"))
	}
	return errs
}

// inputName is the name of the value in a history entry: stage for Stage.
func (e *Enum) inputName() string { return strings.ToLower(e.Name[:1]) + e.Name[1:] }

// cleanCauses checks the causes of a stage, separated by "|", and drops
// repeats. Only STALLED has causes.
func cleanCauses(stage, causes string) (string, error) {
	if causes == "" {
		return "", nil
	}
	if stage != "STALLED" {
		return "", Errorf(InvalidValue, "only STALLED has causes; leave them out")
	}
	var out []string
	for c := range strings.SplitSeq(causes, "|") {
		if err := StallCauseEnum.check(c); err != nil {
			return "", err
		}
		if c != "" && !contains(out, c) {
			out = append(out, c)
		}
	}
	return strings.Join(out, "|"), nil
}
