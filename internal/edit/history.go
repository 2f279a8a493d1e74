package edit

import (
	"reflect"
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
	given = given || was == nil || !reflect.DeepEqual(r.Fields[history.Name], was.Fields[history.Name])
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

// rename closes the name that holds on the day and begins another. It returns a
// fault with the path of the argument.
func rename(r *network.Record, on network.PartialDate, name, kana string, today network.Date) *network.Error {
	day := on.Earliest()
	entries, closed, ok := closeAt(r, "names", on)
	if !ok {
		return network.Errorf(network.InvalidDate, "a name given from that day or later is already known; correct names instead").At("on")
	}
	if !closed {
		before := network.DatedValue{Value: r.Str("name"), Extra: r.Str("nameKana"), Span: network.Span{Until: on}}
		if n := len(entries); n > 0 && entries[n-1].Span.Until.Precision() == network.PrecisionDay {
			before.Span.From = entries[n-1].Span.Until
		}
		entries = append(entries, before)
	}
	r.Fields["names"] = append(entries, network.DatedValue{Value: name, Extra: kana, Span: network.Span{From: on}})
	if day <= today {
		r.Fields["name"], r.Fields["nameKana"] = name, kana
	}
	return nil
}

// closeAt ends the entry of a history that holds on the day. It is not ok when
// one begins on the day or later.
func closeAt(r *network.Record, history string, on network.PartialDate) (entries []network.DatedValue, closed, ok bool) {
	old, _ := r.Fields[history].([]network.DatedValue)
	day := on.Earliest()
	entries = slices.Clone(old)
	for i := range entries {
		switch e := &entries[i]; {
		case e.Span.Start() >= day:
			return nil, false, false
		case e.Span.Stop() > day:
			e.Span.Until, closed = on, true
		}
	}
	return entries, closed, true
}
