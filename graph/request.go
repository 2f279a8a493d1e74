package graph

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/graph/live"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
)

// badRequest is the code of a request that is no GraphQL over HTTP.
const badRequest network.ErrorCode = "BAD_REQUEST"

// request is what a client sent, not looked into.
type request struct {
	body []byte
	get  bool // body is the query of the address
}

// take reads a request as far as the viewer may send one; false when it has been
// refused.
func (h *Handler) take(w http.ResponseWriter, r *http.Request) (*request, bool) {
	switch {
	case r.Method == http.MethodGet && h.allowGet:
		return &request{body: []byte(r.URL.RawQuery), get: true}, true
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		h.refuse(w, http.StatusMethodNotAllowed, badRequest, "send the query as a POST request")
		return nil, false
	}
	if t, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); t != "application/json" {
		h.refuse(w, http.StatusUnsupportedMediaType, badRequest, "send the query as application/json")
		return nil, false
	}
	role := h.viewer(r.Context()).Role
	allowed := max(h.limits.Of(role, limit.Body), h.limits.Of(role, limit.WriteBody))
	body, err := readAll(io.LimitReader(r.Body, allowed+1), r.ContentLength)
	switch {
	case int64(len(body)) > allowed:
		h.turnAway(w, &limit.Exceeded{Key: limit.WriteBody, Allowed: allowed, Found: r.ContentLength})
	case err != nil:
		h.refuse(w, http.StatusBadRequest, badRequest, "the body broke off")
	default:
		return &request{body: body}, true
	}
	return nil, false
}

// readAll reads to the end. What the client says of the length is believed for as
// little as it costs.
func readAll(from io.Reader, announced int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(min(max(announced, 0), 4096)) + bytes.MinRead)
	_, err := b.ReadFrom(from)
	return b.Bytes(), err
}

// params reads the request; fault is the sentence for one that is no GraphQL, which
// quotes nothing.
func (q *request) params() (p *graphql.RawParams, fault string) {
	var err error
	switch {
	case q.get:
		p, err = fromAddress(string(q.body))
	case batch(q.body):
		return nil, "send one operation in a request, not a list of them; an operation may have several root fields"
	default:
		p = &graphql.RawParams{}
		err = live.Decode(bytes.NewReader(q.body), p)
	}
	if err != nil {
		return nil, `send one JSON object with "query", and perhaps "variables", "operationName" and "extensions"`
	}
	if p.Query == "" && p.Extensions["persistedQuery"] == nil {
		return nil, `"query" is missing`
	}
	return p, ""
}

func batch(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("["))
}

// fromAddress reads the parameters of a GET request.
func fromAddress(raw string) (*graphql.RawParams, error) {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return nil, errors.New("not an address")
	}
	p := &graphql.RawParams{Query: query.Get("query"), OperationName: query.Get("operationName")}
	for name, to := range map[string]*map[string]any{"variables": &p.Variables, "extensions": &p.Extensions} {
		if text := query.Get(name); text != "" {
			if err := live.Decode(strings.NewReader(text), to); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}
