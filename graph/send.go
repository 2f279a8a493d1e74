package graph

import (
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/musubi-map/musubi/graph/live"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/wire"
)

// The media types of an answer: https://graphql.github.io/graphql-over-http/draft
const (
	plainJSON   = "application/json"
	graphQLJSON = "application/graphql-response+json"
)

// accepted is what a client takes.
type accepted struct {
	events, json bool
	graphql      bool // as graphQLJSON, and rather than plainJSON
}

// accepts reads the header Accept. A client that takes nothing we have gets
// plainJSON.
func accepts(h http.Header) accepted {
	text := strings.Join(h.Values("Accept"), ",")
	switch text {
	case "", "*/*", plainJSON:
		return accepted{json: true}
	}
	best := map[string]float64{}
	for clause := range strings.SplitSeq(text, ",") {
		media, params, err := mime.ParseMediaType(clause)
		q := 1.0
		if v, given := params["q"]; given {
			q, _ = strconv.ParseFloat(v, 64)
		}
		if err == nil && q > 0 {
			best[media] = max(best[media], q)
		}
	}
	plain := max(best[plainJSON], best["application/*"], best["*/*"])
	return accepted{events: best[live.EventStream] > 0, json: plain > 0 || best[graphQLJSON] > 0, graphql: best[graphQLJSON] > 0 && best[graphQLJSON] >= plain}
}

// send writes the response to an operation. Its data is JSON already and is passed
// on as it is; there is none when nothing was executed.
func (h *Handler) send(w http.ResponseWriter, takes accepted, op *graphql.OperationContext, r *graphql.Response) {
	head := []byte("{")
	if len(r.Errors) > 0 {
		errs, err := json.Marshal(r.Errors)
		if err != nil {
			h.refuse(w, http.StatusInternalServerError, network.Internal, "the answer could not be written")
			return
		}
		head = append(append(head, `"errors":`...), errs...)
		if r.Data != nil {
			head = append(head, ',')
		}
	}
	if r.Data != nil {
		head = append(head, `"data":`...)
	}
	var room [96]byte
	tail := append(ending(room[:0], op), '}')
	header := w.Header()
	media, status := plainJSON, http.StatusOK
	if takes.graphql {
		media, status = graphQLJSON, statusOf(r)
	}
	header.Set("Content-Type", media+"; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(head)+len(r.Data)+len(tail)))
	// Unsupported only by writers in tests.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(h.limits.Longest(limit.WriteTime)))
	w.WriteHeader(status)
	for _, part := range [][]byte{head, r.Data, tail} {
		if _, err := w.Write(part); err != nil {
			return // the client is gone
		}
	}
}

// ending is what follows the data: what the operation could cost.
func ending(out []byte, op *graphql.OperationContext) []byte {
	c, counted := costOf(op)
	if !counted {
		return out
	}
	out = strconv.AppendInt(append(out, `,"extensions":{"cost":{"requested":`...), c.Requested, 10)
	return append(strconv.AppendInt(append(out, `,"allowed":`...), c.Allowed, 10), "}}"...)
}

// statusOf is the status of an answer in graphQLJSON.
func statusOf(r *graphql.Response) int {
	if r.Data != nil || len(r.Errors) == 0 {
		return http.StatusOK
	}
	code, _ := r.Errors[0].Extensions["code"].(string)
	switch network.ErrorCode(code) {
	case network.Internal:
		return http.StatusInternalServerError
	case network.Unavailable, network.Timeout, network.ResourceExhausted:
		return http.StatusServiceUnavailable
	case network.Unauthenticated:
		return http.StatusUnauthorized
	case network.Forbidden:
		return http.StatusForbidden
	}
	return http.StatusBadRequest
}

// refuse answers a request that is no GraphQL over HTTP, or is not looked at.
func (h *Handler) refuse(w http.ResponseWriter, status int, code network.ErrorCode, message string) {
	h.refuseWith(w, status, &gqlerror.Error{Message: message, Extensions: map[string]any{"code": code}})
}

func (h *Handler) refuseWith(w http.ResponseWriter, status int, err *gqlerror.Error) {
	h.watch.failed(err)
	wire.Refuse(w, status, err.Message, err.Extensions)
}
