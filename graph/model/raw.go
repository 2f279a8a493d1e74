// Package model holds the Go twins gqlgen makes for the schema's types. None is
// ever filled in: every value is rendered to JSON from its plan, and every input
// is read by the planner from the raw arguments (docs/decisions).
package model

import "io"

// Raw is a rendered value, or an input as it came.
type Raw struct {
	JSON  []byte
	Input any
}

func (r Raw) write(w io.Writer) {
	if r.JSON == nil {
		_, _ = io.WriteString(w, "null")
		return
	}
	_, _ = w.Write(r.JSON)
}

func (r *Raw) keep(v any) error {
	r.Input = v
	return nil
}

// SetJSON stores the rendered value.
func (r *Raw) SetJSON(b []byte) { r.JSON = b }

// RenderedNode is a rendered Node.
type RenderedNode struct{ Raw }

// RenderedStakeholder is a rendered Stakeholder.
type RenderedStakeholder struct{ Raw }

// MarshalGQL writes the value as the plan rendered it.
func (m *RenderedNode) MarshalGQL(w io.Writer) { m.write(w) }

// IsNode makes it a Node.
func (*RenderedNode) IsNode() {}

// MarshalGQL writes the value as the plan rendered it.
func (m *RenderedStakeholder) MarshalGQL(w io.Writer) { m.write(w) }

// IsNode makes it a Node.
func (*RenderedStakeholder) IsNode() {}

// IsStakeholder makes it a Stakeholder.
func (*RenderedStakeholder) IsStakeholder() {}
