package auth

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// patience is for what must happen soon.
const patience = time.Minute

// asked sends a request through a guard; who is whom the handler behind it saw, nil
// when it was not reached.
func asked(a *Authenticator, header http.Header) (w *httptest.ResponseRecorder, who *network.Viewer) {
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader("{}"))
	r.Header = header
	w = httptest.NewRecorder()
	a.Guard(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		v := Viewer(r.Context())
		who = &v
	})).ServeHTTP(w, r)
	return w, who
}

func TestHowIsARequestRefused(t *testing.T) {
	p, s := newProvider(t), newCounting()
	o := p.options()
	o.Tokens = s
	_, shown := made(t, s, network.RoleAnalyst, time.Hour)
	revoked, shownRevoked := made(t, s, network.RoleAdmin, time.Hour)
	if err := s.RevokeToken(t.Context(), revoked.ID, now); err != nil {
		t.Fatal(err)
	}
	const plain, invalid = `Bearer realm="musubi"`, `Bearer realm="musubi", error="invalid_token", error_description="the token does not count: `
	for _, c := range []struct {
		name      string
		header    http.Header
		status    int
		challenge string
		code      string
	}{
		{"a token", http.Header{"Authorization": {"Bearer " + shown}}, 200, "", ""},
		{"in other letters", http.Header{"Authorization": {"bEARER   " + shown + " "}}, 200, "", ""},
		{"a JWT", http.Header{"Authorization": {"Bearer " + p.token(nil)}}, 200, "", ""},
		{"nothing", http.Header{}, 401, plain, "UNAUTHENTICATED"},
		{"two", http.Header{"Authorization": {"Bearer " + shown, "Bearer " + shown}}, 401, invalid, "UNAUTHENTICATED"},
		{"empty", http.Header{"Authorization": {""}}, 401, invalid, "UNAUTHENTICATED"},
		{"no scheme", http.Header{"Authorization": {shown}}, 401, invalid, "UNAUTHENTICATED"},
		{"another scheme", http.Header{"Authorization": {"Basic " + shown}}, 401, invalid, "UNAUTHENTICATED"},
		{"no token", http.Header{"Authorization": {"Bearer "}}, 401, invalid, "UNAUTHENTICATED"},
		{"garbage", http.Header{"Authorization": {"Bearer a\"b\\c"}}, 401, invalid, "UNAUTHENTICATED"},
		{"revoked", http.Header{"Authorization": {"Bearer " + shownRevoked}}, 401, invalid + `it was revoked"`, "UNAUTHENTICATED"},
		{"expired", http.Header{"Authorization": {"Bearer " + p.token(m{"exp": 1})}}, 401, invalid + `it has expired; get a new one"`, "UNAUTHENTICATED"},
		{"no role", http.Header{"Authorization": {"Bearer " + p.token(m{"roles": nil})}}, 403, "", "FORBIDDEN"},
		{"a cookie", http.Header{"Cookie": {"token=" + shown}}, 401, plain, "UNAUTHENTICATED"},
	} {
		w, who := asked(authenticator(t, o), c.header)
		var body struct {
			Errors []struct {
				Message    string
				Extensions struct{ Code string }
			}
		}
		_ = json.Unmarshal(w.Body.Bytes(), &body)
		if got := w.Header().Get("WWW-Authenticate"); w.Code != c.status || !strings.HasPrefix(got, c.challenge) || (got == "") != (c.challenge == "") || strings.Count(got, `"`)%2 != 0 {
			t.Errorf("%s: %d, %s", c.name, w.Code, got)
		}
		if (who != nil) != (c.status == 200) || who != nil && who.Role != network.RoleAnalyst {
			t.Errorf("%s: whom the handler saw: %+v", c.name, who)
		}
		if c.code != "" && (len(body.Errors) != 1 || body.Errors[0].Extensions.Code != c.code || body.Errors[0].Message == "" || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json")) {
			t.Errorf("%s: %s %v", c.name, w.Body, w.Header())
		}
	}
	s.down.Store(true)
	w, who := asked(authenticator(t, o), http.Header{"Authorization": {"Bearer " + shown}})
	if w.Code != 503 || who != nil || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), `"UNAVAILABLE"`) {
		t.Errorf("the store is down: %d %s", w.Code, w.Body)
	}
}

// A socket says who it is after its upgrade; an upgrade that says so is held to it.
func TestWhichUpgradesPass(t *testing.T) {
	s := newCounting()
	_, shown := made(t, s, network.RoleAdmin, time.Hour)
	for name, c := range map[string]struct {
		method, authorization string
		status                int
		role                  network.Role
	}{
		"no token yet":                 {"GET", "", 200, network.RoleViewer},
		"a token":                      {"GET", "Bearer " + shown, 200, network.RoleAdmin},
		"a token that is not whole":    {"GET", "Bearer " + tokenPrefix, 401, network.RoleViewer},
		"a POST that calls itself one": {"POST", "", 401, network.RoleViewer},
	} {
		header := http.Header{"Upgrade": {"WebSocket"}}
		if c.authorization != "" {
			header.Set("Authorization", c.authorization)
		}
		r := httptest.NewRequest(c.method, "/graphql", nil)
		r.Header = header
		w := httptest.NewRecorder()
		tokensOnly(t, s).Guard(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			switch id := Of(r.Context()); {
			case (id == nil) != (c.authorization == ""):
				t.Errorf("%s: %+v", name, id)
			case id != nil && id.Viewer.Role != c.role:
				t.Errorf("%s: %+v", name, id.Viewer)
			}
		})).ServeHTTP(w, r)
		if w.Code != c.status {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}

func TestWhichSocketsDoesAdmitLetIn(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := newCounting()
	_, shown := made(t, s, network.RoleCoordinator, time.Hour)
	_, other := made(t, s, network.RoleViewer, time.Hour)
	a := tokensOnly(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	known, err := a.Authenticate(ctx, other)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		ctx     context.Context
		payload map[string]any
		role    network.Role
		refused bool
	}{
		"a token":                          {ctx, m{"Authorization": "Bearer " + shown}, network.RoleCoordinator, false},
		"in small letters, among others":   {ctx, m{"authorization": "Bearer " + shown, "Musubi-At-Least": "r1"}, network.RoleCoordinator, false},
		"by its upgrade":                   {With(ctx, known), nil, network.RoleViewer, false},
		"another than that of its upgrade": {With(ctx, known), m{"Authorization": "Bearer " + shown}, network.RoleCoordinator, false},
		"nothing":                          {ctx, nil, 0, true},
		"no text":                          {ctx, m{"Authorization": []any{"Bearer " + shown}}, 0, true},
		"no scheme":                        {ctx, m{"Authorization": shown}, 0, true},
		"under another name":               {ctx, m{"token": "Bearer " + shown}, 0, true},
		"a false one after its upgrade":    {With(ctx, known), m{"Authorization": "Bearer " + tokenPrefix}, 0, true},
	} {
		admitted, err := a.Admit(c.ctx, c.payload)
		switch {
		case c.refused != (network.CodeOf(err) == network.Unauthenticated), (admitted == nil) != c.refused:
			t.Errorf("%s: %v", name, err)
		case !c.refused && (Viewer(admitted).Role != c.role || admitted.Err() != nil):
			t.Errorf("%s: %+v", name, Viewer(admitted))
		}
	}
	s.down.Store(true)
	if _, err := tokensOnly(t, s).Admit(ctx, m{"Authorization": "Bearer " + shown}); network.CodeOf(err) != network.Unavailable {
		t.Errorf("the store is down: %v", err)
	}
}

// ended waits for a context to end.
func ended(t *testing.T, what string, ctx context.Context) {
	t.Helper()
	select {
	case <-ctx.Done():
	case <-time.After(patience):
		t.Errorf("%s goes on", what)
	}
}

// Streams end with the token, whatever they run over.
func TestDoesAStreamEndWithItsToken(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := memory.New(memory.Options{})
	begun := time.Now().Truncate(time.Second)
	short, shownShort, err := NewToken("短い", network.RoleViewer, nil, begun, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	short.Expires = begun.Add(3 * time.Second)
	long, shownLong, err := NewToken("長い", network.RoleViewer, nil, begun, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []*store.Token{short, long} {
		if err := s.AddToken(t.Context(), token); err != nil {
			t.Fatal(err)
		}
	}
	a := authenticator(t, Options{Tokens: s})
	streams := map[string]context.Context{}
	finish := make(chan struct{})
	reached := make(chan context.Context)
	for _, shown := range []string{shownShort, shownLong} {
		ctx, err := a.Admit(t.Context(), m{"Authorization": "Bearer " + shown})
		if err != nil {
			t.Fatal(err)
		}
		streams["socket "+shown] = ctx
		r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
		r.Header = http.Header{"Authorization": {"Bearer " + shown}, "Accept": {"Text/Event-Stream"}}
		go a.Guard(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			reached <- r.Context()
			<-finish
		})).ServeHTTP(httptest.NewRecorder(), r)
		streams["events "+shown] = <-reached
	}
	defer close(finish)
	for what, ctx := range streams {
		if strings.HasSuffix(what, shownShort) {
			ended(t, what, ctx)
		} else if ctx.Err() != nil {
			t.Errorf("%s ended before its token", what[:6])
		}
	}
	if err := s.RevokeToken(t.Context(), long.ID, time.Now()); err != nil {
		t.Fatal(err)
	}
	for what, ctx := range streams {
		ended(t, what, ctx)
	}
}
