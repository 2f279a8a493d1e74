package answer

import (
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// ContactPoints are the parties that appear in at least two of the initiatives
// in which one party has one of the functions (any, when none is given).
func (q *Question) ContactPoints(of network.ID, in []string) (*Answer, error) {
	role := network.MustKind("RoleAssignment")
	where := store.And{store.Compare{Field: role.Field("function"), Op: store.Null, Value: false}, store.Compare{Field: role.Field("status"), Op: store.NE, Value: "PROPOSED"}}
	if len(in) > 0 {
		where[0] = store.Compare{Field: role.Field("function"), Op: store.IN, Value: anys(in)}
	}
	a := q.query()
	found := a.ByID(ask.Of(network.StakeholderInterface).
		Many("roles", ask.Of("RoleAssignment").One("initiative", divisionSel()), ask.Where(where)), of)
	revision, err := q.run(a)
	if err != nil {
		return nil, err
	}
	if !found.First().Found() {
		return nil, notFound("of", "stakeholder")
	}
	var initiatives []rolemap.Named
	seen := map[network.ID]bool{}
	for _, r := range found.First().Many("roles") {
		if i := r.One("initiative"); i.Found() && !seen[i.ID()] {
			seen[i.ID()] = true
			initiatives = append(initiatives, rolemap.Named{ID: i.ID(), Input: division(i, q.AsOf)})
		}
	}
	return answer(revision, "ContactPoints", map[string]any{
		"initiatives": list(initiatives, func(n rolemap.Named) any { return held(n.ID, "Initiative") }),
		"points":      list(rolemap.ContactPoints(initiatives, of), contactPointValue),
	})
}

func anys[T any](items []T) []any { return list(items, func(x T) any { return x }) }

func contactPointValue(p rolemap.ContactPoint) any {
	return object("ContactPoint", map[string]any{
		"party": held(p.Party, network.StakeholderInterface),
		"appearances": list(p.Appearances, func(a rolemap.Appearance) any {
			return object("ContactAppearance", map[string]any{
				"initiative": held(a.Initiative, "Initiative"), "isParty": a.Party,
				"roles": list(a.Roles, func(r rolemap.Role) any { return held(r.ID, "RoleAssignment") }),
			})
		}),
	})
}

// RolesOf is what an organisation does across initiatives, itself and through
// its posts; of a person, through the posts they hold.
func (q *Question) RolesOf(holder network.ID) (*Answer, error) {
	role := func() *ask.Sel {
		return ask.Of("RoleAssignment", "responsibility", "function", "status").
			One("initiative", ask.Of("Initiative")).
			One("activity", ask.Of("Activity").One("initiative", ask.Of("Initiative")))
	}
	a := q.query()
	found := a.ByID(ask.Of(network.StakeholderInterface, "staff").
		Many("roles", role()).
		Many("initiatives", ask.Of("Initiative")).
		Many("posts", ask.Of("Post").Many("roles", role()).Count("holders", ask.Of(network.IndividualInterface)), ask.By("name")), holder)
	revision, err := q.run(a)
	if err != nil {
		return nil, err
	}
	row := found.First()
	if !row.Found() {
		return nil, notFound("holder", "stakeholder")
	}
	d := duties{at: map[network.ID]int{}, counts: map[string]int{}}
	for _, r := range row.Many("roles") {
		d.add(r, "", false)
	}
	for _, p := range row.Many("posts") {
		for _, r := range p.Many("roles") {
			d.add(r, p.ID(), p.Count("holders") == 0)
		}
	}
	for _, i := range row.Many("initiatives") {
		d.of(i.ID())["isParty"] = true
	}
	var staff any
	if n, ok := row.Int("staff"); ok {
		staff = n
	}
	return answer(revision, "HolderRoles", map[string]any{
		"holder": held(holder, network.StakeholderInterface), "staff": staff,
		"initiatives": list(d.initiatives, func(v map[string]any) any { return object("HolderInitiative", v) }),
		"responsible": d.counts["RESPONSIBLE"], "accountable": d.counts["ACCOUNTABLE"], "consulted": d.counts["CONSULTED"], "informed": d.counts["INFORMED"],
	})
}

// duties collects roles by initiative.
type duties struct {
	at          map[network.ID]int
	initiatives []map[string]any
	counts      map[string]int
}

func (d *duties) of(initiative network.ID) map[string]any {
	i, known := d.at[initiative]
	if !known {
		i = len(d.initiatives)
		d.at[initiative] = i
		d.initiatives = append(d.initiatives, map[string]any{"initiative": held(initiative, "Initiative"), "isParty": false, "roles": []any{}})
	}
	return d.initiatives[i]
}

func (d *duties) add(r ask.Row, post network.ID, vacant bool) {
	activity := r.One("activity")
	initiative := r.One("initiative").ID()
	if activity.Found() {
		initiative = activity.One("initiative").ID()
	}
	if initiative == "" {
		return
	}
	if r.Str("status") != "PROPOSED" {
		d.counts[r.Str("responsibility")]++
	}
	in := d.of(initiative)
	in["roles"] = append(in["roles"].([]any), object("HolderRole", map[string]any{
		"activity": held(activity.ID(), "Activity"), "role": held(r.ID(), "RoleAssignment"), "through": held(post, "Post"), "vacant": vacant,
	}))
}

// Interlocks is who sits in several of the bodies, and which bodies share them.
func (q *Question) Interlocks(bodies store.Expr) (*Answer, error) {
	a := q.query()
	found := a.Scan(ask.Of(network.OrganizationInterface).
		Many("posts", ask.Of("Post").Many("occupancies", ask.Of("Occupancy").
			One("person", ask.Of(network.IndividualInterface)).
			One("onBehalfOf", ask.Of(network.OrganizationInterface)))), ask.Where(bodies))
	revision, err := q.run(a)
	if err != nil {
		return nil, err
	}
	var seats []rolemap.Seat
	for _, body := range found.Rows() {
		for _, post := range body.Many("posts") {
			for _, o := range post.Many("occupancies") {
				if p := o.One("person"); p.Found() {
					seats = append(seats, rolemap.Seat{ID: o.ID(), Person: p.ID(), Post: post.ID(), Body: body.ID(), OnBehalfOf: o.One("onBehalfOf").ID()})
				}
			}
		}
	}
	sitters, locks := rolemap.Interlocks(seats)
	return answer(revision, "Interlocks", map[string]any{
		"people": list(sitters, func(s rolemap.Sitter) any {
			return object("Sitter", map[string]any{
				"person": held(s.Person, network.IndividualInterface),
				"seats":  list(s.Seats, func(seat rolemap.Seat) any { return held(seat.ID, "Occupancy") }),
			})
		}),
		"bodies": list(locks, func(l rolemap.Interlock) any {
			return object("Interlock", map[string]any{
				"a": held(l.A, network.OrganizationInterface), "b": held(l.B, network.OrganizationInterface),
				"people": holds(l.People, network.IndividualInterface), "senders": holds(l.Behind, network.OrganizationInterface),
			})
		}),
	})
}
