package rolemap

import (
	"slices"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

func TestWhichRolesAreLeftEmpty(t *testing.T) {
	on := func(id, responsibility, status string, h Holder, people ...network.ID) Borne {
		return Borne{Placed: Placed{Role: Role{ID: network.ID(id), Responsibility: responsibility, Status: status, Holder: h}, Activity: "class"}, People: people}
	}
	in := func(id, function string, h Holder, people ...network.ID) Borne {
		return Borne{Placed: Placed{Role: Role{ID: network.ID(id), Function: function, Status: "AGREED", Holder: h}}, Initiative: "platform", People: people}
	}
	npo := Holder{ID: "npo", Kind: "OtherOrganization", Body: "npo"}
	school := Holder{ID: "school", Kind: "School", Body: "school"}
	post := Holder{ID: "post", Kind: "Post", Body: "school"}
	vacant := Holder{ID: "vacant", Kind: "Post", Body: "school", Vacant: true}
	roles := []Borne{
		on("r-npo", "RESPONSIBLE", "AGREED", npo), on("r-post", "RESPONSIBLE", "AGREED", post, "teacher"),
		on("a-npo", "ACCOUNTABLE", "AGREED", npo), on("a-proposed", "ACCOUNTABLE", "PROPOSED", school),
		on("c-npo", "CONSULTED", "AGREED", npo), on("r-vacant", "RESPONSIBLE", "DISPUTED", vacant),
		in("f-npo", "SECRETARIAT", npo), in("f-post", "EXPERT", post, "teacher", "other"),
	}
	for _, c := range []struct {
		gone []network.ID
		want []string
	}{
		{nil, nil},
		{[]network.ID{"npo"}, []string{"a-npo", "f-npo"}},      // the teacher still is responsible
		{[]network.ID{"teacher"}, nil},                         // the NPO is, and another holds the post
		{[]network.ID{"teacher", "other"}, []string{"f-post"}}, // the NPO still is responsible
		{[]network.ID{"npo", "teacher"}, []string{"r-npo", "r-post", "a-npo", "f-npo"}},
		{[]network.ID{"school"}, []string{"f-post"}},
	} {
		gone := map[network.ID]bool{}
		for _, id := range c.gone {
			gone[id] = true
		}
		var got []string
		for _, r := range Emptied(roles, gone) {
			got = append(got, string(r.ID))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("without %v: %v, want %v", c.gone, got, c.want)
		}
	}
}
