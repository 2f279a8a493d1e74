package telemetry

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"go.opentelemetry.io/otel/trace"
)

func TestWhenAreTracesSent(t *testing.T) {
	for name, c := range map[string]struct {
		set  map[string]string
		want bool
	}{
		"nothing is set": {nil, false},
		"an endpoint":    {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, true},
		"one for traces": {map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, true},
		"turned off":     {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, false},
		"no exporter":    {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"}, false},
		"only a name":    {map[string]string{"OTEL_SERVICE_NAME": "map"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			for _, n := range []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER"} {
				t.Setenv(n, c.set[n])
			}
			if got := TracingConfigured(); got != c.want {
				t.Errorf("%v", got)
			}
		})
	}
}

// A collector gets what was begun before the end, over OTLP and HTTP.
func TestDoTracesReachACollector(t *testing.T) {
	got := make(chan *http.Request, 10)
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got <- r
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=sesame")
	tracing, err := NewTracing(t.Context(), "v1")
	if err != nil {
		t.Fatal(err)
	}
	_, span := tracing.start(t.Context(), "query", trace.SpanKindInternal)
	span.End()
	if err := tracing.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := <-got
	if r.URL.Path != "/v1/traces" || r.Header.Get("Content-Type") != "application/x-protobuf" || r.Header.Get("Authorization") != "sesame" {
		t.Errorf("%s %v", r.URL, r.Header)
	}
}

func TestDoNoTracesCostAnything(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
	t.Setenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "")
	tracing, err := NewTracing(t.Context(), "v1")
	if err != nil {
		t.Fatal(err)
	}
	ctx, span := tracing.start(t.Context(), "query", trace.SpanKindInternal)
	if span.IsRecording() || trace.SpanContextFromContext(ctx).IsValid() {
		t.Error("a span is made that nobody asked for")
	}
	if err := tracing.Close(t.Context()); err != nil {
		t.Error(err)
	}
}
