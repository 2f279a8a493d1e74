package edit

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// followHistories keeps a field and the history that overrides it at one:
//
//   - a history that was given sets the field to the entry that holds today;
//   - a field that was given alone corrects that entry.
//
// Names need not be in the history of names: it may list former ones only.
func followHistories(k *network.Kind, r, was *network.Record, given map[string]any, today network.Date) {
	for _, f := range k.Fields {
		if f.Type == network.HistoryList {
			_, explicit := given[f.Name]
			followHistory(k, f, r, was, explicit, today)
		}
	}
}

func followHistory(k *network.Kind, history *network.Field, r, was *network.Record, given bool, today network.Date) {
	entries, _ := r.Fields[history.Name].([]network.DatedValue)
	entries = slices.Clone(entries)
	now := network.HistoryAt(entries, today)
	if now == nil {
		return
	}
	given = given || was == nil || !network.SameValue(r.Fields[history.Name], was.Fields[history.Name])
	for _, f := range k.Fields {
		if f.History != history.Name {
			continue
		}
		part := &now.Value
		if f.HistoryPart == 1 {
			part = &now.Extra
		}
		value := r.Str(f.Name)
		switch {
		case given && *part != "":
			r.Fields[f.Name] = *part
		case given:
			*part = value // the reading of the present name, given beside it
		case value != was.Str(f.Name) && value != "":
			*part = value
			if history.Enum != nil {
				now.Extra = "" // the causes of another stage
			}
		case value != was.Str(f.Name) && f.HistoryPart == 1:
			*part = ""
		}
	}
	r.Fields[history.Name] = entries
}

// rename gives the record a name from the day on: the present one stays in names
// until then. For a correction use [Editor.Update]. A fault has the path of the
// argument.
func rename(r *network.Record, on network.PartialDate, name, kana string, today network.Date) error {
	k := network.MustKind(r.Kind)
	clean, errs := k.Field("name").Check(name)
	reading, more := k.Field("nameKana").Check(kana)
	if errs = append(errs, more...); len(errs) > 0 {
		return errs[0]
	}
	name, _ = clean.(string)
	kana, _ = reading.(string)
	entries, before, ok := closeAt(r, "names", on, network.DatedValue{Value: r.Str("name"), Extra: r.Str("nameKana")})
	switch {
	case name == "":
		return network.Errorf(network.Required, "give the new name").At("name")
	case !ok:
		return network.Errorf(network.InvalidDate, "a name given from that day or later is already known; correct names instead").At("on")
	case before.Value == name:
		return network.Errorf(network.InvalidValue, "it has this name already; update nameKana to correct the reading").At("name")
	}
	r.Fields["names"] = append(entries, network.DatedValue{Value: name, Extra: kana, Span: network.Span{From: on}})
	if on.Earliest() <= today {
		r.Fields["name"], r.Fields["nameKana"] = name, kana
	}
	return nil
}

// closeAt ends the entry of a history that holds on the day; when none does, and
// there is a present value, that becomes the entry from the last one until the
// day. It returns the entries and the one that ends on the day, and is not ok when
// one begins then or later.
func closeAt(r *network.Record, history string, on network.PartialDate, present network.DatedValue) (entries []network.DatedValue, last network.DatedValue, ok bool) {
	old, _ := r.Fields[history].([]network.DatedValue)
	day, closed := on.Earliest(), false
	entries = slices.Clone(old)
	for i := range entries {
		switch e := &entries[i]; {
		case e.Span.Start() >= day:
			return nil, last, false
		case e.Span.Stop() > day:
			e.Span.Until, closed = on, true
			last = *e
		case e.Span.Stop() == day && !closed:
			last = *e
		}
	}
	if closed || present.Value == "" {
		return entries, last, true
	}
	if n := len(entries); n > 0 {
		present.Span.From = entries[n-1].Span.Until
	}
	present.Span.Until = on
	return append(entries, present), present, present.Span.Start() < day
}

// known tells of a date that says something.
func known(p network.PartialDate) bool {
	return !p.IsZero() && p.Precision() != network.PrecisionUnknown
}
