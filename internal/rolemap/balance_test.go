package rolemap

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/musubi-map/musubi/internal/network"
)

func TestWhichTopicsAreNeededMoreThanOffered(t *testing.T) {
	rows := TopicBalance([]Topic{
		{ID: "nothing"},
		{ID: "offered", Offers: ids("o1", "o2")},
		{ID: "balanced", Needs: ids("n1"), Offers: ids("o3")},
		{ID: "short", Needs: ids("n2", "n3"), Offers: ids("o4")},
		{ID: "busy", Needs: ids("n8", "n9"), Offers: ids("o5", "o6", "o7")},
		{ID: "unmet-b", Needs: ids("n4")},
		{ID: "unmet-a", Needs: ids("n5")},
		{ID: "unmet-much", Needs: ids("n6", "n7")},
	})
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprintf("%s %t", r.Topic, r.Unmet))
	}
	if want := []string{"unmet-much true", "unmet-a true", "unmet-b true", "short false", "balanced false", "busy false", "offered false"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := TopicBalance(nil); len(got) != 0 {
		t.Errorf("no topic: %+v", got)
	}
}

func TestOffersNearATopicAreThoseAboveAndBelowIt(t *testing.T) {
	near := map[network.ID][]network.ID{}
	for _, r := range TopicBalance([]Topic{
		{ID: "careers", Offers: ids("top")},
		{ID: "school", Broader: "careers", Needs: ids("n")},
		{ID: "interviews", Broader: "school", Offers: ids("z", "a")},
		{ID: "work", Broader: "careers", Offers: ids("beside")},
		{ID: "alone", Broader: "not in the list", Offers: ids("far")},
	}) {
		near[r.Topic] = r.Near
	}
	for topic, want := range map[network.ID][]network.ID{"careers": ids("a", "beside", "z"), "school": ids("a", "top", "z"), "interviews": ids("top"), "work": ids("top"), "alone": nil} {
		if !slices.Equal(near[topic], want) {
			t.Errorf("near %s: %v, want %v", topic, near[topic], want)
		}
	}
}

// Nothing in the store keeps topics from going in a circle.
func TestTopicsThatGoInACircle(t *testing.T) {
	rows := TopicBalance([]Topic{
		{ID: "a", Broader: "b", Offers: ids("oa")}, {ID: "b", Broader: "a", Offers: ids("ob")},
		{ID: "c", Broader: "a", Offers: ids("oc")}, {ID: "d", Broader: "d", Offers: ids("od")},
	})
	for i, want := range [][]network.ID{ids("ob", "oc"), ids("oa", "oc"), ids("oa", "ob"), nil} {
		if !slices.Equal(rows[i].Near, want) {
			t.Errorf("near %s: %v, want %v", rows[i].Topic, rows[i].Near, want)
		}
	}
}

func drawTopics(t *rapid.T) []Topic {
	return numbered(rapid.IntRange(0, 6).Draw(t, "topics"), "t", func(id network.ID) Topic {
		topic := Topic{ID: id}
		if rapid.Bool().Draw(t, "broader") {
			topic.Broader = network.ID(fmt.Sprintf("t%02d", rapid.SampledFrom([]int{3, 10, 17, 1}).Draw(t, "broader")))
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "needs") {
			topic.Needs = append(topic.Needs, network.ID(fmt.Sprint(id, "n", i)))
		}
		for i := range rapid.IntRange(0, 2).Draw(t, "offers") {
			topic.Offers = append(topic.Offers, network.ID(fmt.Sprint(id, "o", i)))
		}
		return topic
	})
}

func TestTheBalanceDoesNotDependOnTheOrderOfTheInput(t *testing.T) {
	sameInAnyOrder(t, drawTopics, shuffled[Topic], TopicBalance)
}

// What lies above, by walking up from each; below is the other way round.
func TestNearOffersAgainstWalkingUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		topics := drawTopics(t)
		by := map[network.ID]Topic{}
		for _, x := range topics {
			by[x.ID] = x
		}
		isAbove := func(up, down network.ID) bool {
			for at, n := by[down].Broader, 0; at != "" && n < len(topics); at, n = by[at].Broader, n+1 {
				if _, known := by[at]; !known {
					return false
				}
				if at == up {
					return true
				}
			}
			return false
		}
		for _, row := range TopicBalance(topics) {
			var want []network.ID
			for _, x := range topics {
				if x.ID != row.Topic && (isAbove(x.ID, row.Topic) || isAbove(row.Topic, x.ID)) {
					want = append(want, x.Offers...)
				}
			}
			slices.Sort(want)
			if !slices.Equal(row.Near, want) {
				t.Fatalf("near %s: %v, want %v of %+v", row.Topic, row.Near, want, topics)
			}
		}
	})
}
