package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// held is a store that answers once it is let, or when nobody waits any more.
type held struct {
	store.Store
	asked chan struct{}
	let   chan struct{}
}

func (h *held) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	h.asked <- struct{}{}
	select {
	case <-h.let:
		return h.Store.Fetch(ctx, p)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func holding(limits *limit.Set, role network.Role) (*held, http.Handler) {
	s := &held{Store: memory.New(memory.Options{}), asked: make(chan struct{}, 100), let: make(chan struct{})}
	return s, over(func(r *graph.Resolver) {
		r.Store, r.Limits = s, limits
		r.Viewer = func(context.Context) network.Viewer { return network.Viewer{Role: role, Actor: "v"} }
	})
}

const counted = `{"query":"{ schools { totalCount } }"}`

func TestHowManyOperationsRunAtATime(t *testing.T) {
	s, h := holding(limit.With("in-flight", "2", "wait", "1ms"), network.RoleViewer)
	answers := make(chan int, 2)
	for range 2 {
		go func() { answers <- respond(h, newRequest([]byte(counted))).Code }()
		<-s.asked
	}
	w := respond(h, newRequest([]byte(counted)))
	if w.Code != 429 || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), `"limit":"in-flight"`) {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	close(s.let)
	for range 2 {
		if code := <-answers; code != 200 {
			t.Errorf("one that was let in: %d", code)
		}
	}
	if w := respond(h, newRequest([]byte(counted))); w.Code != 200 {
		t.Errorf("there is room again: %d %s", w.Code, w.Body)
	}
}

func TestHowLongMayAnOperationTake(t *testing.T) {
	for role, name := range map[network.Role]string{network.RoleViewer: "10ms/1h", network.RoleAnalyst: "1h/10ms"} {
		_, h := holding(limit.With("time", name), role)
		w := respond(h, newRequest([]byte(counted)))
		if got := w.Body.String(); !strings.Contains(got, `"code":"TIMEOUT"`) {
			t.Errorf("%s: %s", role, got)
		}
	}
}

func TestHowLargeMayAPageBe(t *testing.T) {
	a := embedded(t)
	for role, most := range map[network.Role]int{network.RoleViewer: 100, network.RoleAnalyst: 500} {
		a.viewer = network.Viewer{Role: role}
		if got := a.post(fmt.Sprintf("{ schools(first: %d) { totalCount } }", most), nil); strings.Contains(got, "errors") {
			t.Errorf("%s: %s", role, got)
		}
		if got := a.post(fmt.Sprintf("{ schools(first: %d) { totalCount } }", most+1), nil); !strings.Contains(got, "OUT_OF_RANGE") {
			t.Errorf("%s: %s", role, got)
		}
	}
}

func TestAreTheOperationsOfASocketCounted(t *testing.T) {
	h := over(func(r *graph.Resolver) {
		r.Limits = limit.With("rate", "1", "burst", "3", "streams", "1")
		r.Viewer = func(context.Context) network.Viewer { return network.Viewer{Actor: "v"} }
	})
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	dial := func() (*websocket.Conn, *http.Response, error) {
		return websocket.Dial(t.Context(), srv.URL, &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	}
	c, _, err := dial()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.CloseNow() })
	say := func(text string) string {
		if err := c.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
		_, got, err := c.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return string(got)
	}
	say(`{"type":"connection_init"}`)
	limited := false
	for i := range 20 {
		got := say(fmt.Sprintf(`{"type":"subscribe","id":"%d","payload":{"query":"{ nothing }"}}`, i))
		limited = limited || strings.Contains(got, `"code":"RATE_LIMITED"`) && strings.Contains(got, `"retryAfter":1`)
	}
	if !limited {
		t.Error("20 operations at once were let through")
	}
	if _, response, err := dial(); err == nil || response == nil || response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a second socket: %v, %v", response, err)
	}
}

// Subscriptions take no room from operations once they have begun.
func TestDoSubscriptionsTakeRoom(t *testing.T) {
	h := over(func(r *graph.Resolver) { r.Limits = limit.With("in-flight", "1", "in-flight-total", "1", "wait", "1h") })
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	c, _, err := websocket.Dial(t.Context(), srv.URL, &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.CloseNow() })
	say := func(text string) {
		if err := c.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	say(`{"type":"connection_init"}`)
	for i := range 20 {
		say(fmt.Sprintf(`{"type":"subscribe","id":"s%d","payload":{"query":"subscription { changes { revision } }"}}`, i))
	}
	for i := range 3 {
		say(fmt.Sprintf(`{"type":"subscribe","id":"q%d","payload":{"query":"{ __typename }"}}`, i))
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for answered := 0; answered < 3; {
		_, got, err := c.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(got), `"type":"next","id":"q`) {
			answered++
		}
	}
}

// The largest that passes must be validated soon, too.
func TestHowLongDoTheLargestDocumentsTake(t *testing.T) {
	a := embedded(t)
	part := func(n int, text string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(strings.ReplaceAll(text, "#", fmt.Sprint(i)))
		}
		return b.String()
	}
	for name, query := range map[string]string{
		"one field 80 times in 3 places": "{ " + part(3, "x#: viewer { "+strings.Repeat("today ", 80)+"} ") + "}",
		"a field 100 times":              "{ viewer { " + strings.Repeat("today ", 100) + "} }",
		"a fragment 40 times":            "{ viewer { " + strings.Repeat("...f ", 40) + "} } fragment f on Viewer { today role }",
		"50 fragments in each other":     "{ viewer { ...f0 } } " + part(49, "fragment f# on Viewer { today role ...f1# ...g } ") + "fragment g on Viewer { today }",
		"many operations":                part(300, "query q# { viewer { today role } } "),
		"many variables":                 "query(" + part(300, "$v#: Int ") + ") { " + part(1, "stakeholders { totalCount } ") + "}",
		"990 literals":                   "{ stakeholders(filter: {id: {in: [" + strings.Repeat(`"x" `, 990) + "]}}) { totalCount } }",
		"unknown fields":                 "{ viewer { " + part(100, "unknown# ") + "} }",
	} {
		begun := time.Now()
		got := a.post(query, nil)
		took := time.Since(begun)
		t.Logf("%s: %s", name, took)
		if took > 10*usually {
			t.Errorf("%s took %s", name, took)
		}
		if strings.Contains(got, `"code":"INTERNAL"`) || strings.Contains(got, `"code":"TOO_LARGE"`) {
			t.Errorf("%s: %.300s", name, got)
		}
	}
}

func TestWhichCharactersAreStored(t *testing.T) {
	a := embedded(t)
	const mutation = `mutation($name: String!, $text: String) { create(input: {school: {name: $name, description: $text}}) { record { ... on School { name description } } userErrors { code path } } }`
	a.is(`{"create":{"record":{"name":"がっこう","description":"a\nb"},"userErrors":[]}}`, mutation, map[string]any{"name": "か\u3099っこう", "text": "a\r\nb"})
	for _, bad := range []string{"a\x00b", "a\x1bb", "a\u202eb", "a\u2066b", "a\u2028b", "a\u0085b"} {
		a.is(`{"create":{"record":null,"userErrors":[{"code":"INVALID_VALUE","path":["input","school","name"]}]}}`, mutation, map[string]any{"name": bad})
		a.is(`{"create":{"record":null,"userErrors":[{"code":"INVALID_VALUE","path":["input","school","description"]}]}}`, mutation, map[string]any{"name": "架空", "text": bad})
		got := a.post(`mutation($r: String) { create(input: {school: {name: "架空"}}, reason: $r) { userErrors { code path } } }`, map[string]any{"r": bad})
		if !strings.Contains(got, `"code":"INVALID_VALUE"`) {
			t.Errorf("a reason: %s", got)
		}
	}
}
