package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// share is how many records of a kind a random map has for each stakeholder
// kind's one.
var share = map[string]int{network.TieRecord: 8, "RoleAssignment": 3, "Occupancy": 4, "Claim": 3, "Post": 2, "Area": 4, "Topic": 3}

// RandomGraph is a batch that makes a map of about size records, of every kind
// of the registry, each field given or not, links to whatever the registry
// lets them lead to, every level of visibility and every sort of date.
func RandomGraph(r *rand.Rand, size int) *store.Batch {
	return newMap(r, size, network.Kinds()).creation()
}

// randomMap is a map of a few to some hundred records, often without some of
// the kinds.
func randomMap(r *rand.Rand) *maker {
	kinds := network.Kinds()
	if r.IntN(2) == 0 {
		kinds = someKinds(r)
	}
	return newMap(r, pick(r, []int{5, 20, 40, 80, 150}), kinds)
}

// anchors are kinds that a map always has: claims can be about them.
var anchors = []string{"School", "Person", "Post", "Initiative", "Company"}

// someKinds leaves kinds out, and those that cannot be without them.
func someKinds(r *rand.Rand) []*network.Kind {
	in := map[string]bool{}
	for _, k := range network.Kinds() {
		in[k.Name] = slices.Contains(anchors, k.Name) || r.IntN(5) > 0
	}
	for changed := true; changed; {
		changed = false
		for _, k := range network.Kinds() {
			if in[k.Name] && !complete(k, in) {
				in[k.Name], changed = false, true
			}
		}
	}
	var out []*network.Kind
	for _, k := range network.Kinds() {
		if in[k.Name] {
			out = append(out, k)
		}
	}
	return out
}

// complete tells whether each required link has something to lead to.
func complete(k *network.Kind, in map[string]bool) bool {
	for _, f := range k.Fields {
		if f.Required && f.IsRef() && !slices.ContainsFunc(f.Targets, func(t string) bool { return in[t] }) {
			return false
		}
	}
	return true
}

func newMap(r *rand.Rand, size int, kinds []*network.Kind) *maker {
	m := &maker{r: r, have: map[string][]network.ID{}}
	shares := 0
	for _, k := range kinds {
		shares += shareOf(k)
	}
	n := 0
	for _, k := range kinds {
		for range max(1, size*shareOf(k)/shares) * min(1, shareOf(k)) {
			// IDs do not sort by kind or by the order of writing.
			m.have[k.Name] = append(m.have[k.Name], network.ID(fmt.Sprintf("%c%d", 'a'+rune(r.IntN(26)), n)))
			n++
		}
	}
	return m
}

// creation enters the records of the map, the ties first made: claims can be
// about those that there are.
func (m *maker) creation() *store.Batch {
	b := &store.Batch{Actor: pick(m.r, words), Reason: m.word(), At: noon}
	enter := func(k *network.Kind) {
		var made []network.ID
		for _, id := range m.have[k.Name] {
			if rec := m.mapped(k, id); rec != nil {
				made = append(made, id)
				b.Writes = append(b.Writes, store.Write{Action: store.Create, After: rec})
			}
		}
		m.have[k.Name] = made
	}
	enter(network.TieKindRecord())
	for _, k := range network.Kinds() {
		if k != network.TieKindRecord() {
			enter(k)
		}
	}
	m.r.Shuffle(len(b.Writes), func(i, j int) { b.Writes[i], b.Writes[j] = b.Writes[j], b.Writes[i] })
	return b
}

func shareOf(k *network.Kind) int {
	if k.Log {
		return 0
	}
	return max(1, share[k.Name])
}

// mapped is a record of a random map; one in four is hidden from somebody.
func (m *maker) mapped(k *network.Kind, id network.ID) *network.Record {
	rec := m.record(k, id, 1+m.r.IntN(9))
	if m.r.IntN(3) == 0 {
		delete(rec.Fields, "visibility")
	}
	if k.Name == network.TieRecord && !m.joinable(rec) {
		return nil
	}
	if f := k.Field("record"); f != nil {
		rec.Fields["record"] = m.anyID()
	}
	m.uproot(k, rec)
	return rec
}

// uproot drops references of a kind to itself that would make a circle: they
// lead to records made before only.
func (m *maker) uproot(k *network.Kind, rec *network.Record) {
	for _, f := range k.Fields {
		to, ok := rec.Fields[f.Name].(network.ID)
		if !ok || f.Required {
			continue
		}
		for _, id := range m.have[k.Name] {
			if id == rec.ID {
				break
			}
			if id == to {
				to = ""
				break
			}
		}
		if to != "" && slices.Contains(m.have[k.Name], to) {
			delete(rec.Fields, f.Name)
		}
	}
}

// anyID is the ID of a tie or of another record that is always made.
func (m *maker) anyID() network.ID {
	if ties := m.have[network.TieRecord]; len(ties) > 0 && m.r.IntN(3) == 0 {
		return pick(m.r, ties)
	}
	return m.someOf([]string{pick(m.r, anchors)})
}

// update changes some of the records of a map once more, values and links, so
// that there is a log with a before and an after.
func (m *maker) update(b *store.Batch) *store.Batch {
	out := &store.Batch{Actor: "second", At: noon}
	m.n = 500 // codes not given yet
	for _, w := range b.Writes {
		if m.r.IntN(6) > 0 {
			continue
		}
		after := w.After.Clone()
		for _, f := range network.MustKind(after.Kind).Fields {
			if f.Immutable || f.System || f.Required || slices.Contains(f.Targets, after.Kind) || f.Name == "until" || f.Name == "from" || f.Name == "importKey" || f.Unique {
				continue
			}
			switch m.r.IntN(5) {
			case 0, 1:
				delete(after.Fields, f.Name)
			case 2:
				if v := m.value(f); v != nil {
					after.Fields[f.Name] = v
				}
			}
		}
		out.Writes = append(out.Writes, store.Write{Action: store.Update, IfVersion: 1, After: after})
	}
	return out
}
