package graph_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// A made country is a number of towns of 1,000 records each, all alike: what is
// asked about the first of them has the same answer at every size. A few ties
// lead from each to the next.
type country struct {
	batch store.Batch
}

const (
	eachSchools, eachCompanies, eachPeople, eachPosts = 40, 160, 240, 60
	eachTopics, eachAreas, eachActivities             = 10, 5, 12
	localTies                                         = 360
)

func madeCountry(tb testing.TB, towns int) store.Store {
	tb.Helper()
	s := memory.New(memory.Options{})
	for t := range towns {
		c := &country{batch: store.Batch{Actor: "bench", At: time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)}}
		c.town(t)
		if _, err := s.Apply(context.Background(), &c.batch); err != nil {
			tb.Fatal(err)
		}
	}
	return s
}

func (c *country) add(kind, id string, fields map[string]any) {
	c.batch.Writes = append(c.batch.Writes, store.Write{Action: store.Create, After: &network.Record{ID: network.ID(id), Kind: kind, Fields: fields}})
}

// place is the ID of the n-th record of a sort in a town.
func place(town int, sort string, n int) network.ID {
	return network.ID(fmt.Sprintf("%s-%04d-%03d", sort, town, n))
}

func (c *country) town(t int) {
	id := func(sort string, n int) string { return string(place(t, sort, n)) }
	day := network.MustPartialDate("2022-04-01")
	for i := range eachAreas {
		f := map[string]any{"name": fmt.Sprintf("地区%d-%d", t, i), "level": "LOCALITY"}
		if i == 0 {
			f["level"] = "MUNICIPALITY"
		} else {
			f["parent"] = place(t, "area", 0)
		}
		c.add("Area", id("area", i), f)
	}
	for i := range eachTopics {
		c.add("Topic", id("topic", i), map[string]any{"name": fmt.Sprintf("話題%d-%d", t, i)})
	}
	for i := range eachSchools {
		c.add("School", id("school", i), map[string]any{"name": fmt.Sprintf("第%d小学校%d", i, t), "nameKana": fmt.Sprintf("だい%dしょうがっこう%d", i, t), "level": "ELEMENTARY", "area": place(t, "area", i%eachAreas), "from": day})
	}
	for i := range eachCompanies {
		c.add("Company", id("company", i), map[string]any{"name": fmt.Sprintf("製作所%d-%d", i, t), "nameKana": fmt.Sprintf("せいさくしょ%d-%d", i, t), "area": place(t, "area", i%eachAreas), "staff": int64(i), "topics": []network.ID{place(t, "topic", i%eachTopics)}})
	}
	for i := range eachPeople {
		c.add("Person", id("person", i), map[string]any{"name": fmt.Sprintf("架空 %d-%d", i, t), "residence": place(t, "area", i%eachAreas)})
	}
	for i := range eachPosts {
		c.add("Post", id("post", i), map[string]any{"name": fmt.Sprintf("主任%d", i), "organization": place(t, "school", i%eachSchools)})
		c.add("Occupancy", id("occupancy", i), map[string]any{"post": place(t, "post", i), "person": place(t, "person", i), "from": day})
	}
	c.add("Initiative", id("initiative", 0), map[string]any{"name": fmt.Sprintf("共創%d", t), "parties": []network.ID{place(t, "school", 0), place(t, "company", 0), place(t, "company", 1)}})
	for i := range eachActivities {
		c.add("Activity", id("activity", i), map[string]any{"name": fmt.Sprintf("講話%d", i), "initiative": place(t, "initiative", 0), "position": int64(i)})
		c.add("RoleAssignment", id("role", 2*i), map[string]any{"holder": place(t, "post", i), "activity": place(t, "activity", i), "responsibility": "RESPONSIBLE"})
		c.add("RoleAssignment", id("role", 2*i+1), map[string]any{"holder": place(t, "company", i), "activity": place(t, "activity", i), "responsibility": "ACCOUNTABLE"})
	}
	c.ties(t)
}

// ties joins schools, companies and people of a town; every school has nine.
// Twelve more lead to the town before.
func (c *country) ties(t int) {
	for i := range localTies {
		kind, object := "COLLABORATES_WITH", place(t, "company", (i*7+i/eachSchools)%eachCompanies)
		if i%3 == 1 {
			kind, object = "KNOWS", place(t, "person", (i*5)%eachPeople)
		}
		c.add(network.TieRecord, string(place(t, "tie", i)), map[string]any{"kind": kind, "subject": place(t, "school", i%eachSchools), "object": object,
			"strength": int64(1 + i%5), "from": network.MustPartialDate("2022")})
	}
	for i := range min(12, 12*t) {
		c.add(network.TieRecord, string(place(t, "road", i)), map[string]any{"kind": "COLLABORATES_WITH", "subject": place(t-1, "company", 20+i), "object": place(t, "company", 40+i), "strength": int64(2)})
	}
}
