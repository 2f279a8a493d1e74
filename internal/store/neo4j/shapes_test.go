package neo4j_test

import (
	"fmt"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// shape is a question as the planner asks it, with what its plan must use to
// find the first records.
type shape struct {
	name   string
	viewer network.Role
	root   *store.Collection // nil: the network alone
	// uses are operators of which each must be in the plan.
	uses    []string
	network *store.SubgraphQuery
}

func of(name string, viewer network.Role, root *store.Collection, uses ...string) shape {
	return shape{name: name, viewer: viewer, root: root, uses: uses}
}

func (s shape) plan() *store.Plan {
	p := &store.Plan{Viewer: network.Viewer{Role: s.viewer}, AsOf: network.MustDate("2024-02-01"), Network: s.network}
	if s.root != nil {
		p.Roots = append(p.Roots, s.root)
	}
	return p
}

func fieldOf(kind, name string) *network.Field { return network.MustKind(kind).Field(name) }

func along(kind, name string, inverse bool) store.Hop {
	return store.Hop{Kind: network.MustKind(kind), Field: fieldOf(kind, name), Inverse: inverse}
}

func columns(kind string, names ...string) []store.Column {
	out := []store.Column{{Builtin: store.RecordID}}
	for _, n := range names {
		out = append(out, store.Column{Field: fieldOf(kind, n)})
	}
	return out
}

// rows asks for rows of one shape, with a child for each of more.
func rows(src store.Source, typ string, cols []store.Column, more ...*store.Collection) *store.Collection {
	for _, m := range more {
		cols = append(cols, store.Column{Child: m})
	}
	kinds := network.Concrete(typ)
	return &store.Collection{Source: src, Kinds: kinds, Rows: true, Shapes: []store.Shape{{Kinds: kinds, Columns: cols}}}
}

func with(c *store.Collection, change func(*store.Collection)) *store.Collection {
	change(c)
	return c
}

var (
	byName   = []store.Order{{Field: fieldOf("School", "name")}}
	strength = []store.Order{{Field: fieldOf("Tie", "strength"), Desc: true}}
)

func tiesOf(dir network.Direction, kinds ...string) *store.Collection {
	other := rows(store.Source{Op: store.Party, End: store.Other}, network.StakeholderInterface, columns("School", "name"))
	other.Single = true
	c := rows(store.Source{Op: store.Ties, Ties: kinds, Dir: dir}, network.TieRecord, append(columns("Tie", "kind", "strength", "from"), store.Column{Builtin: store.Facing}), other)
	c.Order, c.Limit, c.More, c.Cursor = strength, 5, true, true
	return c
}

func oneByID(typ string, cols []store.Column, more ...*store.Collection) *store.Collection {
	return with(rows(store.Source{Op: store.ByID, IDs: []network.ID{"x"}}, typ, cols, more...), func(c *store.Collection) { c.Single = true })
}

func page(c *store.Collection) *store.Collection {
	return with(c, func(c *store.Collection) { c.Order, c.Limit, c.More, c.Cursor = byName, 20, true, true })
}

func filtered(c *store.Collection, e store.Expr) *store.Collection {
	return with(c, func(c *store.Collection) { c.Filter = e })
}

func equal(kind, name string, v any) store.Expr {
	return store.Compare{Field: fieldOf(kind, name), Op: store.EQ, Value: v}
}

const (
	uniqueNode = "NodeUniqueIndexSeek"
	nodeSeek   = "NodeIndexSeek"
	textIndex  = "NodeIndexContainsScan"
	uniqueTie  = "UniqueIndexSeek" // directed or not, of a relationship
)

// shapes are what users and dashboards ask most.
func shapes() []shape {
	scan := store.Source{Op: store.Scan}
	posts := rows(store.Source{Op: store.Follow, Hops: []store.Hop{along("Occupancy", "person", true), along("Occupancy", "post", false)}}, "Post", columns("Post", "name"))
	claims := rows(store.Source{Op: store.Follow, Hops: []store.Hop{along("Claim", "record", true)}}, "Claim", columns("Claim", "value", "date"))
	changes := rows(store.Source{Op: store.Follow, Hops: []store.Hop{along("Change", "record", true)}}, "Change", columns("Change", "action", "at"))
	area := with(rows(store.Source{Op: store.Follow, Hops: []store.Hop{along("School", "area", false)}}, "Area", columns("Area", "name")), func(c *store.Collection) { c.Single = true })
	roles := rows(store.Source{Op: store.Follow, Hops: []store.Hop{along("RoleAssignment", "activity", true)}}, "RoleAssignment", columns("RoleAssignment", "responsibility"),
		with(rows(store.Source{Op: store.Follow, Hops: []store.Hop{along("RoleAssignment", "holder", false)}}, network.RoleHolder, columns("Post", "name")), func(c *store.Collection) { c.Single = true }))
	activities := rows(store.Source{Op: store.Follow, Hops: []store.Hop{along("Activity", "initiative", true)}}, "Activity", columns("Activity", "name"), roles)
	admin := network.RoleAdmin
	return append(networks(), []shape{
		of("stakeholder with ties and parties", 0, oneByID(network.StakeholderInterface, columns("School", "name", "from", "visibility"), area, tiesOf(network.Both)), uniqueNode),
		of("the same for an admin", admin, oneByID(network.StakeholderInterface, columns("School", "name"), tiesOf(network.Out)), uniqueNode),
		of("directed ties", admin, oneByID(network.StakeholderInterface, columns("School", "name"), tiesOf(network.In, "FUNDS", "SUPPORTS")), uniqueNode),
		of("tie by ID", 0, oneByID(network.TieRecord, columns("Tie", "kind", "lastContact"), claims), uniqueTie),
		of("any record by ID", 0, rows(store.Source{Op: store.ByID, IDs: []network.ID{"x", "y"}}, network.NodeInterface, columns("School", "importKey")), uniqueNode, uniqueTie),
		of("person with posts", 0, oneByID("Person", columns("Person", "name", "nameKana"), posts), uniqueNode),
		of("role map of an initiative", 0, oneByID("Initiative", columns("Initiative", "name", "stage", "names"), activities), uniqueNode),
		of("changes of a record", admin, oneByID("School", columns("School", "name"), changes), uniqueNode, nodeSeek),
		of("schools by name", 0, page(rows(scan, "School", columns("School", "name", "level")))),
		of("schools after a cursor", 0, with(page(rows(scan, "School", columns("School", "name"))), func(c *store.Collection) {
			c.After, c.Other, c.Total = &store.Cursor{Keys: []any{"き"}, ID: "x"}, true, true
		})),
		of("stakeholders before a cursor without a key", 0, with(page(rows(scan, network.StakeholderInterface, columns("School", "name"))), func(c *store.Collection) {
			c.Order = []store.Order{{Field: fieldOf("School", "from"), Desc: true}}
			c.Before, c.Backward, c.Other = &store.Cursor{Keys: []any{nil}, ID: "x"}, true, true
		})),
		of("school by code", 0, filtered(rows(scan, "School", columns("School", "name")), equal("School", "schoolCode", "B120221500026")), uniqueNode),
		of("company by industry", 0, filtered(page(rows(scan, "Company", columns("Company", "name"))), equal("Company", "industry", "教育")), nodeSeek),
		of("companies by folded name", network.RoleAdmin, filtered(rows(scan, "Company", columns("Company", "importKey")), store.Named{Names: manyNames()}), "NodeIndexSeek"),
		of("companies by key", network.RoleAdmin, filtered(rows(scan, "Company", columns("Company", "importKey")), store.Compare{Field: fieldOf("Company", "importKey"), Op: store.IN, Value: []any{"x", "y"}}), uniqueNode),
		of("stakeholders by IDs", 0, filtered(rows(scan, network.StakeholderInterface, columns("School", "name")), store.HasID{IDs: []network.ID{"x", "y"}}), uniqueNode),
		of("schools by name contained", 0, filtered(rows(scan, "School", columns("School", "name")), store.Not{X: store.Compare{Field: fieldOf("School", "name"), Op: store.Contains, Value: "中"}})),
		of("schools with a tie to a company", 0, filtered(rows(scan, "School", columns("School", "name")), store.Has{Source: store.Source{Op: store.Ties}, Kinds: network.Concrete(network.TieRecord), Where: store.Has{
			Source: store.Source{Op: store.Party, End: store.Other}, Kinds: network.Concrete("Company"), Where: equal("Company", "industry", "教育")}})),
		of("stakeholders within an area", 0, filtered(rows(scan, network.StakeholderInterface, columns("School", "name")), store.Within{Field: fieldOf("School", "area"), Up: fieldOf("Area", "parent"), ID: "x"})),
		of("search", 0, with(rows(store.Source{Op: store.Search, Terms: []string{"教育"}, Text: "教育"}, network.StakeholderInterface, append(columns("School", "name"), store.Column{Builtin: store.SearchRank})), func(c *store.Collection) {
			c.Limit, c.More, c.Cursor = 10, true, true
		}), textIndex),
		of("ties of a kind by strength", 0, with(rows(scan, network.TieRecord, columns("Tie", "kind")), func(c *store.Collection) {
			c.Filter, c.Order, c.Limit, c.Total = equal("Tie", "kind", "FUNDS"), strength, 20, true
		})),
		of("stakeholders counted by kind and area", 0, with(rows(scan, network.StakeholderInterface, nil), func(c *store.Collection) {
			c.Rows, c.Group = false, []store.Dimension{{}, {Field: fieldOf("School", "area")}}
		})),
		of("ties counted by fiscal year", 0, with(rows(scan, network.TieRecord, nil), func(c *store.Collection) {
			c.Rows, c.Group = false, []store.Dimension{{Field: fieldOf("Tie", "from")}}
		})),
		of("ties counted by the kinds of their parties", 0, with(rows(scan, network.TieRecord, nil), func(c *store.Collection) {
			c.Rows, c.Group = false, []store.Dimension{{Via: fieldOf("Tie", "subject")}, {Via: fieldOf("Tie", "object")}}
		})),
		of("the newest changes", admin, with(rows(scan, "Change", columns("Change", "record", "after")), func(c *store.Collection) {
			c.Filter = store.Compare{Field: fieldOf("Change", "revision"), Op: store.GT, Value: int64(2)}
			c.Order, c.Limit = []store.Order{{Field: fieldOf("Change", "revision"), Desc: true}}, 20
		}), nodeSeek),
	}...)
}

// networks are what analysis and referral load.
func networks() []shape {
	centers := []network.ID{"x", "y"}
	return []shape{
		{name: "a network around centers", uses: []string{uniqueNode}, network: &store.SubgraphQuery{Centers: centers, Hops: 2, Limit: 50, Ties: equal("Tie", "kind", "KNOWS")}},
		{name: "a network between two", uses: []string{uniqueNode}, network: &store.SubgraphQuery{Centers: centers[:1], Hops: 2, Toward: centers[1:], Back: 1, Between: 3, Posts: true}},
		{name: "the whole network with values", network: &store.SubgraphQuery{Posts: true, SeatFields: []*network.Field{fieldOf("Occupancy", "from")},
			TieFields:  []*network.Field{fieldOf("Tie", "lastContact"), fieldOf("Tie", "doNotAsk"), fieldOf("Tie", "status")},
			NodeFields: []*network.Field{fieldOf("School", "name"), fieldOf("School", "area"), fieldOf("Person", "residence")}}},
		{name: "candidates and the network around the asker", viewer: network.RoleCoordinator, uses: []string{uniqueNode},
			root: rows(store.Source{Op: store.Scan}, "CareerConsultant", columns("CareerConsultant", "name", "availability"),
				rows(store.Source{Op: store.Follow, Hops: []store.Hop{along("CareerConsultant", "specialties", false)}}, "Topic", columns("Topic", "name"))),
			network: &store.SubgraphQuery{Centers: centers[:1], Hops: 3, Direction: network.Out, TieFields: []*network.Field{fieldOf("Tie", "lastContact")}}},
	}
}

func manyNames() []string {
	out := make([]string, 500)
	for i := range out {
		out[i] = fmt.Sprint("架空", i)
	}
	return out
}
