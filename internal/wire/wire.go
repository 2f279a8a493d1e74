// Package wire is what the guard of tokens, the HTTP edge and the GraphQL handler must
// see alike: the id of a request, what opens a stream, and how a request is refused.
package wire

import (
	"encoding/json"
	"net/http"
	"strings"
)

// RequestID is the header with the id that the HTTP edge gives to a request; answers
// have it too.
const RequestID = "X-Request-Id"

// IsSocket tells whether a request wants to become a WebSocket.
func IsSocket(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// MayTakeEvents tells whether a client names server-sent events among what it takes,
// however it ranks them.
func MayTakeEvents(h http.Header) bool {
	return strings.Contains(strings.ToLower(strings.Join(h.Values("Accept"), ",")), "text/event-stream")
}

// Refuse answers with one error in the shape that every GraphQL client reads; the id
// of the request is added to its extensions. The message must not quote the request.
func Refuse(w http.ResponseWriter, status int, message string, extensions map[string]any) {
	if id := w.Header().Get(RequestID); id != "" {
		extensions["requestId"] = id
	}
	JSON(w, status, refusal{[]fault{{message, extensions}}})
}

type refusal struct {
	Errors []fault `json:"errors"`
}

type fault struct {
	Message    string         `json:"message"`
	Extensions map[string]any `json:"extensions"`
}

// JSON answers with a value.
func JSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Del("Content-Length") // of an answer that this one replaces
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client gone away is no error of ours
}
