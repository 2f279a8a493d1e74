package store

import (
	"slices"
	"time"

	"github.com/musubi-map/musubi/internal/network"
)

// ID is the ID under which the entry is a record of kind Change.
func (c *Change) ID() network.ID { return ChangeID(c.Revision, c.Seq) }

// Visibility is who may read the entry: the stricter of before and after.
func (c *Change) Visibility() network.Visibility {
	v := c.After.Visibility()
	if c.Before != nil {
		v = max(v, c.Before.Visibility())
	}
	return v
}

// Parties are the records without which an entry must not be known: both ends of
// a tie, what a statement is about; before and after, and of what was withdrawn.
func (c *Change) Parties() []network.ID {
	var out []network.ID
	for _, r := range c.states() {
		switch r.Kind {
		case network.TieRecord:
			out = append(append(out, r.IDs("subject")...), r.IDs("object")...)
		case network.ClaimRecord:
			out = append(out, r.IDs("record")...)
		}
	}
	return network.Distinct(out)
}

// Personal tells whether the entry is about a statement on a personal field.
func (c *Change) Personal() bool {
	if c.Kind != network.ClaimRecord && c.Kind != network.WithdrawnRecord {
		return false
	}
	return slices.ContainsFunc(c.states(), network.AboutPersonal)
}

// Refs are the records that before and after lead to, each once. Whoever shows
// an entry leaves out of it those that the viewer does not see.
func (c *Change) Refs() []network.ID {
	var out []network.ID
	for _, r := range c.states() {
		for _, f := range network.MustKind(r.Kind).Fields {
			out = append(out, r.IDs(f.Name)...)
		}
	}
	return network.Distinct(out)
}

// states are the record before and after, and what it was where it was withdrawn.
func (c *Change) states() []*network.Record {
	var out []*network.Record
	for _, r := range []*network.Record{c.Before, c.After} {
		if r == nil {
			continue
		}
		out = append(out, r)
		if r.Kind == network.WithdrawnRecord {
			if was := r.Was(); was != nil {
				out = append(out, was)
			}
		}
	}
	return out
}

// Entry is the log entry as a record of kind Change, its version 1. What is
// empty is absent.
func (c *Change) Entry() (*network.Record, error) {
	fields := c.Head()
	for name, state := range map[string]*network.Record{"before": c.Before, "after": c.After} {
		if state == nil {
			continue
		}
		data, err := state.MarshalFields()
		if err != nil {
			return nil, err
		}
		fields[name] = string(data)
	}
	return &network.Record{ID: c.ID(), Kind: network.ChangeRecord, Version: 1, Fields: fields}, nil
}

// Head is the fields of the entry without before and after.
func (c *Change) Head() map[string]any {
	fields := map[string]any{
		"visibility": c.Visibility().String(),
		"record":     c.Record,
		"recordKind": c.Kind,
		"revision":   c.Revision,
		"at":         c.At.UTC().Format(time.RFC3339Nano),
		"action":     string(c.Action),
	}
	if c.Actor != "" {
		fields["actor"] = c.Actor
	}
	if c.Reason != "" {
		fields["reason"] = c.Reason
	}
	return fields
}
