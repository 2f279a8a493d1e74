package edit

import (
	"context"
	"strconv"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// Move is one move of a transfer: a person leaves a post, takes one, or both.
type Move struct {
	Person   network.ID
	From, To network.ID // "" for none
	// OnBehalfOf is the body that the seat taken is held for; "" for none.
	OnBehalfOf network.ID
	Note       string
}

// Transferred says what a transfer did, or would do.
type Transferred struct {
	Revision int64 // 0 after a dry run
	// Ended are the occupancies that end, Begun those that begin; the latter
	// mean nothing after a dry run.
	Ended, Begun []network.ID
	// Leavers are those who leave a post, in the order of the moves.
	Leavers []network.ID
	// Left are the posts that somebody leaves, Takers who takes which post.
	Left   []network.ID
	Takers map[network.ID][]network.ID
}

// maxMoves bounds a transfer.
const maxMoves = 1000

// Transfer moves people between posts on a day, all of it or nothing. An
// occupancy that was entered before, as known in advance, is confirmed. The path
// of an error is "moves", the position, and "person", "from", "to" or
// "onBehalfOf"; codes: Required for a move that moves nobody, NotFound for a
// post the person does not hold on the eve, Conflict for a post that somebody
// holds on the day who does not leave it, Duplicate for a move given twice.
func (e *Editor) Transfer(ctx context.Context, in Intent, effective network.Date, moves []Move, dryRun bool) (*Transferred, error) {
	in, err := in.checked()
	if err != nil {
		return nil, err
	}
	if len(moves) == 0 || len(moves) > maxMoves {
		return nil, network.Errorf(network.OutOfRange, "give 1 to %d moves", maxMoves).At("moves")
	}
	return again(func() (*Transferred, error) {
		t := &transfer{bundle: e.bundle(in), on: effective, moves: moves, out: &Transferred{Takers: map[network.ID][]network.ID{}}}
		return t.run(ctx, dryRun)
	})
}

type transfer struct {
	*bundle
	on    network.Date
	moves []Move
	// held are the occupancies of the people and posts of the moves, by ID.
	people, posts map[network.ID]ask.Row
	records       map[network.ID]*network.Record
	ending        map[network.ID]bool // occupancies that end in this transfer
	out           *Transferred
	faults        network.Errors
}

func (t *transfer) run(ctx context.Context, dryRun bool) (*Transferred, error) {
	if err := t.read(ctx); err != nil {
		return nil, err
	}
	t.ending = map[network.ID]bool{}
	for i, m := range t.moves {
		if m.From != "" && t.known(i, m) {
			t.leave(i, m)
		}
	}
	for i, m := range t.moves {
		if m.To != "" && t.known(i, m) {
			t.take(i, m)
		}
		if m.From == "" && m.To == "" {
			t.fault(i, "from", network.Errorf(network.Required, "say which post is left, which is taken, or both"))
		}
	}
	if len(t.faults) > 0 {
		return nil, t.faults
	}
	applied, err := t.commit(ctx, dryRun)
	if err != nil {
		return nil, err
	}
	if applied != nil {
		t.out.Revision = applied.Revision
	}
	return t.out, nil
}

// read loads the people and posts of the moves with all their occupancies.
func (t *transfer) read(ctx context.Context) error {
	var people, posts []network.ID
	for _, m := range t.moves {
		people = append(people, m.Person)
		for _, p := range []network.ID{m.From, m.To} {
			if p != "" {
				posts = append(posts, p)
			}
		}
	}
	a := ask.New(t.in.Viewer, t.on)
	who := a.ByID(ask.Of(network.IndividualInterface).Many("occupancies", ask.Of("Occupancy", "post", "from", "until"), ask.Always()), people...)
	what := a.ByID(ask.Of("Post", "from", "until").Many("occupancies", ask.Of("Occupancy", "person", "from", "until"), ask.Always()), posts...)
	if _, err := a.Run(ctx, t.Store); err != nil {
		return err
	}
	t.people, t.posts = map[network.ID]ask.Row{}, map[network.ID]ask.Row{}
	var keys []store.Key
	for _, r := range who.Rows() {
		t.people[r.ID()] = r
		for _, o := range r.Many("occupancies") {
			keys = append(keys, store.Key{ID: o.ID()})
		}
	}
	for _, r := range what.Rows() {
		t.posts[r.ID()] = r
	}
	found, err := t.Store.Load(ctx, t.in.Viewer, keys)
	if err != nil {
		return err
	}
	t.records = map[network.ID]*network.Record{}
	for _, r := range found {
		if r != nil {
			t.records[r.ID] = r
		}
	}
	return nil
}

func (t *transfer) fault(i int, field string, err *network.Error) {
	t.faults = append(t.faults, err.At("moves", strconv.Itoa(i), field))
}

// known tells whether the person and the posts are there.
func (t *transfer) known(i int, m Move) bool {
	ok := true
	check := func(id network.ID, field, what string, found bool) {
		if id != "" && !found {
			ok = false
			for _, e := range t.faults {
				if e.Path[1] == strconv.Itoa(i) && e.Path[2] == field {
					return
				}
			}
			t.fault(i, field, network.Errorf(network.NotFound, "there is no %s with this id", what))
		}
	}
	check(m.Person, "person", "person", t.people[m.Person].Found())
	check(m.From, "from", "post", t.posts[m.From].Found())
	check(m.To, "to", "post", t.posts[m.To].Found())
	return ok
}

// leave ends the occupancy of the post left.
func (t *transfer) leave(i int, m Move) {
	eve := t.on.AddDays(-1)
	for _, o := range t.people[m.Person].Many("occupancies") {
		if o.Ref("post") != m.From || !o.Span().Holds(eve) || t.records[o.ID()] == nil {
			continue
		}
		if t.ending[o.ID()] {
			t.fault(i, "from", network.Errorf(network.Duplicate, "another move has this person leave this post already"))
			return
		}
		t.ending[o.ID()] = true
		r := t.edit(t.records[o.ID()], store.End, "moves", strconv.Itoa(i), "from")
		r.Fields["until"] = network.Day(t.on)
		t.out.Ended = append(t.out.Ended, o.ID())
		t.out.Leavers = append(t.out.Leavers, m.Person)
		t.out.Left = append(t.out.Left, m.From)
		return
	}
	t.fault(i, "from", network.Errorf(network.NotFound, "the person does not hold this post on %s, the day before", eve))
}

// take begins the occupancy of the post taken, or confirms one entered before.
func (t *transfer) take(i int, m Move) {
	for _, o := range t.posts[m.To].Many("occupancies") {
		if !o.Span().Holds(t.on) || t.ending[o.ID()] {
			continue
		}
		if o.Ref("person") != m.Person {
			t.fault(i, "to", network.Errorf(network.Conflict, "somebody else holds this post on %s and does not leave it in this transfer: let them leave it, or end that occupancy first", t.on))
			return
		}
		if t.records[o.ID()] == nil || o.Span().Start() < t.on {
			t.fault(i, "to", network.Errorf(network.Duplicate, "the person holds this post already"))
			return
		}
		r := t.edit(t.records[o.ID()], store.Update, "moves", strconv.Itoa(i), "to")
		r.Fields["status"] = "CONFIRMED"
		if m.OnBehalfOf != "" {
			r.Fields["onBehalfOf"] = m.OnBehalfOf
		}
		t.began(m, o.ID())
		return
	}
	for _, p := range t.out.Takers[m.To] {
		if p != m.Person {
			t.fault(i, "to", network.Errorf(network.Conflict, "another move gives this post to somebody else"))
		} else {
			t.fault(i, "to", network.Errorf(network.Duplicate, "another move gives this post to this person already"))
		}
		return
	}
	fields := map[string]any{"person": m.Person, "post": m.To, "from": network.Day(t.on), "status": "CONFIRMED"}
	if m.OnBehalfOf != "" {
		fields["onBehalfOf"] = m.OnBehalfOf
	}
	if m.Note != "" {
		fields["note"] = m.Note
	}
	t.began(m, t.create("Occupancy", fields, nil, "moves", strconv.Itoa(i)))
}

func (t *transfer) began(m Move, occupancy network.ID) {
	t.out.Begun = append(t.out.Begun, occupancy)
	t.out.Takers[m.To] = append(t.out.Takers[m.To], m.Person)
}
