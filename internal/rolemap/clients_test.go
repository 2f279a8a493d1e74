package rolemap

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

func TestWhatSpeaksForAClient(t *testing.T) {
	needs := func(change func(*ClientNeed)) ClientNeed {
		n := ClientNeed{Need: "need", Client: "x", Serves: SameArea, Way: Way{Known: true, Cost: 20, Hops: 1}}
		change(&n)
		return n
	}
	serves := func(fit AreaFit) ClientNeed { return needs(func(n *ClientNeed) { n.Serves = fit }) }
	everyRule(t, slices.Collect(maps.Keys(clientPoints)), map[string]ruleCase[ClientNeed]{
		"NEEDS":       {fires: serves(SameArea), not: needs(func(n *ClientNeed) { n.Links = []Link{{"post", span("2023", "")}} })},
		"SERVES_AREA": {fires: serves(CoversIt), not: serves(PartOfIt)},
		"SERVES_PART": {fires: serves(PartOfIt), not: serves(Elsewhere)},
		"NEAR":        {fires: serves(SameArea), not: needs(func(n *ClientNeed) { n.Way = Way{} })},
	}, func(n ClientNeed) []string {
		found := MatchClients([]ClientNeed{n}, today, 3)
		if len(found) == 0 {
			return nil
		}
		return rulesOf(found[0].Reasons)
	})
}

func TestAClientCountsOnceWithItsBestNeed(t *testing.T) {
	clients := MatchClients([]ClientNeed{
		{Need: "need-c", Client: "school", Fit: Broader},
		{Need: "need-b", Client: "school"},
		{Need: "need-a", Client: "school"},
		{Need: "need-d", Client: "company", Serves: CoversIt},
	}, today, 3)
	if len(clients) != 2 || clients[0].ID != "company" || clients[0].Score != 58 {
		t.Fatalf("%+v", clients)
	}
	if r := reasonOf(clients[1].Reasons, "NEEDS"); r.Points != 40 || !slices.Equal(r.Records, ids("need-a")) {
		t.Errorf("%+v", r)
	}
}

func TestAClientBoundToTheConsultantIsLeftOut(t *testing.T) {
	clients := MatchClients([]ClientNeed{
		{Need: "1", Client: "employer", Links: []Link{{"employment", span("2019", "")}}},
		{Need: "2", Client: "former", Links: []Link{{"employment", span("2010", "2021-02-01")}}},
	}, today, 3)
	if len(clients) != 1 || clients[0].ID != "former" {
		t.Errorf("%+v", clients)
	}
}

func TestEqualClientsComeInOrderOfID(t *testing.T) {
	clients := MatchClients([]ClientNeed{{Need: "1", Client: "b"}, {Need: "2", Client: "c"}, {Need: "3", Client: "a"}}, today, 3)
	if len(clients) != 3 || clients[0].ID != "a" || clients[1].ID != "b" || clients[2].ID != "c" {
		t.Errorf("%+v", clients)
	}
	if got := MatchClients(nil, today, 3); len(got) != 0 {
		t.Errorf("no need: %+v", got)
	}
}

func drawClientNeeds(t *rapid.T) []ClientNeed {
	return numbered(rapid.IntRange(0, 6).Draw(t, "needs"), "need", func(id network.ID) ClientNeed {
		return ClientNeed{Need: id, Client: drawID(t, "client", 3, "client"), Fit: Fit(rapid.IntRange(0, 2).Draw(t, "fit")), Serves: AreaFit(rapid.IntRange(0, 3).Draw(t, "serves")),
			Links: drawLinks(t), Way: drawCandidate(t, "").Way}
	})
}

func TestClientsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, c := range MatchClients(drawClientNeeds(t), today, 3) {
			checkScore(t, c.Score, c.Reasons)
		}
	})
}

func TestClientsDoNotDependOnTheOrderOfTheInput(t *testing.T) {
	sameInAnyOrder(t, drawClientNeeds, shuffled[ClientNeed], func(needs []ClientNeed) []Client { return MatchClients(needs, today, 3) })
}
