package server

import (
	"encoding/json"
	"net/http"
)

type graphQLErrors struct {
	Errors []graphQLError `json:"errors"`
}

type graphQLError struct {
	Message    string            `json:"message"`
	Extensions map[string]string `json:"extensions"`
}

// writeError answers in the shape that every GraphQL client reads. The message must not quote the request.
func writeError(w http.ResponseWriter, status int, code, message string) {
	extensions := map[string]string{"code": code}
	if id := w.Header().Get(requestIDHeader); id != "" {
		extensions["requestId"] = id
	}
	writeJSON(w, status, graphQLErrors{Errors: []graphQLError{{Message: message, Extensions: extensions}}})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Del("Content-Length") // of an answer that this one replaces
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client gone away is no error of ours
}
