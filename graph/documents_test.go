package graph

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// reading is a handler and what it keeps.
func reading(t *testing.T, bytes int64) (func(query string) string, *documents) {
	t.Helper()
	h, docs := newHandler(&Resolver{Store: memory.New(memory.Options{}), Clock: network.SystemClock(),
		Viewer: func(context.Context) network.Viewer { return network.Admin("a") }, Limits: limit.With("documents", fmt.Sprint(bytes))})
	return func(query string) string {
		r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(fmt.Sprintf(`{"query":%q}`, query)))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Body.String()
	}, docs
}

// wide is a query that differs from others in an alias.
func wide(i int) string {
	field := "t: ties(first: 3) { totalCount nodes { name ... on School { level area { name parent { name } } } ... on Company { industry } } }"
	return fmt.Sprintf("{ x%d: stakeholders(first: 2) { nodes { id name %s } } people { nodes { posts { nodes { name holders { nodes { name } } } } } } }", i, field)
}

func TestDoManyQueriesTakeNoMoreThanTheirShare(t *testing.T) {
	const limit = 4 << 20
	ask, docs := reading(t, limit)
	ask(wide(0))
	before := heap()
	for i := range 3000 {
		if got := ask(wide(i)); strings.Contains(got, "errors") {
			t.Fatal(got)
		}
	}
	docs.mu.Lock()
	used, kept := docs.used, docs.recent.Len()
	docs.mu.Unlock()
	if grown := heap() - before; used > limit || grown > 2*limit {
		t.Errorf("%d documents are taken for %d bytes and take %d; at most %d are meant", kept, used, grown, limit)
	}
	if kept < 10 || kept != len(docs.byText) || kept != len(docs.byDoc) {
		t.Errorf("%d are kept, found by %d texts and %d documents", kept, len(docs.byText), len(docs.byDoc))
	}
	if _, found := docs.Get(t.Context(), wide(2999)); !found {
		t.Error("the last one is not kept")
	}
	if _, found := docs.Get(t.Context(), wide(1)); found {
		t.Error("the first one is still kept")
	}
	runtime.KeepAlive(ask)
}

func TestIsAQueryInUseKeptAmongManyOthers(t *testing.T) {
	ask, docs := reading(t, 1<<20)
	for i := range 500 {
		ask(`{ viewer { role } }`)
		ask(wide(i))
	}
	if _, found := docs.Get(t.Context(), `{ viewer { role } }`); !found {
		t.Error("it was dropped")
	}
}

func TestIsOnlyWhatIsValidKept(t *testing.T) {
	ask, docs := reading(t, 1<<20)
	for _, q := range []string{"{ nothing }", "{", "", "{ stakeholders(first: \"a\") { totalCount } }", strings.Repeat(" ", 1<<16) + "{ viewer { role } }"} {
		ask(q)
	}
	if docs.recent.Len() != 0 || docs.used != 0 {
		t.Errorf("%d documents, %d bytes", docs.recent.Len(), docs.used)
	}
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
