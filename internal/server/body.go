package server

import (
	"errors"
	"fmt"
	"io"
	"net/http"
)

// limitBody refuses a body over limit before reading it when its length is announced, and otherwise once it is
// reached: then the client gets 413 in place of whatever the handler makes of its broken-off read.
func limitBody(limit int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength > limit {
			w.Header().Set("Connection", "close") // rather than read on to find the next request
			writeTooLarge(w, limit)
			return
		}
		body := &limitedBody{ReadCloser: http.MaxBytesReader(w, r.Body, limit)}
		inner := *r
		inner.Body = body
		if r.ContentLength >= 0 {
			next.ServeHTTP(w, &inner) // it can not be longer than it says
			return
		}
		replacing := &tooLargeWriter{recorder: recorder{ResponseWriter: w}, body: body, limit: limit}
		next.ServeHTTP(replacing, &inner)
		replacing.replace() // a handler that gave up without a word
	})
}

func writeTooLarge(w http.ResponseWriter, limit int64) {
	writeError(w, http.StatusRequestEntityTooLarge, "REQUEST_TOO_LARGE",
		fmt.Sprintf("The request body is larger than %d bytes.", limit))
}

// limitedBody remembers that the limit was hit.
type limitedBody struct {
	io.ReadCloser
	exceeded bool
}

// Read is the wrapped reader's.
func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		b.exceeded = true
	}
	return n, err
}

// tooLargeWriter replaces the whole answer by 413 when the body had hit its limit before the header went out.
type tooLargeWriter struct {
	recorder
	body     *limitedBody
	limit    int64
	replaced bool
}

// WriteHeader sends status, or 413 with its own body.
func (w *tooLargeWriter) WriteHeader(status int) {
	if w.replace() {
		return
	}
	w.recorder.WriteHeader(status)
}

// Write sends p, or drops it when the answer was replaced.
func (w *tooLargeWriter) Write(p []byte) (int, error) {
	if w.replace() {
		return len(p), nil
	}
	return w.recorder.Write(p)
}

// Flush sends what there is.
func (w *tooLargeWriter) Flush() {
	w.replace()
	w.recorder.Flush()
}

func (w *tooLargeWriter) replace() bool {
	if !w.replaced && w.body.exceeded && w.status == 0 {
		w.replaced = true
		writeTooLarge(&w.recorder, w.limit)
	}
	return w.replaced
}
