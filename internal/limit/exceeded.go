package limit

import (
	"fmt"
	"net/http"
	"time"

	"github.com/musubi-map/musubi/internal/network"
)

// Exceeded says which limit a request goes beyond. It unwraps to a
// [*network.Error] with the code of the limit and a sentence that tells how to
// stay inside.
type Exceeded struct {
	Key     Key
	Allowed int64
	// Found is what was asked for; 0 when counting stopped at the limit.
	Found int64
	// RetryAfter is when to come again; 0 when that does not help.
	RetryAfter time.Duration
	// At says which value, when it is one in the variables.
	At []string
}

// Exceed makes the error for a viewer who asks for found.
func (s *Set) Exceed(role network.Role, k Key, found int64) *Exceeded {
	return &Exceeded{Key: k, Allowed: s.Of(role, k), Found: found}
}

// Name is the name of the limit.
func (e *Exceeded) Name() string { return table[e.Key].Name }

// Error is the sentence for the client.
func (e *Exceeded) Error() string { return e.typed().Error() }

// Unwrap gives the typed error.
func (e *Exceeded) Unwrap() error { return e.typed() }

func (e *Exceeded) typed() *network.Error {
	row := table[e.Key]
	return network.Errorf(row.Code, "limit %s (%s): %s allowed%s; %s", row.Name, row.Of, e.allowed(), e.found(), row.Stay).At(e.At...)
}

func (e *Exceeded) allowed() string {
	row := table[e.Key]
	if row.Unit == PerSec {
		return fmt.Sprintf("%d a second are", e.Allowed)
	}
	return row.Text(e.Allowed) + " are"
}

func (e *Exceeded) found() string {
	if e.Found <= e.Allowed {
		return ""
	}
	return fmt.Sprintf(", %s were asked for", table[e.Key].Text(e.Found))
}

// Status is the status of an HTTP answer that can only be the refusal.
func (e *Exceeded) Status() int {
	switch e.Key {
	case Body, WriteBody:
		return http.StatusRequestEntityTooLarge
	case Rate, InFlight, Streams:
		return http.StatusTooManyRequests
	case InFlightTotal, Waiting, StreamsTotal:
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}
