package rolemap

import (
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

func TestWhatSpeaksForATie(t *testing.T) {
	ab, cd, ef := PairOf("b", "a"), PairOf("c", "d"), PairOf("e", "f")
	got := SuggestTies(
		[]Common{{Pair: ab, Score: 0.5, Contacts: []network.ID{"x"}}, {Pair: cd, Score: 100, Contacts: []network.ID{"1", "2", "3", "4", "5", "6"}}},
		[]Meets{
			{ab, "n1", "o1", Broader}, {ab, "n1", "o2", Exact}, {ab, "n2", "o2", Narrower}, // o2 is the better of the two for n1
			{ef, "n3", "o3", Broader},
		})
	if len(got) != 3 || got[0].Pair != ab || got[1].Pair != cd || got[2].Pair != ef {
		t.Fatalf("%+v", got)
	}
	if want := 40 + 40*0.8*0.25 + 6; got[0].Score != want || got[0].Reasons[0].Rule != "NEED_MEETS_OFFER" || len(got[0].Reasons[0].Records) != 3 {
		t.Errorf("%+v, want %v", got[0], want)
	}
	if c := got[1].Reasons[0]; got[1].Score != 40 || len(c.Records) != 5 || c.Text.EN != "they have 6 contacts in common" || c.Text.JA != "共通のつながりが6件あります" {
		t.Errorf("%+v", got[1])
	}
	if got[2].Score != 40*0.35 || got[2].Reasons[0].Text.EN != "one offers something close to what the other needs" {
		t.Errorf("%+v", got[2])
	}
	if got := SuggestTies(nil, nil); len(got) != 0 {
		t.Error(got)
	}
}
