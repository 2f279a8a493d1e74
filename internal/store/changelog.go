package store

import (
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
