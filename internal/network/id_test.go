package network

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestNewIDsAreOrderedAndDistinct(t *testing.T) {
	shape := regexp.MustCompile(`^[0-9a-v]{26}$`)
	last := ID("")
	for range 10000 {
		id := NewID()
		if !shape.MatchString(string(id)) || id <= last {
			t.Fatalf("%s after %s", id, last)
		}
		if got, err := ParseID(string(id)); err != nil || got != id {
			t.Fatal(got, err)
		}
		last = id
	}
}

func TestNewIDFromManyGoroutines(t *testing.T) {
	const workers, each = 8, 2000
	ids := make([][]ID, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for range each {
				ids[w] = append(ids[w], NewID())
			}
		})
	}
	wg.Wait()
	seen := make(map[ID]bool, workers*each)
	for _, some := range ids {
		for _, id := range some {
			if seen[id] {
				t.Fatalf("%s twice", id)
			}
			seen[id] = true
		}
	}
}

func TestNewIDWhenTheClockIsSetBack(t *testing.T) {
	first := NewID()
	newest.Lock()
	hi, lo := newest.hi, newest.lo
	newest.hi, newest.lo = newest.hi+(1<<40), ^uint64(0) // far ahead, about to carry
	newest.Unlock()
	second, third := NewID(), NewID()
	newest.Lock()
	newest.hi, newest.lo = hi, lo
	newest.Unlock()
	if first >= second || second >= third {
		t.Errorf("%s, %s, %s", first, second, third)
	}
}

func TestParseID(t *testing.T) {
	for _, s := range []string{"a", "A-b_9", strings.Repeat("x", 64)} {
		if id, err := ParseID(s); err != nil || string(id) != s {
			t.Errorf("ParseID(%q) = %s, %v", s, id, err)
		}
	}
	for _, s := range []string{"", strings.Repeat("x", 65), "a b", "a'b", "塩尻", "a\x00", "a/b", "a.b", "a="} {
		if _, err := ParseID(s); CodeOf(err) != NotFound {
			t.Errorf("ParseID(%.70q): %v", s, err)
		}
	}
}

func TestDistinct(t *testing.T) {
	for _, c := range []struct{ given, want []ID }{
		{nil, nil}, {[]ID{"a"}, []ID{"a"}}, {[]ID{"b", "a", "b", "c", "a"}, []ID{"b", "a", "c"}},
	} {
		given := slices.Clone(c.given)
		if got := Distinct(c.given); !slices.Equal(got, c.want) || !slices.Equal(c.given, given) {
			t.Errorf("%v of %v, which was %v", got, c.given, given)
		}
	}
}

func TestWhatARecordPointsTo(t *testing.T) {
	r := &Record{Kind: "Person", Fields: map[string]any{"name": "架空", "residence": ID("home"), "topics": []ID{"a", "b"}}}
	if got := r.IDs("topics"); !slices.Equal(got, []ID{"a", "b"}) || !slices.Equal(r.IDs("residence"), []ID{"home"}) || r.IDs("name") != nil || r.IDs("area") != nil {
		t.Error(got)
	}
	every, public := func(*Field) bool { return true }, func(f *Field) bool { return !f.Personal }
	for _, c := range []struct {
		to     []ID
		counts func(*Field) bool
		want   bool
	}{{[]ID{"b"}, every, true}, {[]ID{"x", "home"}, every, true}, {[]ID{"home"}, public, false}, {[]ID{"a"}, public, true}, {[]ID{"架空"}, every, false}, {nil, every, false}} {
		if got := r.PointsTo(c.to, c.counts); got != c.want {
			t.Errorf("%v: %v", c.to, got)
		}
	}
}

func BenchmarkNewID(b *testing.B) {
	for b.Loop() {
		_ = NewID()
	}
}
