package analysis

import (
	"cmp"
	"maps"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Snapshot is a network as of a day: its nodes and the ties that hold, whose
// ends are indices into Nodes.
type Snapshot struct {
	Nodes []network.ID
	Ties  []Tie
}

// Diff is what changed between two snapshots, each list in order of IDs.
type Diff struct {
	NodesBegun, NodesEnded []network.ID
	TiesBegun, TiesEnded   []network.ID
	TiesChanged            []TieChange
}

// TieChange is a tie of another strength than before. The IDs differ when the
// old record was ended and a new one begun, of the same kind between the same
// two: tied all along, and no beginning or end.
type TieChange struct {
	Before, After                 network.ID
	StrengthBefore, StrengthAfter int8
}

// Compare finds what began, ended and changed from one snapshot to the other,
// by IDs. A tie that was renewed (ended and begun anew, same kind, same ends;
// of mutual kinds in either order) counts as changed when its strength did, and
// not at all when it did not; of several such, the first by ID go together.
//
// Errors: OUT_OF_RANGE for a tie to no node, DUPLICATE for an ID given twice in
// a snapshot.
func Compare(before, after Snapshot) (*Diff, error) {
	for _, s := range []Snapshot{before, after} {
		if err := s.check(); err != nil {
			return nil, err
		}
	}
	d := &Diff{}
	d.NodesEnded, d.NodesBegun = apart(before.Nodes, after.Nodes)
	was, is := before.byID(), after.byID()
	ended, begun := map[renewal][]network.ID{}, map[renewal][]network.ID{}
	for _, id := range slices.Sorted(maps.Keys(was)) {
		if t, stays := is[id]; !stays {
			key := before.renewal(was[id])
			ended[key] = append(ended[key], id)
		} else if t.Strength != was[id].Strength {
			d.TiesChanged = append(d.TiesChanged, TieChange{id, id, was[id].Strength, t.Strength})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(is)) {
		if _, stayed := was[id]; !stayed {
			key := after.renewal(is[id])
			begun[key] = append(begun[key], id)
		}
	}
	for key, old := range ended {
		renewed := min(len(old), len(begun[key]))
		for i := range renewed {
			a, b := old[i], begun[key][i]
			if was[a].Strength != is[b].Strength {
				d.TiesChanged = append(d.TiesChanged, TieChange{a, b, was[a].Strength, is[b].Strength})
			}
		}
		d.TiesEnded = append(d.TiesEnded, old[renewed:]...)
		begun[key] = begun[key][renewed:]
	}
	for _, ids := range begun {
		d.TiesBegun = append(d.TiesBegun, ids...)
	}
	slices.Sort(d.TiesEnded)
	slices.Sort(d.TiesBegun)
	slices.SortFunc(d.TiesChanged, func(a, b TieChange) int { return cmp.Compare(a.Before, b.Before) })
	return d, nil
}

// renewal is what a tie and the one that takes its place have in common.
type renewal struct {
	kind string
	a, b network.ID
}

func (s Snapshot) renewal(t Tie) renewal {
	a, b := s.Nodes[t.A], s.Nodes[t.B]
	if kind := network.TieKindOf(t.Kind); kind != nil && kind.Mutual && a > b {
		a, b = b, a
	}
	return renewal{t.Kind, a, b}
}

func (s Snapshot) check() error {
	seen := make(map[network.ID]bool, len(s.Nodes))
	for _, id := range s.Nodes {
		if seen[id] {
			return network.Errorf(network.Duplicate, "the node %s is given twice", id)
		}
		seen[id] = true
	}
	clear(seen)
	for _, t := range s.Ties {
		if seen[t.ID] {
			return network.Errorf(network.Duplicate, "the tie %s is given twice", t.ID)
		}
		seen[t.ID] = true
		if uint(t.A) >= uint(len(s.Nodes)) || uint(t.B) >= uint(len(s.Nodes)) {
			return network.Errorf(network.OutOfRange, "the tie %s joins nodes %d and %d of %d", t.ID, t.A, t.B, len(s.Nodes))
		}
	}
	return nil
}

func (s Snapshot) byID() map[network.ID]Tie {
	out := make(map[network.ID]Tie, len(s.Ties))
	for _, t := range s.Ties {
		out[t.ID] = t
	}
	return out
}

// apart gives what is in one of two sets only, sorted.
func apart(a, b []network.ID) (onlyA, onlyB []network.ID) {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	without := func(in, out []network.ID) (rest []network.ID) {
		for _, id := range in {
			if _, found := slices.BinarySearch(out, id); !found {
				rest = append(rest, id)
			}
		}
		return rest
	}
	return without(a, b), without(b, a)
}
