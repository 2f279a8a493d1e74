package edit

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// Move is one move of a transfer: a person leaves a post, takes one, or both. To
// leave and to take the same post begins a new term.
type Move struct {
	Person   network.ID
	From, To network.ID // "" for none
	// OnBehalfOf is the body that the seat taken is held for; "" for none.
	OnBehalfOf network.ID
	// Note is kept with the occupancy that begins, or with the one that ends when
	// no post is taken.
	Note string
}

// Transferred says what a transfer did, or would do.
type Transferred struct {
	Revision int64 // 0 after a dry run
	// Ended are the occupancies that end, Begun those that begin; the latter
	// mean nothing after a dry run.
	Ended, Begun []network.ID
	// Leavers are those who leave a post, in the order of the moves, and Left the
	// posts, at the same positions. Who leaves two stands there twice.
	Leavers, Left []network.ID
	// Takers says who takes which post.
	Takers map[network.ID][]network.ID
}

// maxMoves bounds a transfer.
const maxMoves = 1000

// Transfer moves people between posts on a day, all of it or nothing. An
// occupancy that was entered before, as known in advance, is confirmed. The path
// of an error is "moves", the position, and "person", "from", "to", "onBehalfOf"
// or "note"; codes: OutOfRange for no moves or more than 1000, Required for a
// move that moves nobody, NotFound for ids and for a post the person does not
// hold on the eve, InvalidDate for a person or post that does not exist on the
// day, Conflict for a post that somebody holds on the day who does not leave it,
// Duplicate for a move given twice, InvalidValue for onBehalfOf without to.
func (e *Editor) Transfer(ctx context.Context, in Intent, effective network.Date, moves []Move, dryRun bool) (*Transferred, error) {
	return together(ctx, e, in.forEditors(), dryRun, func(b *bundle) (*Transferred, error) {
		out := &Transferred{Takers: map[network.ID][]network.ID{}}
		t := &transfer{bundle: b, on: effective, eve: effective.AddDays(-1), moves: moves, ending: map[network.ID]bool{}, out: out, faults: make([]network.Errors, len(moves))}
		return out, t.fill(ctx)
	})
}

// transfer is one attempt.
type transfer struct {
	*bundle
	on, eve       network.Date
	moves         []Move
	people, posts map[network.ID]ask.Row // with their occupancies from the eve on
	ending        map[network.ID]bool    // occupancies that end in this transfer
	out           *Transferred
	faults        []network.Errors // by move
}

// fill puts the occupancies that end and begin into the bundle. Everybody leaves
// before anybody takes, so that posts can change hands in a circle.
func (t *transfer) fill(ctx context.Context) error {
	if len(t.moves) == 0 || len(t.moves) > maxMoves {
		return network.Errorf(network.OutOfRange, "give 1 to %d moves", maxMoves).At("moves")
	}
	if err := t.read(ctx); err != nil {
		return err
	}
	sound := make([]bool, len(t.moves))
	for i, m := range t.moves {
		if sound[i] = t.check(i, m); sound[i] && m.From != "" {
			t.leave(i, m)
		}
	}
	for i, m := range t.moves {
		if sound[i] && m.To != "" {
			t.take(i, m)
		}
	}
	return slices.Concat(t.faults...).Err()
}

// read loads the people and posts of the moves and who holds what; then, for
// writing, the occupancies of the people. Somebody may have changed one between
// the two: the record counts.
func (t *transfer) read(ctx context.Context) error {
	var people, posts []network.ID
	for _, m := range t.moves {
		people, posts = append(people, m.Person), append(posts, m.From, m.To)
	}
	now := ask.During(network.DateRange{From: t.eve, Until: network.MaxDate})
	q := ask.New(t.in.Viewer, t.on)
	who := q.ByID(ask.Of(network.IndividualInterface, "from", "until").Many("occupancies", ask.Of("Occupancy", "post", "from", "until"), now), distinct(people)...)
	what := q.ByID(ask.Of("Post", "from", "until").Many("occupancies", ask.Of("Occupancy", "person", "from", "until"), now), distinct(posts)...)
	revision, err := q.Run(ctx, t.Store)
	if err != nil {
		return err
	}
	// Nobody else may fill the posts in between.
	t.in.decided = &store.Decided{Revision: revision, Records: distinct(posts)}
	t.people, t.posts = byID(who.Rows()), byID(what.Rows())
	var ids []network.ID
	for _, r := range who.Rows() {
		ids = append(ids, r.IDs("occupancies")...)
	}
	return t.view.load(ctx, ids)
}

// distinct are the IDs, each once, without "".
func distinct(ids []network.ID) []network.ID {
	out := slices.Compact(slices.Sorted(slices.Values(ids)))
	return slices.DeleteFunc(out, func(id network.ID) bool { return id == "" })
}

func byID(rows []ask.Row) map[network.ID]ask.Row {
	out := make(map[network.ID]ask.Row, len(rows))
	for _, r := range rows {
		out[r.ID()] = r
	}
	return out
}

func (t *transfer) fault(i int, field string, code network.ErrorCode, format string, args ...any) {
	t.faults[i] = append(t.faults[i], network.Errorf(code, format, args...).At("moves", strconv.Itoa(i), field))
}

// check tells whether a move makes sense by itself.
func (t *transfer) check(i int, m Move) bool {
	person, to := t.people[m.Person], t.posts[m.To]
	switch {
	case !person.Found():
		t.fault(i, "person", network.NotFound, "there is no person with this id")
	case m.To != "" && !person.Span().Holds(t.on):
		t.fault(i, "person", network.InvalidDate, "the person is not on the map on %s", t.on)
	}
	switch {
	case m.From == "" && m.To == "":
		t.fault(i, "from", network.Required, "say which post is left, which is taken, or both")
	case m.From != "" && !t.posts[m.From].Found():
		t.fault(i, "from", network.NotFound, "there is no post with this id")
	}
	switch {
	case m.To != "" && !to.Found():
		t.fault(i, "to", network.NotFound, "there is no post with this id")
	case m.To != "" && !to.Span().Holds(t.on):
		t.fault(i, "to", network.InvalidDate, "the post does not exist on %s", t.on)
	case m.To == "" && m.OnBehalfOf != "":
		t.fault(i, "onBehalfOf", network.InvalidValue, "only a seat that is taken is held for a body; say which in to")
	}
	return len(t.faults[i]) == 0
}

// leave ends the occupancy of the post left; all of them, where several records
// say that the person holds it.
func (t *transfer) leave(i int, m Move) {
	var ends []network.ID
	for _, o := range t.people[m.Person].Many("occupancies") {
		if r := t.view.known[o.ID()]; r != nil && r.Str("post") == string(m.From) && r.Span().Holds(t.eve) {
			ends = append(ends, r.ID)
		}
	}
	switch {
	case len(ends) == 0:
		t.fault(i, "from", network.NotFound, "the person does not hold this post on %s, the day before", t.eve)
		return
	case t.ending[ends[0]]:
		t.fault(i, "from", network.Duplicate, "another move has this person leave this post already")
		return
	}
	for _, id := range ends {
		t.ending[id] = true
		r := t.edit(t.view.known[id], store.End, "moves", strconv.Itoa(i))
		r.Fields["until"] = network.Day(t.on)
		if m.To == "" {
			addNote(r, m.Note)
		}
	}
	t.out.Ended = append(t.out.Ended, ends...)
	t.out.Leavers = append(t.out.Leavers, m.Person)
	t.out.Left = append(t.out.Left, m.From)
}

// take begins the occupancy of the post taken, or confirms one entered before.
func (t *transfer) take(i int, m Move) {
	planned, free := t.seat(i, m)
	if !free {
		return
	}
	fields := map[string]any{"person": m.Person, "post": m.To, "from": network.Day(t.on), "status": "CONFIRMED"}
	if m.OnBehalfOf != "" {
		fields["onBehalfOf"] = m.OnBehalfOf
	}
	var r *network.Record
	if path := []string{"moves", strconv.Itoa(i)}; planned == nil {
		r = t.create("Occupancy", fields, path...)
	} else {
		r = t.edit(planned, store.Update, path...)
		maps.Copy(r.Fields, fields)
	}
	addNote(r, m.Note)
	t.out.Begun = append(t.out.Begun, r.ID)
	t.out.Takers[m.To] = append(t.out.Takers[m.To], m.Person)
}

// seat tells whether the post is free for the person, and gives the occupancy
// that was entered in advance, nil when none was.
func (t *transfer) seat(i int, m Move) (planned *network.Record, free bool) {
	switch takers := t.out.Takers[m.To]; {
	case slices.Contains(takers, m.Person):
		t.fault(i, "to", network.Duplicate, "another move gives this post to this person already")
		return nil, false
	case len(takers) > 0:
		t.fault(i, "to", network.Conflict, "another move gives this post to somebody else")
		return nil, false
	}
	for _, o := range t.posts[m.To].Many("occupancies") {
		switch r := t.view.known[o.ID()]; {
		case !o.Span().Holds(t.on) || t.ending[o.ID()]:
		case o.Ref("person") != m.Person:
			t.fault(i, "to", network.Conflict, "somebody else holds this post on %s and does not leave it in this transfer: let them leave it, or end that occupancy first", t.on)
			return nil, false
		case r == nil || !mayBegin(r.Date("from"), t.on):
			t.fault(i, "to", network.Duplicate, "the person holds this post already")
			return nil, false
		default:
			planned = r
		}
	}
	return planned, true
}

// mayBegin tells whether a beginning that was entered in advance may be the day.
func mayBegin(from network.PartialDate, on network.Date) bool {
	return known(from) && from.Earliest() <= on && on < from.End()
}

// addNote puts a note below what is noted.
func addNote(r *network.Record, note string) {
	if note != "" {
		r.Fields["note"] = strings.TrimPrefix(r.Str("note")+"\n"+note, "\n")
	}
}
