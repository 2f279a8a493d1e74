package rolemap

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
)

// The ways come from internal/analysis, as they do in graph/answer: the promise
// is one about ties, not about numbers.

const asker = 0

// world is a network with the asker at node 0.
type world struct {
	nodes []network.ID
	ties  []analysis.Tie
}

func drawWorld(t *rapid.T) world {
	n := rapid.SampledFrom([]int{8, 6, 4, 3, 2}).Draw(t, "nodes")
	w := world{nodes: numbered(n, "n", func(id network.ID) network.ID { return id })}
	// Drawn one by one the ends would crowd at the small numbers.
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	for i := range rapid.SampledFrom([]int{2 * n, 3 * n, n, n / 2}).Draw(t, "ties") {
		w.ties = append(w.ties, someTie(rng, fmt.Sprintf("t%02d", i), rng.Int32N(int32(n)), rng.Int32N(int32(n))))
	}
	return w
}

func someTie(rng *rand.Rand, id string, a, b int32) analysis.Tie {
	pick := func(options ...string) string { return options[rng.IntN(len(options))] }
	return analysis.Tie{ID: network.ID(id), A: a, B: b, Kind: pick("KNOWS", "KNOWS", "COLLABORATES_WITH", "EMPLOYS", "PART_OF"), Strength: int8(rng.IntN(6)),
		LastContact: network.MustPartialDate(pick("2024-01-20", "2023-06-01", "2020", "", "unknown")), Status: pick("CONFIRMED", "CONFIRMED", "REPORTED", "DISPUTED", ""),
		Confidence: pick("HIGH", "HIGH", "LOW", ""), DoNotAsk: rng.IntN(12) == 0}
}

// with is the world with one tie more.
func (w world) with(tie analysis.Tie) world {
	w.ties = append(slices.Clone(w.ties), tie)
	return w
}

// without is the world in which a tie has ended.
func (w world) without(i int) world {
	w.ties = slices.Delete(slices.Clone(w.ties), i, i+1)
	return w
}

// ways are the ways from the asker to every node, and the path of each.
func (w world) ways(t rapid.TB) ([]Way, []analysis.Path) {
	net, err := analysis.NewNet(w.nodes, w.ties, today)
	if err != nil {
		t.Fatal(err)
	}
	reached, err := analysis.Nearest(context.Background(), net, []int32{asker}, FarHops)
	if err != nil {
		t.Fatal(err)
	}
	ways, paths := make([]Way, len(w.nodes)), make([]analysis.Path, len(w.nodes))
	for v := range w.nodes {
		if p, ok := reached.Path(int32(v)); ok {
			ways[v], paths[v] = Way{Known: true, Cost: float64(p.Cost), Hops: len(p.Ties)}, p
		}
	}
	return ways, paths
}

// contacts are the nodes by which each candidate is reached: of the first ones
// the node itself, of the others, posts, one to three of them.
func (w world) contacts(t *rapid.T) [][]int {
	var out [][]int
	for v := 1; v < len(w.nodes); v++ {
		out = append(out, []int{v})
	}
	for range rapid.IntRange(0, 3).Draw(t, "posts") {
		out = append(out, rapid.SliceOfNDistinct(rapid.IntRange(1, len(w.nodes)-1), 1, min(3, len(w.nodes)-1), rapid.ID[int]).Draw(t, "contacts"))
	}
	return out
}

// nearest is the contact that is reached cheapest; -1 when none is.
func nearest(ways []Way, contacts []int) int {
	best := -1
	for _, v := range contacts {
		if ways[v].Known && (best < 0 || ways[v].Cost < ways[best].Cost) {
			best = v
		}
	}
	return best
}

// ranked is one place of a ranking.
type ranked struct {
	id    network.ID
	score float64
}

// ranking ranks candidates for whom something speaks, given how each is reached.
type ranking func(ways []Way) []ranked

// of gives for each candidate its place in the ranking, and its score in
// hundredths.
func (r ranking) of(ways []Way, contacts [][]int) (places, scores []int) {
	each := make([]Way, len(contacts))
	for i, c := range contacts {
		if v := nearest(ways, c); v >= 0 {
			each[i] = ways[v]
		}
	}
	list := r(each)
	places, scores = make([]int, len(contacts)), make([]int, len(contacts))
	for i := range contacts {
		places[i] = slices.IndexFunc(list, func(x ranked) bool { return x.id == candidateID(i) })
		scores[i] = int(math.Round(list[places[i]].score * 100))
	}
	return places, scores
}

// noWorse fails when candidate x stands behind more than before, or gained less
// than somebody else: with a little more speaking for that one, it would.
func (r ranking) noWorse(t *rapid.T, before, after []Way, contacts [][]int, x int) {
	was, wasScore := r.of(before, contacts)
	is, isScore := r.of(after, contacts)
	if is[x] > was[x] {
		t.Fatalf("candidate %d comes from place %d to %d", x, was[x], is[x])
	}
	for y := range contacts {
		if own, other := isScore[x]-wasScore[x], isScore[y]-wasScore[y]; other > own {
			t.Fatalf("candidate %d gains %d hundredths, but %d gains %d", x, own, y, other)
		}
	}
}

// candidateID gives candidates an order by ID that is not theirs.
func candidateID(i int) network.ID { return network.ID(fmt.Sprintf("c%02d", (i*7+3)%23)) }

// drawReferrals is whoToAsk among n candidates who differ in what speaks for
// them, though many not by much.
func drawReferrals(t *rapid.T, n int) ranking {
	candidates := make([]Candidate, n)
	for i := range candidates {
		rules := rapid.SliceOfN(rapid.SampledFrom([]string{"MEDIATOR", "EXPERT", "PARTNER", "OFFERS", "SPECIALTY", "RESPONSIBLE"}), 1, 2).Draw(t, "rules")
		candidates[i] = saying(string(candidateID(i)), rules...)
	}
	return func(ways []Way) []ranked {
		for i := range candidates {
			candidates[i].Way = ways[i]
		}
		var out []ranked
		for _, r := range WhoToAsk(candidates) {
			out = append(out, ranked{r.ID, r.Score})
		}
		return out
	}
}

func drawMatches(t *rapid.T, n int) ranking {
	consultants := make([]Consultant, n)
	for i := range consultants {
		consultants[i] = Consultant{ID: candidateID(i), Lives: rapid.Bool().Draw(t, "lives"), Regions: true, Serves: AreaFit(rapid.IntRange(1, 3).Draw(t, "serves")),
			Specialties: []OnTopic{{Record: "topic", Fit: Fit(rapid.IntRange(0, 2).Draw(t, "fit"))}}}
	}
	return func(ways []Way) []ranked {
		for i := range consultants {
			consultants[i].Way = ways[i]
		}
		matches, _ := MatchConsultants(Need{Topics: true, Area: true, On: today}, consultants)
		var out []ranked
		for _, m := range matches {
			out = append(out, ranked{m.ID, m.Score})
		}
		return out
	}
}

func drawClients(t *rapid.T, n int) ranking {
	needs := make([]ClientNeed, n)
	for i := range needs {
		needs[i] = ClientNeed{Need: candidateID(i), Client: candidateID(i), Fit: Fit(rapid.IntRange(0, 2).Draw(t, "fit")), Serves: AreaFit(rapid.IntRange(0, 3).Draw(t, "serves"))}
	}
	return func(ways []Way) []ranked {
		for i := range needs {
			needs[i].Way = ways[i]
		}
		var out []ranked
		for _, c := range MatchClients(needs, today, 3) {
			out = append(out, ranked{c.ID, c.Score})
		}
		return out
	}
}

// everyRanking checks a promise for each of the rankings that count nearness.
func everyRanking(t *testing.T, promise func(*rapid.T, func(*rapid.T, int) ranking)) {
	for name, draw := range map[string]func(*rapid.T, int) ranking{"whoToAsk": drawReferrals, "matchConsultants": drawMatches, "matchClients": drawClients} {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) { promise(t, draw) }))
	}
}

// Of a post the tie leads to whoever it is asked through; when nobody can
// introduce, to any of its holders or its organisation.
func TestAWarmerTieToACandidateNeverLowersItsRank(t *testing.T) {
	everyRanking(t, func(t *rapid.T, draw func(*rapid.T, int) ranking) {
		w := drawWorld(t)
		contacts := w.contacts(t)
		r := draw(t, len(contacts))
		before, _ := w.ways(t)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "tie"), 1))
		for x, c := range contacts {
			to := nearest(before, c)
			if to < 0 {
				to = c[0]
			}
			after, _ := w.with(someTie(rng, "new", asker, int32(to))).ways(t)
			r.noWorse(t, before, after, contacts, x)
		}
	})
}

// Not only ties of the asker: what brings a candidate nearer, wherever on the
// way, brings nobody else nearer by more.
func TestATieThatBringsACandidateNearerNeverLowersItsRank(t *testing.T) {
	everyRanking(t, func(t *rapid.T, draw func(*rapid.T, int) ranking) {
		w := drawWorld(t)
		var contacts [][]int
		for v := 1; v < len(w.nodes); v++ {
			contacts = append(contacts, []int{v})
		}
		r := draw(t, len(contacts))
		before, _ := w.ways(t)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "tie"), 2))
		for x, c := range contacts {
			with := w.with(someTie(rng, "new", rng.Int32N(int32(len(w.nodes))), int32(c[0])))
			after, paths := with.ways(t)
			if path := paths[c[0]].Ties; len(path) > 0 && int(path[len(path)-1]) == len(w.ties) {
				r.noWorse(t, before, after, contacts, x)
			}
		}
	})
}

// It is the last tie of an introduction that ends, the asker's own or that of
// whoever introduces: the way back.
func TestATieThatEndsNeverRaisesTheRankOfWhomItLedTo(t *testing.T) {
	everyRanking(t, func(t *rapid.T, draw func(*rapid.T, int) ranking) {
		w := drawWorld(t)
		contacts := w.contacts(t)
		r := draw(t, len(contacts))
		before, paths := w.ways(t)
		for x, c := range contacts {
			if len(c) > 1 || len(paths[c[0]].Ties) == 0 {
				continue
			}
			path := paths[c[0]].Ties
			after, _ := w.without(int(path[len(path)-1])).ways(t)
			r.noWorse(t, after, before, contacts, x)
		}
	})
}

// The ground of both: whoever comes nearer gains at least as much, to the
// hundredth, as anybody reached through them, who is at least one tie further.
func TestWhoComesNearerGainsAtLeastAsMuchAsWhoIsBehindThem(t *testing.T) {
	for _, most := range []float64{nearPoints, matchPoints["NEAR"], clientPoints["NEAR"]} {
		points := make([]int, 3*FarCost+1) // hundredths by cost
		for cost := range points {
			var rs reasons
			rs.near(Way{Known: true, Cost: float64(cost)}, most)
			points[cost] = int(math.Round(rs[0].Points * 100))
		}
		for was := range 2 * FarCost {
			for is := range was {
				for behind := int(analysis.MinCost); behind <= FarCost; behind++ {
					own, others := points[is]-points[was], points[is+behind]-points[was+behind]
					if others > own {
						t.Fatalf("from %d to %d: %d hundredths, but %d for who is %d behind", was, is, own, others, behind)
					}
				}
			}
		}
	}
}

func TestWhoIsFurtherThanAnIntroductionReachesEarnsNothingAnyway(t *testing.T) {
	if far := (FarHops + 1) * int(analysis.MinCost); far < FarCost || FarHops*int(analysis.MinCost) < FarCost {
		t.Errorf("%d ties may cost %d only: a longer way could still earn points", FarHops, FarHops*int(analysis.MinCost))
	}
}

// Where the promise ends: a post is asked for through the nearest of its holders
// and its organisation. A tie to another of them leads to that one, who may come
// to stand before the post.
func TestATieToTheOrganisationOfAPostIsFirstOfAllTheOrganisations(t *testing.T) {
	post, house := saying("post", "MEDIATOR"), saying("house", "OFFERS")
	post.Way = Way{Known: true, Cost: 21, Hops: 1} // by its holder
	if got := namesOf(WhoToAsk([]Candidate{post, house})); got[0] != "post" {
		t.Fatalf("before the tie: %v", got)
	}
	post.Way.Cost = 20
	house.Way = post.Way
	if got := namesOf(WhoToAsk([]Candidate{post, house})); got[0] != "house" {
		t.Fatalf("after it: %v", got)
	}
}
