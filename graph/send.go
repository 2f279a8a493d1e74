package graph

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/internal/network"
)

// send writes a response. Its data is JSON already and is passed on as it is.
func send(w http.ResponseWriter, r *graphql.Response) {
	head, tail := []byte(`{"data":`), []byte("}")
	errs, err := json.Marshal(r.Errors)
	if len(r.Errors) > 0 {
		head = append(append([]byte(`{"errors":`), errs...), `,"data":`...)
	}
	if len(r.Extensions) > 0 && err == nil {
		var extensions []byte
		extensions, err = json.Marshal(r.Extensions)
		tail = append(append([]byte(`,"extensions":`), extensions...), '}')
	}
	if err != nil {
		refuse(w, http.StatusInternalServerError, network.Internal, "the answer could not be written")
		return
	}
	data := []byte(r.Data)
	if data == nil {
		data = []byte("null")
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(head)+len(data)+len(tail)))
	for _, part := range [][]byte{head, data, tail} {
		if _, err := w.Write(part); err != nil {
			return // the client is gone
		}
	}
}
