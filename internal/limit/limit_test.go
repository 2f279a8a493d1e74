package limit

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
)

func TestDoesEveryLimitHaveARow(t *testing.T) {
	names := map[string]bool{}
	for k, e := range Table() {
		if e.Name == "" || e.Of == "" || names[e.Name] {
			t.Errorf("row %d: %+v", k, e)
		}
		names[e.Name] = true
		if e.Common && e.Values != all(e.Values[0]) {
			t.Errorf("%s is the same for all roles: %v", e.Name, e.Values)
		}
		if (e.Code != "") != (e.Stay != "") && e.Name != "first" {
			t.Errorf("%s: an error has a code and says how to stay inside, or there is none", e.Name)
		}
		for i, v := range e.Values {
			if i > 0 && v != 0 && v < e.Values[i-1] {
				t.Errorf("%s: role %d may less than the one before", e.Name, i)
			}
			s := Usual()
			if err := s.Assign(e.Name, e.Text(v)); err != nil || s.values[k] != all(v) {
				t.Errorf("%s: %q is read as %v, %v", e.Name, e.Text(v), s.values[k], err)
			}
		}
	}
}

func TestHowAreLimitsAssigned(t *testing.T) {
	s := With("tokens", "2000/8000", "body", "64KiB", "time", "250ms/1m/2m/3m", "rate", "0")
	for _, c := range []struct {
		k    Key
		want [4]int64
	}{
		{Tokens, [4]int64{2000, 8000, 8000, 8000}},
		{Body, all(65536)},
		{Time, [4]int64{int64(250 * time.Millisecond), int64(time.Minute), int64(2 * time.Minute), int64(3 * time.Minute)}},
		{Rate, all(0)},
		{Depth, all(16)},
	} {
		if s.values[c.k] != c.want {
			t.Errorf("%s: %v", table[c.k].Name, s.values[c.k])
		}
	}
	for _, bad := range [][2]string{{"tokens", ""}, {"tokens", "0"}, {"tokens", "-1"}, {"tokens", "many"}, {"tokens", "1/2/3/4/5"}, {"body", "1GB"}, {"wait", "1s/2s"}, {"time", "5"}, {"nothing", "1"}, {"tokens", "99999999999999999999"}} {
		if err := Usual().Assign(bad[0], bad[1]); err == nil {
			t.Errorf("%s=%s was taken", bad[0], bad[1])
		}
	}
}

func TestDoesTheErrorSayHowToStayInside(t *testing.T) {
	err := Usual().Exceed(network.RoleViewer, Tokens, 1200)
	var typed *network.Error
	if !errors.As(error(err), &typed) || typed.Code != network.TooLarge || err.Name() != "tokens" {
		t.Fatalf("%v", err)
	}
	for _, part := range []string{"1000 are allowed", "1200 were asked for", "move values into variables"} {
		if !strings.Contains(typed.Message, part) {
			t.Errorf("%q lacks %q", typed.Message, part)
		}
	}
}

func enter(t *testing.T, g *Gate, name string) (*Pass, *Exceeded) {
	t.Helper()
	pass, err := g.Enter(t.Context(), Who{Name: name})
	var full *Exceeded
	if err != nil && !errors.As(err, &full) {
		t.Fatal(err)
	}
	return pass, full
}

func TestWhoIsLetIn(t *testing.T) {
	g := With("in-flight", "2", "in-flight-total", "3", "wait", "1ms").Flights()
	a1, _ := enter(t, g, "a")
	a2, _ := enter(t, g, "a")
	if _, full := enter(t, g, "a"); full == nil || full.Key != InFlight || full.Status() != 429 || full.RetryAfter < time.Second {
		t.Errorf("a third of one viewer: %+v", full)
	}
	b1, _ := enter(t, g, "b")
	if _, full := enter(t, g, "b"); full == nil || full.Key != InFlightTotal || full.Status() != 503 {
		t.Errorf("a fourth of all: %+v", full)
	}
	a1.Done() // it still reads its answer
	if _, full := enter(t, g, "a"); full == nil || full.Key != InFlight {
		t.Errorf("a third of one viewer: %+v", full)
	}
	b2, full := enter(t, g, "b")
	if full != nil {
		t.Errorf("room was made: %+v", full)
	}
	for _, p := range []*Pass{a1, a1, a2, b1, b2} {
		p.Leave()
	}
	for who, v := range g.viewers {
		if v.uses != 0 || g.waiting != 0 {
			t.Errorf("left behind: %v, %d uses, %d wait", who, v.uses, g.waiting)
		}
	}
	for i := range 3 * maxIdle {
		p, _ := enter(t, g, strconv.Itoa(i))
		p.Leave()
	}
	if len(g.viewers) > maxIdle {
		t.Errorf("%d viewers are known", len(g.viewers))
	}
}

func TestDoesOneWaitForRoom(t *testing.T) {
	g := With("in-flight", "1", "wait", "1m", "waiting", "1").Flights()
	first, _ := enter(t, g, "a")
	in := make(chan *Pass)
	go func() {
		next, _ := g.Enter(context.Background(), Who{Name: "a"})
		in <- next
	}()
	for waiting := int64(0); waiting == 0; {
		g.mu.Lock()
		waiting = g.waiting
		g.mu.Unlock()
	}
	if _, full := enter(t, g, "a"); full == nil || full.Key != Waiting || full.Status() != 503 {
		t.Errorf("the queue is full: %+v", full)
	}
	first.Leave()
	(<-in).Leave()

	first, _ = enter(t, g, "a")
	defer first.Leave()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.Enter(gone, Who{Name: "a"}); !errors.Is(err, context.Canceled) {
		t.Errorf("who has gone gets %v", err)
	}
}

func TestDoStreamsWait(t *testing.T) {
	g := With("streams", "1").OpenStreams()
	pass, _ := enter(t, g, "a")
	defer pass.Leave()
	if _, full := enter(t, g, "a"); full == nil || full.Key != Streams || full.Status() != 429 {
		t.Errorf("%+v", full)
	}
}

func TestHowManyRequestsMayCome(t *testing.T) {
	r := With("rate", "1/1/1/0", "burst", "3").Rates()
	allowed := 0
	for range 20 {
		if r.Allow(Who{Name: "a"}) == nil {
			allowed++
		}
	}
	if allowed < 3 || allowed > 10 { // the clock goes on while it asks
		t.Errorf("%d of 20 at once", allowed)
	}
	var late *Exceeded
	for errors.As(r.Allow(Who{Name: "a"}), &late) == false {
	}
	if late.Status() != 429 || late.RetryAfter < time.Second {
		t.Errorf("%+v", late)
	}
	if err := r.Allow(Who{Name: "b"}); err != nil {
		t.Errorf("another viewer: %v", err)
	}
	for range 100 {
		if err := r.Allow(Who{Name: "a", Role: network.RoleAdmin}); err != nil {
			t.Fatalf("0 is no limit: %v", err)
		}
	}
}

func TestIsWhatIsKnownOfViewersBounded(t *testing.T) {
	r := Usual().Rates()
	var all sync.WaitGroup
	for part := range 4 {
		all.Go(func() {
			for i := range maxViewers {
				_ = r.Allow(Who{Name: strconv.Itoa(part*maxViewers + i)})
			}
		})
	}
	all.Wait()
	if len(r.viewers) > maxViewers {
		t.Errorf("%d are known", len(r.viewers))
	}
}
