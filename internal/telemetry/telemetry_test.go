package telemetry

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

func head(context.Context) (int64, error) { return 7, nil }

// recording are hooks whose spans are kept.
func recording(t *testing.T, head Head) (Hooks, *tracetest.InMemoryExporter) {
	t.Helper()
	spans := tracetest.NewInMemoryExporter()
	tracing, err := newTracing(t.Context(), "v0.0.0", sdktrace.WithSyncer(spans))
	if err != nil {
		t.Fatal(err)
	}
	return Hooks{NewMetrics(head), tracing}, spans
}

// Work as a server does it: a request, its operation, plan, call of the store and
// statement, each within the one before.
func TestAreSpansWithinOneAnother(t *testing.T) {
	h, spans := recording(t, head)
	outer := http.Header{"Traceparent": {"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}}
	ctx, endRequest := h.Request(t.Context(), "POST", outer)
	inner, endOperation := h.Operation(ctx, "query", "RoleMap")
	h.Plan(inner, "roleMap")()
	inner, endStatement := h.Statement("neo4j")(inner, "fetch")
	endStatement("")
	endOperation("TIMEOUT")
	attrs := endRequest("/graphql", 200)
	if len(attrs) != 1 || attrs[0].Value.String() != "4bf92f3577b34da6a3ce929d0e0e4736" {
		t.Errorf("the access log gets %v", attrs)
	}
	_ = inner
	got := map[string]string{} // name: parent's name, kind and attributes
	byID := map[string]string{}
	for _, s := range spans.GetSpans() {
		byID[s.SpanContext.SpanID().String()] = s.Name
	}
	for _, s := range spans.GetSpans() {
		text := byID[s.Parent.SpanID().String()] + " " + s.SpanKind.String() + " " + s.Status.Code.String()
		for _, a := range s.Attributes {
			text += " " + string(a.Key) + "=" + a.Value.String()
		}
		got[s.Name] = text
	}
	for name, want := range map[string]string{
		"POST /graphql": " server Unset http.request.method=POST http.route=/graphql http.response.status_code=200",
		"query":         "POST /graphql internal Error graphql.operation.type=query graphql.operation.name=RoleMap error.type=TIMEOUT",
		"plan roleMap":  "query internal Unset graphql.field.name=roleMap",
		"fetch neo4j":   "query client Unset db.system.name=neo4j db.namespace=neo4j db.operation.name=fetch",
	} {
		if got[name] != want {
			t.Errorf("%s: %q, want %q", name, got[name], want)
		}
	}
}

func TestAreNamesOfClientsLeftOut(t *testing.T) {
	h, spans := recording(t, head)
	_, end := h.Operation(t.Context(), "query", "other")
	end("")
	for _, a := range spans.GetSpans()[0].Attributes {
		if a.Key == "graphql.operation.name" {
			t.Errorf("%v", a)
		}
	}
}

func TestWhatIsCounted(t *testing.T) {
	h, _ := recording(t, head)
	_, end := h.Request(t.Context(), "POST", nil)
	_, operation := h.Operation(t.Context(), "query", "RoleMap")
	_, open := h.Operation(t.Context(), "subscription", "LiveChanges")
	h.Failed("TOO_LARGE", "cost")
	h.Failed("NOT_FOUND", "")
	_, statement := h.Statement("neo4j")(t.Context(), "fetch")
	expect(t, h.Metrics, `musubi_http_requests_in_flight 1`, `musubi_operations_in_flight 1`, `musubi_subscriptions_open 1`)
	statement("error")
	open("")
	operation("")
	end("/graphql", 200)
	expect(t, h.Metrics, `musubi_http_requests_in_flight 0`, `musubi_operations_in_flight 0`, `musubi_subscriptions_open 0`,
		`musubi_http_requests_total{method="POST",route="/graphql",status="200"} 1`, `musubi_http_request_duration_seconds_count{route="/graphql"} 1`,
		`musubi_operations_total{code="ok",operation="RoleMap",type="query"} 1`, `musubi_operations_total{code="ok",operation="LiveChanges",type="subscription"} 1`,
		`musubi_operation_duration_seconds_count{operation="RoleMap",type="query"} 1`,
		`musubi_errors_total{code="TOO_LARGE"} 1`, `musubi_errors_total{code="NOT_FOUND"} 1`, `musubi_refused_total{limit="cost"} 1`,
		`musubi_statements_total{operation="fetch",outcome="error"} 1`, `musubi_statement_duration_seconds_count{operation="fetch"} 1`,
		`musubi_store_up 1`, `musubi_revision_head 7`, `go_goroutines `, `process_open_fds `, `go_build_info{`)
}

func TestIsAStoreThatIsDownShown(t *testing.T) {
	h, _ := recording(t, func(context.Context) (int64, error) { return 0, errors.New("down") })
	text := expect(t, h.Metrics, `musubi_store_up 0`)
	if strings.Contains(text, "musubi_revision_head ") {
		t.Error("a revision is shown that nobody knows")
	}
}

func TestAreCallsOfAStoreCounted(t *testing.T) {
	h, spans := recording(t, head)
	s := h.Store(memory.New(memory.Options{}))
	if _, err := s.Fetch(t.Context(), &store.Plan{Viewer: network.Admin("test"), AsOf: network.MustDate("2024-02-01")}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context(), network.Admin("test"), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Apply(t.Context(), &store.Batch{Writes: []store.Write{{Action: store.Create, After: &network.Record{Kind: "Nothing"}}}}); err == nil {
		t.Fatal("a record of no kind was taken")
	}
	if _, err := s.Receipt(t.Context(), "actor", "key"); err != nil {
		t.Fatal(err)
	}
	for range s.Changes(t.Context(), network.Admin("test"), 0) {
		t.Fatal("there is nothing")
	}
	text := expect(t, h.Metrics, `musubi_store_calls_total{call="fetch",code="ok"} 1`, `musubi_store_calls_total{call="load",code="ok"} 1`,
		`musubi_store_calls_total{call="receipt",code="ok"} 1`, `musubi_store_calls_total{call="changes",code="ok"} 1`, `musubi_store_call_duration_seconds_count{call="apply"} 1`)
	if strings.Contains(text, `call="apply",code="ok"`) {
		t.Error("a refusal counts as ok")
	}
	var names []string
	for _, s := range spans.GetSpans() {
		names = append(names, s.Name)
	}
	if want := []string{"store fetch", "store load", "store apply", "store receipt", "store changes"}; !slices.Equal(names, want) {
		t.Errorf("spans %v", names)
	}
}

func TestAreTheNamesOfFiguresAsTheyShouldBe(t *testing.T) {
	h, _ := recording(t, head)
	problems, err := testutil.GatherAndLint(h.registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, namespace) {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

// expect reads the figures as Prometheus does.
func expect(t *testing.T, m *Metrics, lines ...string) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, line := range lines {
		if !strings.Contains(w.Body.String(), "\n"+line) {
			t.Errorf("%s is missing", line)
		}
	}
	return w.Body.String()
}
