package telemetry

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// seconds are the bounds of the histograms: from a point read on the embedded store
// to the longest that the usual limits let run.
var seconds = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// Metrics are the figures of one server, in a registry of their own.
type Metrics struct {
	registry *prometheus.Registry

	requests        *prometheus.CounterVec
	requestSeconds  *prometheus.HistogramVec
	requestsRunning prometheus.Gauge

	operations        *prometheus.CounterVec
	operationSeconds  *prometheus.HistogramVec
	operationsRunning prometheus.Gauge
	subscriptions     prometheus.Gauge

	errors, refused  *prometheus.CounterVec
	calls            *prometheus.CounterVec
	callSeconds      *prometheus.HistogramVec
	statements       *prometheus.CounterVec
	statementSeconds *prometheus.HistogramVec
}

// NewMetrics makes them. head asks the store for its revision, for each time that
// the figures are read; it should bear no figures itself.
func NewMetrics(head Head) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewBuildInfoCollector(), newHeadCollector(head))
	m.requests = m.counter("http_requests_total", "HTTP requests answered.", "route", "method", "status")
	m.requestSeconds = m.histogram("http_request_duration_seconds", "How long HTTP requests took; streams count when they end.", "route")
	m.requestsRunning = m.gauge("http_requests_in_flight", "HTTP requests being answered, open streams included.")
	m.operations = m.counter("operations_total", "GraphQL operations that ran, by the code of their first error (ok: none).", "type", "operation", "code")
	m.operationSeconds = m.histogram("operation_duration_seconds", "How long queries and mutations took.", "type", "operation")
	m.operationsRunning = m.gauge("operations_in_flight", "Queries and mutations running.")
	m.subscriptions = m.gauge("subscriptions_open", "Subscriptions open.")
	m.errors = m.counter("errors_total", "Errors that clients got, by code.", "code")
	m.refused = m.counter("refused_total", "Errors because of a limit, by its name.", "limit")
	m.calls = m.counter("store_calls_total", "Calls of the store, by what was asked and the code of the error (ok: none).", "call", "code")
	m.callSeconds = m.histogram("store_call_duration_seconds", "How long calls of the store took; waiting for changes is left out.", "call")
	m.statements = m.counter("statements_total", "Statements and transactions sent to Neo4j; 0 on the embedded store.", "operation", "outcome")
	m.statementSeconds = m.histogram("statement_duration_seconds", "How long they took, until the last row was read.", "operation")
	return m
}

func (m *Metrics) counter(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) gauge(name, help string) prometheus.Gauge {
	g := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
	m.registry.MustRegister(g)
	return g
}

func (m *Metrics) histogram(name, help string, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: seconds}, labels)
	m.registry.MustRegister(h)
	return h
}

const namespace = "musubi"

// Handler answers with the figures in the formats of Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// Gatherer gives the figures to other readers.
func (m *Metrics) Gatherer() prometheus.Gatherer { return m.registry }
