package telemetry

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// subscription is the type of operations that are counted while they are open.
const subscription = "subscription"

// Hooks are what the parts of a server call: figures and spans of the same work.
type Hooks struct {
	*Metrics
	*Tracing
}

// Request is told of an HTTP request that begins, with its header, from which an
// outer trace is taken; end of its route and status. What end gives belongs into the
// access log: the id of the trace, when there is one.
func (h Hooks) Request(ctx context.Context, method string, header http.Header) (_ context.Context, end func(route string, status int) []slog.Attr) {
	began := time.Now()
	ctx, span := h.request(ctx, method, header)
	h.requestsRunning.Inc()
	return ctx, func(route string, status int) []slog.Attr {
		h.requestsRunning.Dec()
		h.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
		h.requestSeconds.WithLabelValues(route).Observe(time.Since(began).Seconds())
		endRequest(span, method, route, status)
		if id := span.SpanContext().TraceID(); id.IsValid() {
			return []slog.Attr{slog.String("trace_id", id.String())}
		}
		return nil
	}
}

// Operation is told of a GraphQL operation, see graph.Watch.
func (h Hooks) Operation(ctx context.Context, kind, name string) (_ context.Context, end func(code string)) {
	began := time.Now()
	ctx, span := h.start(ctx, kind, trace.SpanKindInternal, attribute.String("graphql.operation.type", kind))
	if name != otherName {
		span.SetAttributes(attribute.String("graphql.operation.name", name))
	}
	running := h.operationsRunning
	if kind == subscription {
		running = h.subscriptions
	}
	running.Inc()
	return ctx, func(code string) {
		running.Dec()
		h.operations.WithLabelValues(kind, name, orOK(code)).Inc()
		if kind != subscription {
			h.operationSeconds.WithLabelValues(kind, name).Observe(time.Since(began).Seconds())
		}
		endWith(span, code)
	}
}

// otherName is the name of operations in no known document: graph.OtherName.
const otherName = "other"

// Plan is told of the planning of a root field.
func (h Hooks) Plan(ctx context.Context, field string) (end func()) {
	_, span := h.start(ctx, "plan "+field, trace.SpanKindInternal, attribute.String("graphql.field.name", field))
	return func() { span.End() }
}

// Failed is told of an error that a client gets.
func (h Hooks) Failed(code, limit string) {
	h.errors.WithLabelValues(code).Inc()
	if limit != "" {
		h.refused.WithLabelValues(limit).Inc()
	}
}

// Statement is told of a statement, or a transaction, that is sent to Neo4j, by what
// it is for, and of its end with the class of the error, "" for none.
func (h Hooks) Statement(database string) func(ctx context.Context, operation string) (context.Context, func(class string)) {
	return func(ctx context.Context, operation string) (context.Context, func(class string)) {
		began := time.Now()
		ctx, span := h.start(ctx, operation+" "+database, trace.SpanKindClient,
			attribute.String("db.system.name", "neo4j"), attribute.String("db.namespace", database), attribute.String("db.operation.name", operation))
		return ctx, func(class string) {
			h.statements.WithLabelValues(operation, orOK(class)).Inc()
			h.statementSeconds.WithLabelValues(operation).Observe(time.Since(began).Seconds())
			endWith(span, class)
		}
	}
}

func orOK(code string) string {
	if code == "" {
		return "ok"
	}
	return code
}
