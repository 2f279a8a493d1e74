package telemetry

import (
	"context"
	"net/http"
	"os"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Tracing makes spans and sends them on.
type Tracing struct {
	tracer trace.Tracer
	// Close sends what is left, as long as the context lasts.
	Close func(context.Context) error
}

// TracingConfigured tells whether the environment asks for traces, by the variables
// that OpenTelemetry has for all programs: an endpoint is named, and nothing turns
// them off.
func TracingConfigured() bool {
	named := os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
	exporter := os.Getenv("OTEL_TRACES_EXPORTER")
	return named && !strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") && (exporter == "" || exporter == "otlp")
}

// NewTracing sends traces over OTLP/HTTP as the OTEL_ variables say: endpoint,
// headers, certificates, sampling, resource. Without an endpoint none are made, and
// it costs next to nothing. The name of the service is musubi unless OTEL_SERVICE_NAME
// says otherwise. A collector that does not answer disturbs nobody.
func NewTracing(ctx context.Context, version string) (*Tracing, error) {
	if !TracingConfigured() {
		return &Tracing{tracer: noop.NewTracerProvider().Tracer("musubi"), Close: func(context.Context) error { return nil }}, nil
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, err
	}
	return newTracing(ctx, version, sdktrace.WithBatcher(exporter))
}

func newTracing(ctx context.Context, version string, to sdktrace.TracerProviderOption) (*Tracing, error) {
	about, err := resource.New(ctx, resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "musubi"), attribute.String("service.version", version)), resource.WithFromEnv())
	if err != nil {
		return nil, err
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithResource(about), to)
	return &Tracing{tracer: provider.Tracer("github.com/musubi-map/musubi"), Close: provider.Shutdown}, nil
}

func (t *Tracing) start(ctx context.Context, name string, kind trace.SpanKind, about ...attribute.KeyValue) (context.Context, trace.Span) {
	return t.tracer.Start(ctx, name, trace.WithSpanKind(kind), trace.WithAttributes(about...))
}

// request begins the span of an HTTP request, within the trace that its header names.
func (t *Tracing) request(ctx context.Context, method string, header http.Header) (context.Context, trace.Span) {
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(header))
	return t.start(ctx, method, trace.SpanKindServer, attribute.String("http.request.method", method))
}

func endRequest(span trace.Span, method, route string, status int) {
	span.SetName(method + " " + route)
	span.SetAttributes(attribute.String("http.route", route), attribute.Int("http.response.status_code", status))
	if status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
	span.End()
}

// endWith ends a span with the code of an error, which says nothing of values.
func endWith(span trace.Span, code string) {
	if code != "" {
		span.SetAttributes(attribute.String("error.type", code))
		span.SetStatus(codes.Error, code)
	}
	span.End()
}
