package answer

import (
	"cmp"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// loaded is a part of the network in memory: nodes are positions, in order of
// ID. It is not changed once made.
type loaded struct {
	serial   int64 // names it among kept measures
	revision int64
	ids      []network.ID
	at       map[network.ID]int32
	kinds    []*network.Kind
	values   [][]any // of loadedFields
	lines    []line
	posts    int // how many of the lines are posts
	// homes are the organisations, councils left out, in which people hold
	// posts, in order of kind and ID; only when read with the seats.
	homes map[int32][]int32
	areas map[network.ID]ask.Row
}

// line is what joins two nodes: a tie from a to b, or the post that a holds in b.
type line struct {
	id       network.ID
	a, b     int32
	kind     string // of tie; "" for a post
	strength int8
	mutual   bool
	span     network.Span // only when read for a range of days
}

func (t line) post() bool { return t.kind == "" }

// strengthOfPost is what a post counts as a tie.
const strengthOfPost = 5

var (
	loadedNames = []string{"area", "organizationType"}
	spanNames   = []string{"from", "until"}
)

func fieldsNamed(typeName string, names []string) []*network.Field {
	out := make([]*network.Field, len(names))
	for i, name := range names {
		for _, k := range network.Concrete(typeName) {
			if out[i] == nil {
				out[i] = k.Field(name)
			}
		}
	}
	return out
}

// networkQuery is a query for a network; more may be added to it.
type networkQuery struct {
	*ask.Query
	areas  *ask.Answer
	during *network.DateRange
}

// networkQuery asks for a part of the network: as of the day, or with during all
// that holds on some day of it. houses tells whether the organisations of people
// are needed.
func (q *Question) networkQuery(part plan.Part, houses bool, during *network.DateRange) *networkQuery {
	a := &networkQuery{Query: q.query(), during: during}
	g := &store.SubgraphQuery{Nodes: part.Nodes, Ties: part.Ties, Posts: houses || part.Posts, During: during, NodeFields: fieldsNamed(network.StakeholderInterface, loadedNames)}
	if during != nil {
		g.NodeFields = append(g.NodeFields, fieldsNamed(network.StakeholderInterface, spanNames)...)
		g.TieFields = fieldsNamed(network.TieRecord, spanNames)
		g.SeatFields = fieldsNamed("Occupancy", spanNames)
	}
	a.Network(g)
	a.areas = a.Scan(ask.Of("Area", "name", "level", "parent"))
	return a
}

// load reads a part of the network, or takes what was kept of it.
func (q *Question) load(part plan.Part, houses bool) (*loaded, error) {
	l, _, err := kept(q, "network", jsonText(part.Given)+fmt.Sprint(houses), func(q *Question) (*loaded, int64, int64, error) {
		a := q.networkQuery(part, houses, nil)
		revision, err := q.run(a.Query)
		if err != nil {
			return nil, 0, 0, err
		}
		l := a.loaded(revision, part.Posts)
		return l, revision, l.bytes(), nil
	})
	return l, err
}

var serials atomic.Int64

// loaded lays out what was read.
func (a *networkQuery) loaded(revision int64, posts bool) *loaded {
	g := a.Found()
	n := len(g.Nodes)
	l := &loaded{
		serial: serials.Add(1), revision: revision, ids: make([]network.ID, n), at: make(map[network.ID]int32, n),
		kinds: make([]*network.Kind, n), values: make([][]any, n), lines: make([]line, 0, len(g.Ties)), areas: byID(a.areas),
	}
	for i, node := range g.Nodes {
		l.ids[i], l.kinds[i], l.values[i] = node.ID, network.KindOf(node.Kind), node.Values
		l.at[node.ID] = int32(i)
	}
	for _, t := range g.Ties {
		x := line{id: t.ID, a: t.Subject, b: t.Object, kind: t.Kind, strength: t.Strength, mutual: network.TieKindOf(t.Kind).Mutual}
		if a.during != nil {
			x.span = spanIn(t.Values)
		}
		l.lines = append(l.lines, x)
	}
	if posts {
		for _, s := range g.Seats {
			x := line{id: s.ID, a: s.Person, b: s.Organization, strength: strengthOfPost, mutual: true}
			if a.during != nil {
				x.span = spanIn(s.Values)
			}
			l.lines = append(l.lines, x)
		}
		l.posts = len(g.Seats)
	}
	l.house(g.Seats)
	return l
}

// house notes in which organisations people hold posts.
func (l *loaded) house(seats []store.SubSeat) {
	l.homes = map[int32][]int32{}
	for _, s := range seats {
		if l.kinds[s.Organization].Name != "Council" && !slices.Contains(l.homes[s.Person], s.Organization) {
			l.homes[s.Person] = append(l.homes[s.Person], s.Organization)
		}
	}
	for _, bodies := range l.homes {
		slices.SortFunc(bodies, func(a, b int32) int {
			return cmp.Or(cmp.Compare(l.kinds[a].Index(), l.kinds[b].Index()), cmp.Compare(a, b))
		})
	}
}

func spanIn(values []any) network.Span {
	return network.Span{From: ask.DateOf(values[0]), Until: ask.DateOf(values[1])}
}

// on is the network as of a day, of one that was read for a range of days.
func (l *loaded) on(day network.Date) *loaded {
	out := &loaded{serial: serials.Add(1), revision: l.revision, at: map[network.ID]int32{}, areas: l.areas}
	place := make([]int32, len(l.ids))
	for v := range place {
		place[v] = -1
		if spanIn(l.values[v][len(loadedNames):]).Holds(day) {
			place[v] = int32(len(out.ids))
			out.at[l.ids[v]] = place[v]
			out.ids, out.kinds, out.values = append(out.ids, l.ids[v]), append(out.kinds, l.kinds[v]), append(out.values, l.values[v])
		}
	}
	for _, t := range l.lines {
		if t.a, t.b = place[t.a], place[t.b]; t.a < 0 || t.b < 0 || !t.span.Holds(day) {
			continue
		}
		out.lines = append(out.lines, t)
		if t.post() {
			out.posts++
		}
	}
	return out
}

// bytes is about what it takes.
func (l *loaded) bytes() int64 { return int64(200*len(l.ids) + 90*len(l.lines)) }

func (l *loaded) held(v int32) any { return held(l.ids[v], network.StakeholderInterface) }

func (l *loaded) holds(nodes []int32) []any { return list(nodes, l.held) }

// graph is the network as the analysis sees it.
func (l *loaded) graph(directed bool) (*analysis.Graph, error) {
	edges := make([]analysis.Edge, 0, len(l.lines))
	for _, t := range l.lines {
		edges = append(edges, analysis.Edge{From: t.a, To: t.b, Weight: float64(t.strength)})
		if directed && t.mutual {
			edges = append(edges, analysis.Edge{From: t.b, To: t.a, Weight: float64(t.strength)})
		}
	}
	return analysis.NewGraph(len(l.ids), edges, directed)
}

// ordered are the nodes sorted by a comparison, equal ones by ID.
func (l *loaded) ordered(compare func(a, b int32) int) []int32 {
	out := make([]int32, len(l.ids))
	for v := range out {
		out[v] = int32(v)
	}
	slices.SortStableFunc(out, compare)
	return out
}
