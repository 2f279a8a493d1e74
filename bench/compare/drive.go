package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// run is what a side did in one round.
type run struct {
	perSecond  float64
	p50, p99   time.Duration
	allocated  float64 // bytes a request; of ours and the bare driver only
	statements float64 // a request
}

// drive asks a side for so long, each client as soon as it has its answer, and
// fails at the first answer that is none.
func (q question) drive(ctx context.Context, x *side, clients int, d time.Duration) (run, error) {
	bodies, err := q.bodies(x)
	if err != nil {
		return run{}, err
	}
	before, err := x.cost(ctx)
	if err != nil {
		return run{}, err
	}
	c := &client{question: q, side: x, bodies: bodies, until: time.Now().Add(d),
		host: &fasthttp.HostClient{Addr: x.addr, MaxConns: clients, ReadTimeout: 30 * time.Second, MaxIdemponentCallAttempts: 1}}
	defer c.host.CloseIdleConnections()
	began := time.Now()
	took := make([][]time.Duration, clients)
	failures := make([]error, clients)
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() { took[i], failures[i] = c.ask(ctx) })
	}
	all.Wait()
	elapsed := time.Since(began)
	if err := errors.Join(failures...); err != nil {
		return run{}, fmt.Errorf("%s: %w", x.name, err)
	}
	after, err := x.cost(ctx)
	if err != nil {
		return run{}, err
	}
	times := slices.Concat(took...)
	slices.Sort(times)
	n := float64(len(times))
	return run{perSecond: n / elapsed.Seconds(), p50: times[len(times)/2], p99: times[len(times)*99/100],
		allocated: float64(after.Allocated-before.Allocated) / n, statements: float64(after.Statements-before.Statements) / n}, nil
}

// bodies are the requests of a read, made beforehand; none of a write.
func (q question) bodies(x *side) (out [][]byte, err error) {
	if q.writes {
		return nil, nil
	}
	for n := range distinct {
		_, body, err := q.request(x, n)
		if err != nil {
			return nil, err
		}
		out = append(out, body)
	}
	return out, nil
}

// client is what the clients of a round share.
type client struct {
	question
	side   *side
	bodies [][]byte
	next   atomic.Int64
	until  time.Time
	host   *fasthttp.HostClient
}

// ask sends requests until the time is over, at least one.
func (c *client) ask(ctx context.Context) (took []time.Duration, err error) {
	request, response := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(request)
	defer fasthttp.ReleaseResponse(response)
	path := "/graphql"
	if c.side.name == bare {
		path = "/" + c.path()
	}
	request.SetRequestURI("http://" + c.side.addr + path)
	request.Header.SetMethod(fasthttp.MethodPost)
	request.Header.SetContentType("application/json")
	request.Header.Set("Accept", "application/json")
	for len(took) == 0 || time.Now().Before(c.until) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		body, err := c.body()
		if err != nil {
			return nil, err
		}
		request.SetBodyRaw(body)
		began := time.Now()
		if err := c.host.Do(request, response); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
		if answer := response.Body(); response.StatusCode() != fasthttp.StatusOK || failed(answer) {
			return nil, fmt.Errorf("status %d: %.500s", response.StatusCode(), answer)
		}
	}
	return took, nil
}

func (c *client) body() ([]byte, error) {
	if c.bodies != nil {
		return c.bodies[int(c.next.Add(1))%len(c.bodies)], nil
	}
	_, body, err := c.request(c.side, int(c.side.written.Add(1)))
	return body, err
}
