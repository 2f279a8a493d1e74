package town

import (
	"fmt"
	"hash/fnv"
	"slices"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

func records(t *testing.T, o Options) []*network.Record {
	t.Helper()
	m, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(m.Records())
}

// A store checks what a kind cannot: that ends exist and may be joined, that codes
// are free.
func TestIsEveryRecordValidAndAfterWhatItRefersTo(t *testing.T) {
	s := memory.New(memory.Options{})
	all := records(t, Options{Municipalities: 5})
	for _, r := range all {
		before := fmt.Sprint(r.Fields)
		if errs := network.MustKind(r.Kind).Check(r); len(errs) > 0 {
			t.Fatalf("%s %v: %v", r.Kind, r.Fields, errs)
		}
		if after := fmt.Sprint(r.Fields); r.Fields["topics"] == nil && r.Fields["parties"] == nil && r.Fields["specialties"] == nil && after != before {
			t.Fatalf("a value is not in the form it is stored in: %s, then %s", before, after)
		}
	}
	for chunk := range slices.Chunk(all, 500) {
		b := &store.Batch{Actor: "test"}
		for _, r := range chunk {
			b.Writes = append(b.Writes, store.Write{Action: store.Create, After: r})
		}
		if _, err := s.Apply(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
}

func sum(t *testing.T, o Options) string {
	t.Helper()
	h := fnv.New64a()
	n := 0
	for _, r := range records(t, o) {
		fields, err := r.MarshalFields()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(h, r.ID, r.Kind, string(fields))
		n++
	}
	return fmt.Sprintf("%d %x", n, h.Sum64())
}

func TestDoesASeedSayWhichMap(t *testing.T) {
	one := sum(t, Options{Seed: 7, Municipalities: 2})
	if again := sum(t, Options{Seed: 7, Municipalities: 2}); again != one {
		t.Errorf("the same seed gave %s and %s", one, again)
	}
	if other := sum(t, Options{Seed: 8, Municipalities: 2}); other == one {
		t.Error("two seeds gave the same map")
	}
}

// The whole nation is laid out, and counted without streaming it.
func TestIsTheNationAsGreatAsItIs(t *testing.T) {
	m, err := New(Options{Municipalities: Nation})
	if err != nil {
		t.Fatal(err)
	}
	count := map[part]int{}
	largest := 0
	for i := range m.towns {
		for p, n := range m.towns[i].count {
			count[part(p)] += n
		}
		largest = max(largest, m.towns[i].stakeholders())
	}
	for p, want := range map[part]int{school: schools, section: sections, company: companies, consultant: consultants, tie: ties} {
		if got := count[p]; got < want || got > want*21/20 {
			t.Errorf("part %d: %d records, want %d", p, got, want)
		}
	}
	if average := 900_000 / Nation; largest < 20*average {
		t.Errorf("the greatest municipality has %d stakeholders, the average %d", largest, average)
	}
	if _, err := New(Options{Municipalities: Nation + 1}); err == nil {
		t.Error("there are more municipalities than there are")
	}
}

func TestDoFewHaveManyTies(t *testing.T) {
	degree := map[string]int{}
	inside, n := 0, 0
	place := map[string]network.ID{}
	for _, r := range records(t, Options{Municipalities: 8}) {
		if a, ok := r.Fields["area"].(network.ID); ok {
			place[string(r.ID)] = a
		}
		if r.Kind != network.TieRecord {
			continue
		}
		n++
		if place[r.Str("subject")] == place[r.Str("object")] {
			inside++
		}
		degree[r.Str("subject")]++
		degree[r.Str("object")]++
	}
	var all []int
	for _, d := range degree {
		all = append(all, d)
	}
	slices.Sort(all)
	median, top := all[len(all)/2], all[len(all)-1]
	if top < 20*median {
		t.Errorf("the most ties are %d, the median %d: that is no heavy tail", top, median)
	}
	if share := float64(inside) / float64(n); share < 0.85 || share > 0.99 {
		t.Errorf("%.2f of the ties stay within their municipality", share)
	}
}

// Whoever stops reading gets no more, and what is not read is not made.
func TestCanOneStopReading(t *testing.T) {
	m, err := New(Options{Municipalities: Nation})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for range m.Records() {
		if n++; n == 1000 {
			break
		}
	}
	if n != 1000 {
		t.Errorf("read %d", n)
	}
}
