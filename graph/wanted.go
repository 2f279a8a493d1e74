package graph

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// maxAbout bounds the list of a filter's about.
const maxAbout = 100

// wantedChanges says which changes a subscriber wants; the zero value, all.
type wantedChanges struct {
	kind, record, action comparison
	about                []network.ID
}

// comparison is what eq, ne and in ask of a value. An absent condition holds.
type comparison struct {
	eq, ne *string
	in     []string
	isNull *bool
}

func readWanted(filter map[string]any) (wantedChanges, error) {
	w := wantedChanges{
		kind: readComparison(filter["kind"]), record: readComparison(filter["record"]), action: readComparison(filter["action"]),
		about: idsIn(filter["about"]),
	}
	if len(w.about) > maxAbout {
		return w, network.Errorf(network.OutOfRange, "at most %d records; %d were given", maxAbout, len(w.about)).At("about")
	}
	return w, nil
}

func readComparison(v any) comparison {
	m, _ := v.(map[string]any)
	c := comparison{in: textsIn(m["in"])}
	if s, ok := m["eq"].(string); ok {
		c.eq = &s
	}
	if s, ok := m["ne"].(string); ok {
		c.ne = &s
	}
	if b, ok := m["isNull"].(bool); ok {
		c.isNull = &b
	}
	return c
}

func (c comparison) holds(value string) bool {
	return (c.eq == nil || *c.eq == value) && (c.ne == nil || *c.ne != value) &&
		(c.in == nil || slices.Contains(c.in, value)) && (c.isNull == nil || !*c.isNull)
}

// want tells whether the change is wanted. What leads to a record by a personal
// field does not count for a viewer who may not read those.
func (w wantedChanges) want(v network.Viewer, c *store.Change) bool {
	return w.wantsKind(c) && w.record.holds(string(c.Record)) && w.action.holds(string(c.Action)) &&
		(w.about == nil || slices.Contains(w.about, c.Record) || w.pointedFrom(v, c.Before) || w.pointedFrom(v, c.After))
}

// wantsKind looks at the kind before and after: a tie that is withdrawn was one.
func (w wantedChanges) wantsKind(c *store.Change) bool {
	return w.kind.holds(network.ScreamingName(c.Kind)) || c.Before != nil && w.kind.holds(network.ScreamingName(c.Before.Kind))
}

func (w wantedChanges) pointedFrom(v network.Viewer, r *network.Record) bool {
	return r != nil && r.PointsTo(w.about, v.Reads)
}

// without is what is wanted when records are hidden: of those asked for by about,
// the others; of none, nothing.
func (w wantedChanges) without(hidden func(network.ID) bool) wantedChanges {
	w.about = slices.DeleteFunc(slices.Clone(w.about), hidden)
	return w
}
