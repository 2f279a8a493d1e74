package storetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

const (
	linearClients = 16
	linearOps     = 40 // of each client
	linearRecords = 4
)

func linearizable(t *testing.T, s store.Store) {
	h, err := Race(t.Context(), s)
	if err == nil {
		err = h.Check()
	}
	if err != nil {
		t.Error(err)
	}
	t.Log(h)
}

// History is what clients of a store did, and when.
type History struct {
	Updates, Conflicts, Failures int

	mu    sync.Mutex
	begun time.Time
	calls []porcupine.Operation
}

// Race lets clients read and update a few new records at the same time. The
// store may fail meanwhile, with codes that say what became of the update.
func Race(ctx context.Context, s store.Store) (*History, error) {
	h := &History{begun: time.Now()}
	prefix := string(network.NewID())
	ids := make([]network.ID, linearRecords)
	var b store.Batch
	for i := range ids {
		ids[i] = network.ID(fmt.Sprint(prefix, "-", i))
		b.Writes = append(b.Writes, store.Write{Action: store.Create, After: register(ids[i], "0")})
	}
	if _, err := s.Apply(ctx, &b); err != nil {
		return h, err
	}
	var wg, ready sync.WaitGroup
	ready.Add(linearClients)
	for client := range linearClients {
		wg.Go(func() {
			seen := h.look(ctx, s, ids, client)
			ready.Done()
			ready.Wait() // all have seen the same by now, so they meet whoever runs first
			h.client(ctx, s, ids, client, seen)
		})
	}
	wg.Wait()
	return h, nil
}

// Check says whether there is an order in which a single client could have done
// all that: each update on the version it names, each read of the latest state,
// nothing before what had been answered.
func (h *History) Check() error {
	switch {
	case !porcupine.CheckOperations(registers.ToModel(), h.calls):
		return fmt.Errorf("there is no order in which these could have happened: %v", h)
	case h.Updates == 0 || h.Conflicts == 0:
		return fmt.Errorf("the clients did not meet: %v", h)
	}
	return nil
}

// String counts them.
func (h *History) String() string {
	return fmt.Sprintf("%d operations, %d of them updates, %d refused ones; %d failed", len(h.calls), h.Updates, h.Conflicts, h.Failures)
}

func register(id network.ID, value string) *network.Record {
	return rec("Topic", string(id), fields{"name": value})
}

// look reads every record once and gives the versions.
func (h *History) look(ctx context.Context, s store.Store, ids []network.ID, client int) map[network.ID]int64 {
	seen := map[network.ID]int64{}
	for i, id := range ids {
		h.do(client, registerCall{id: id}, func() registerAnswer { return read(ctx, s, id, i%2 == 0) }, seen)
	}
	return seen
}

// client updates, then reads and updates by turns of chance. It updates the
// version it last saw, which others may have updated since.
func (h *History) client(ctx context.Context, s store.Store, ids []network.ID, client int, seen map[network.ID]int64) {
	for n := range linearOps {
		id := ids[rand.IntN(len(ids))]
		if seen[id] == 0 || n > 0 && rand.IntN(2) == 0 {
			call := registerCall{id: id}
			h.do(client, call, func() registerAnswer { return read(ctx, s, id, n%2 == 0) }, seen)
			continue
		}
		call := registerCall{id, seen[id], fmt.Sprint(client, "-", n)}
		h.do(client, call, func() registerAnswer {
			_, err := s.Apply(ctx, &store.Batch{Writes: []store.Write{update(call.version, register(id, call.value))}})
			return registerAnswer{code: network.CodeOf(err), version: call.version + 1, value: call.value}
		}, seen)
	}
}

// read asks in one of the two ways there are.
func read(ctx context.Context, s store.Store, id network.ID, whole bool) registerAnswer {
	if whole {
		got, err := s.Load(ctx, network.Admin(""), []store.Key{{ID: id}})
		if err != nil || got[0] == nil {
			return registerAnswer{code: network.CodeOf(err)}
		}
		return registerAnswer{version: got[0].Version, value: got[0].Str("name")}
	}
	q := byID(id).on("Topic", "version", "name")
	res, err := s.Fetch(ctx, reader{viewer: network.Admin(""), asOf: today}.plan(q))
	if err != nil {
		return registerAnswer{code: network.CodeOf(err)}
	}
	row := res.Values[0].([]any)[0].([]any)[0].([]any)
	version, _ := row[1].(int64)
	value, _ := row[2].(string)
	return registerAnswer{version: version, value: value}
}

// do makes a call and notes it, unless it came to nothing.
func (h *History) do(client int, call registerCall, ask func() registerAnswer, seen map[network.ID]int64) {
	begun := time.Since(h.begun)
	answer := ask()
	ended := time.Since(h.begun)
	if answer.code == "" {
		seen[call.id] = answer.version
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	switch answer.code {
	case "":
		if call.version > 0 {
			h.Updates++
		}
	case network.Conflict:
		h.Conflicts++
	default:
		h.Failures++
		if call.version == 0 || answer.code != network.OutcomeUnknown {
			return // the contract: nothing was written
		}
		ended = endOfTime // it may come true at any time
	}
	h.calls = append(h.calls, porcupine.Operation{ClientId: client, Input: call, Output: answer, Call: int64(begun), Return: int64(ended)})
}
