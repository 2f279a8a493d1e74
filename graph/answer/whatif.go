package answer

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store/ask"
)

const maxRemoved = 50

// withRoles is a network with the roles that its stakeholders hold.
type withRoles struct {
	*loaded
	roles []rolemap.Borne
}

// loadWithRoles reads a network with all roles, so that what is kept of it
// serves whoever is asked about.
func (q *Question) loadWithRoles(part plan.Part, houses bool) (*withRoles, error) {
	l, _, err := kept(q, "network with roles", jsonText(part.Given)+fmt.Sprint(houses), func(q *Question) (*withRoles, int64, int64, error) {
		a := q.networkQuery(part, houses, nil)
		work := ask.Of("Initiative", "stage", "name")
		roles := a.Scan(ask.Of("RoleAssignment", "responsibility", "function", "status").One("holder", holderSel()).
			One("initiative", work).One("activity", ask.Of("Activity", "position").One("initiative", work)))
		revision, err := q.run(a.Query)
		if err != nil {
			return nil, 0, 0, err
		}
		out := &withRoles{loaded: a.loaded(revision, part.Posts)}
		rows := slices.Clone(roles.Rows())
		slices.SortStableFunc(rows, inOrderOfWork)
		for _, r := range rows {
			if b, counts := borne(r, q.AsOf); counts {
				out.roles = append(out.roles, b)
			}
		}
		return out, revision, out.bytes() + int64(300*len(out.roles)), nil
	})
	return l, err
}

// inOrderOfWork puts roles in order of initiative, then functions first and
// activities from the top of the role map, then what is done.
func inOrderOfWork(a, b ask.Row) int {
	key := func(r ask.Row) (initiative string, position int64, duty string) {
		activity := r.One("activity")
		if !activity.Found() {
			return r.One("initiative").Str("name"), -1, r.Str("function")
		}
		position, _ = activity.Int("position")
		return activity.One("initiative").Str("name"), position, r.Str("responsibility")
	}
	nameA, positionA, dutyA := key(a)
	nameB, positionB, dutyB := key(b)
	return cmp.Or(cmp.Compare(nameA, nameB), cmp.Compare(positionA, positionB), cmp.Compare(dutyA, dutyB))
}

// borne reads a role; false when the initiative is over.
func borne(r ask.Row, on network.Date) (rolemap.Borne, bool) {
	holder, activity, initiative := r.One("holder"), r.One("activity"), r.One("initiative")
	if activity.Found() {
		initiative = activity.One("initiative")
	}
	b := rolemap.Borne{Placed: rolemap.Placed{Role: roleOf(r, on), Activity: activity.ID()}, Initiative: initiative.ID()}
	if !holder.Found() || !initiative.Found() || over(initiative) {
		return b, false
	}
	if holder.Kind().Name == "Post" {
		b.People = holdersOf(holder, on)
	}
	return b, true
}

// WhatIf is what falls apart when stakeholders leave, withPeople also the people
// who hold posts in them and in no other organisation.
func (q *Question) WhatIf(part plan.Part, remove []string, withPeople bool, by string) (*Answer, error) {
	if len(remove) == 0 || len(remove) > maxRemoved {
		return nil, network.Errorf(network.OutOfRange, "give 1 to %d ids", maxRemoved).At("remove")
	}
	l, err := q.loadWithRoles(part, houses(by) || withPeople)
	if err != nil {
		return nil, err
	}
	v, err := q.view(part, l.loaded, Mode{})
	if err != nil {
		return nil, err
	}
	w := &leaving{view: v, gone: map[network.ID]bool{}}
	for i, id := range remove {
		node, known := l.at[network.ID(id)]
		if !known {
			return nil, network.Errorf(network.NotFound, "this stakeholder is not part of the network").At("remove", strconv.Itoa(i))
		}
		w.remove(node)
	}
	if withPeople {
		w.removePeople()
	}
	slices.Sort(w.nodes)
	if w.sectors, err = v.sectors(by); err != nil {
		return nil, err
	}
	w.loss, err = measured(v, "loss", fmt.Sprint(by, w.nodes), func(context.Context) (*analysis.Loss, int64, error) {
		loss, err := analysis.WithoutNodes(v.g, w.nodes, w.sectors.Partition)
		return loss, int64(16 * len(l.ids)), err
	})
	if err != nil {
		return nil, err
	}
	return answer(l.revision, "WhatIf", v.basis(w.values(l.roles), whatIfOf))
}

// leaving is the network with those who leave it.
type leaving struct {
	*view
	gone    map[network.ID]bool
	nodes   []int32
	sectors *sectors
	loss    *analysis.Loss
}

func (w *leaving) remove(node int32) {
	if id := w.l.ids[node]; !w.gone[id] {
		w.gone[id] = true
		w.nodes = append(w.nodes, node)
	}
}

// removePeople has those leave who hold posts only in what leaves.
func (w *leaving) removePeople() {
	stays := func(body int32) bool { return !w.gone[w.l.ids[body]] }
	for person, bodies := range w.l.homes {
		if !slices.ContainsFunc(bodies, stays) {
			w.remove(person)
		}
	}
}

func (w *leaving) values(roles []rolemap.Borne) map[string]any {
	return map[string]any{
		"removed":          w.l.holds(w.nodes),
		"componentsBefore": w.loss.ComponentsBefore, "componentsAfter": w.loss.ComponentsAfter,
		"largestBefore": w.loss.LargestBefore, "largestAfter": w.loss.LargestAfter,
		"cutOffCount": len(w.loss.CutOff), "cutOff": w.members(w.loss.CutOff),
		"pairs": w.loss.Pairs, "lostPairs": w.loss.Lost, "lostPaths": plan.Defer(w.lostPaths),
		"lostContacts": plan.Defer(func(args plan.Args) (any, error) {
			found, err := w.contacts(args)
			if err != nil {
				return nil, err
			}
			shown, err := firstOf(w.q, found, args.Int("first"))
			return list(shown, w.lostContact), err
		}),
		"lostContactCount": plan.Defer(func(args plan.Args) (any, error) {
			found, err := w.contacts(args)
			return len(found), err
		}),
		"emptiedRoles": list(rolemap.Emptied(roles, w.gone), emptiedRole),
	}
}

func (w *leaving) lostPaths(args plan.Args) (any, error) {
	lost := slices.Clone(w.loss.Sectors)
	slices.SortStableFunc(lost, func(a, b analysis.SectorLoss) int { return cmp.Compare(b.Before-b.After, a.Before-a.After) })
	shown, err := firstOf(w.q, lost, args.Int("first"))
	return list(shown, func(s analysis.SectorLoss) any {
		return object("LostPath", map[string]any{"a": w.sectors.sector(s.A), "b": w.sectors.sector(s.B), "before": s.Before, "after": s.After, "severed": s.Severed()})
	}), err
}

// contacts are the lost contacts by sector, or those of one sector.
func (w *leaving) contacts(args plan.Args) ([]analysis.LostContact, error) {
	out := slices.Clone(w.loss.Contacts)
	if value := args.Str("sector"); value != "" {
		s, err := w.l.find(w.sectors, value)
		if err != nil {
			return nil, atArgument(err, "sector")
		}
		out = slices.DeleteFunc(out, func(c analysis.LostContact) bool { return c.Sector != s })
	}
	slices.SortStableFunc(out, func(a, b analysis.LostContact) int { return cmp.Compare(a.Sector, b.Sector) })
	return out, nil
}

func (w *leaving) lostContact(c analysis.LostContact) any {
	var through []int32
	for _, u := range w.g.Neighbors(c.Node, network.Both) {
		if w.sectors.Of[u] == c.Sector {
			through = append(through, u)
		}
	}
	return object("LostContact", map[string]any{"stakeholder": w.l.held(c.Node), "sector": w.sectors.sector(c.Sector), "through": w.l.holds(through)})
}

func emptiedRole(r rolemap.Borne) any {
	var post network.ID
	if r.Holder.Kind == "Post" {
		post = r.Holder.ID
	}
	return object("EmptiedRole", map[string]any{
		"role": held(r.ID, "RoleAssignment"), "activity": held(r.Activity, "Activity"), "initiative": held(r.Initiative, "Initiative"), "post": held(post, "Post"),
	})
}
