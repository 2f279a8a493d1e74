package plan

import (
	"encoding/json"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// appendFields appends the fields of a record as JSON: as it was (a text), or a
// state in the log, with what it leads to and the viewer does not see.
func appendFields(fr *frame, out []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return append(out, v...)
	case []any:
		text, _ := v[0].(string)
		hidden, _ := v[1].([]any)
		withheld, _ := v[2].(bool)
		return append(out, shownFields(fr.who.Viewer, []byte(text), withheld, func(id string) bool { return slices.Contains(hidden, any(id)) })...)
	}
	return append(out, "null"...)
}

// LogState is a state of a record in the log, nil when there is none: its fields
// as JSON, without those that the viewer may not read (withheld: nobody) and without references to
// what is hidden from them.
func LogState(v network.Viewer, r *network.Record, withheld bool, hidden func(network.ID) bool) (any, error) {
	if r == nil {
		return nil, nil
	}
	data, err := r.MarshalFields()
	if err != nil {
		return nil, err
	}
	return Rendered(shownFields(v, data, withheld, func(id string) bool { return hidden(network.ID(id)) })), nil
}

func shownFields(v network.Viewer, data []byte, withheld bool, hidden func(string) bool) []byte {
	if v.Clearance() == network.Restricted && !withheld {
		return data
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(data, &fields) != nil {
		return []byte("null")
	}
	for name, value := range fields {
		if !readsNamed(v, name) || withheld && withheldNamed(name) {
			delete(fields, name)
		} else if kept := withoutHidden(value, hidden); kept != nil {
			fields[name] = kept
		} else {
			delete(fields, name)
		}
	}
	data, _ = json.Marshal(fields)
	return data
}

// withoutHidden is a value without the IDs that are hidden; nil when nothing else
// is in it.
func withoutHidden(value json.RawMessage, hidden func(string) bool) json.RawMessage {
	var one string
	var several []string
	switch {
	case json.Unmarshal(value, &one) == nil:
		if hidden(one) {
			return nil
		}
	case json.Unmarshal(value, &several) == nil && slices.ContainsFunc(several, hidden):
		if several = slices.DeleteFunc(several, hidden); len(several) == 0 {
			return nil
		}
		value, _ = json.Marshal(several)
	}
	return value
}

// readsNamed tells whether the viewer may read the fields of that name, of every
// kind.
func readsNamed(v network.Viewer, name string) bool {
	return !slices.ContainsFunc(network.Kinds(), func(k *network.Kind) bool {
		f := k.Field(name)
		return f != nil && !v.Reads(f)
	})
}

// withheldNamed tells whether an ended consent hides the fields of that name.
func withheldNamed(name string) bool {
	return slices.ContainsFunc(network.Kinds(), func(k *network.Kind) bool {
		f := k.Field(name)
		return f != nil && f.Withheld()
	})
}
