// Package server is the HTTP edge: what listens, who may speak to it, how much they may send, and what is logged.
//
// It knows nothing of GraphQL but the shape of an error. A request passes, from the outside in:
//
//	request id → watch, access log → panic to 500 → security headers → Host check (open mode) → routes
//	/graphql → origin check and CORS → method, encoding, type, size → deadline → Guard → the GraphQL handler
//
// What the GraphQL handler can rely on: X-Request-Id is set and harmless; a POST carries application/json without
// Content-Encoding; the body ends with *http.MaxBytesError at the limit (whatever the handler then answers, the client
// gets 413); an Origin header names ourselves or an allowed origin, for WebSockets too. GET is passed on, for the
// handler to upgrade or to refuse with 405. Streams (WebSocket, text/event-stream) get no deadline; their context ends
// as soon as the server begins to drain.
package server
