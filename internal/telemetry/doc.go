// Package telemetry tells an operator what a server does: figures for Prometheus
// ([Metrics]) and traces over OTLP ([Tracing]).
//
// It hears of work through small hooks ([Hooks]) and through a store that it stands
// before ([Store]), so that neither graph nor a store knows of it. Nothing in it is
// personal, by construction: it is given routes, kinds, field names, codes and names
// of published operations, and never a value, a text of a client, an address or who
// asks. All label values come from closed lists.
package telemetry
