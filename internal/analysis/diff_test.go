package analysis

import (
	"reflect"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

func TestCompareTellsWhatBeganEndedAndChanged(t *testing.T) {
	before := Snapshot{
		Nodes: []network.ID{"a", "b", "c", "d"},
		Ties: []Tie{
			{ID: "1", Kind: "FUNDS", A: 0, B: 1, Strength: 3},
			{ID: "2", Kind: "KNOWS", A: 1, B: 2, Strength: 2},
			{ID: "3", Kind: "KNOWS", A: 2, B: 0, Strength: 1},
			{ID: "4", Kind: "FUNDS", A: 0, B: 2, Strength: 4},
			{ID: "5", Kind: "HOSTS", A: 0, B: 3},
			{ID: "6", Kind: "FUNDS", A: 2, B: 1, Strength: 5},
		},
	}
	after := Snapshot{
		Nodes: []network.ID{"e", "c", "b", "a"},
		Ties: []Tie{
			{ID: "1", Kind: "FUNDS", A: 3, B: 2, Strength: 5}, // stronger
			{ID: "8", Kind: "KNOWS", A: 1, B: 2, Strength: 4}, // 2 renewed, the ends the other way round
			{ID: "9", Kind: "KNOWS", A: 3, B: 1, Strength: 1}, // 3 renewed as it was
			{ID: "10", Kind: "FUNDS", A: 1, B: 3},             // not 4: the other way
			{ID: "7", Kind: "HOSTS", A: 3, B: 0},
			{ID: "6", Kind: "FUNDS", A: 1, B: 2, Strength: 5},
		},
	}
	got, err := Compare(before, after)
	if err != nil {
		t.Fatal(err)
	}
	want := &Diff{
		NodesBegun: []network.ID{"e"}, NodesEnded: []network.ID{"d"},
		TiesBegun: []network.ID{"10", "7"}, TiesEnded: []network.ID{"4", "5"},
		TiesChanged: []TieChange{{"1", "1", 3, 5}, {"2", "8", 2, 4}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	back, err := Compare(after, after)
	if err != nil || !reflect.DeepEqual(back, &Diff{}) {
		t.Errorf("nothing changed: %+v, %v", back, err)
	}
}

func TestCompareRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		s    Snapshot
		want network.ErrorCode
	}{
		"node twice":     {Snapshot{Nodes: []network.ID{"a", "a"}}, network.Duplicate},
		"tie twice":      {Snapshot{Nodes: []network.ID{"a"}, Ties: []Tie{{ID: "1"}, {ID: "1"}}}, network.Duplicate},
		"tie to nowhere": {Snapshot{Nodes: []network.ID{"a"}, Ties: []Tie{{ID: "1", B: 1}}}, network.OutOfRange},
	} {
		if _, err := Compare(Snapshot{}, c.s); network.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want code %s", name, err, c.want)
		}
	}
}
