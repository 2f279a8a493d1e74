package storetest

import (
	"fmt"
	"math/rand/v2"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// share is how many records of a kind a random map has for each stakeholder
// kind's one.
var share = map[string]int{network.TieRecord: 8, "RoleAssignment": 3, "Occupancy": 4, "Claim": 3, "Post": 2, "Area": 2}

// RandomGraph is a batch that makes a map of about size records, of every kind
// of the registry, each field given or not, links to whatever the registry
// lets them lead to, every level of visibility and every sort of date.
func RandomGraph(r *rand.Rand, size int) *store.Batch {
	m := &maker{r: r, have: map[string][]network.ID{}}
	shares := 0
	for _, k := range network.Kinds() {
		shares += shareOf(k)
	}
	n := 0
	for _, k := range network.Kinds() {
		for range max(1, size*shareOf(k)/shares) * min(1, shareOf(k)) {
			// IDs do not sort by kind or by the order of writing.
			m.have[k.Name] = append(m.have[k.Name], network.ID(fmt.Sprintf("%c%d", 'a'+rune(r.IntN(26)), n)))
			n++
		}
	}
	b := &store.Batch{Actor: pick(r, words), Reason: m.word(), At: noon}
	for _, k := range network.Kinds() {
		for _, id := range m.have[k.Name] {
			if rec := m.mapped(k, id); rec != nil {
				b.Writes = append(b.Writes, store.Write{Action: store.Create, After: rec})
			}
		}
	}
	r.Shuffle(len(b.Writes), func(i, j int) { b.Writes[i], b.Writes[j] = b.Writes[j], b.Writes[i] })
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
		if to != "" && contains(m.have[k.Name], to) {
			delete(rec.Fields, f.Name)
		}
	}
}

// anyID is the ID of a stakeholder or post: records that are always made.
func (m *maker) anyID() network.ID {
	return m.someOf(pick(m.r, [][]string{{"School"}, {"Person"}, {"Post"}, {"Initiative"}, {"Company"}}))
}

func contains[T comparable](list []T, v T) bool {
	for _, e := range list {
		if e == v {
			return true
		}
	}
	return false
}

// randomUpdate changes some of the records of a map once more, so that there
// is a log with a before and an after.
func randomUpdate(r *rand.Rand, b *store.Batch) *store.Batch {
	out := &store.Batch{Actor: "second", At: noon}
	m := &maker{r: r, n: 500}
	for _, w := range b.Writes {
		if r.IntN(6) > 0 {
			continue
		}
		after := w.After.Clone()
		for _, f := range network.MustKind(after.Kind).Fields {
			switch {
			case f.Immutable || f.Required || f.IsRef() || f.Name == "until" || f.Name == "from" || f.Name == "importKey" || f.Unique:
			case r.IntN(3) == 0:
				delete(after.Fields, f.Name)
			case r.IntN(3) == 0:
				after.Fields[f.Name] = m.value(f)
			}
		}
		out.Writes = append(out.Writes, store.Write{Action: store.Update, IfVersion: 1, After: after})
	}
	return out
}
