package edit

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// maxAlso bounds how many further records are erased with a person.
const maxAlso = 200

// Erased says what erasing a person did, or would do.
type Erased struct {
	Revision int64 // the one made, that of the store when nothing was left to erase; 0 after a dry run
	// Person is who was erased, Records all that was, the person first.
	Person  network.ID
	Records []network.ID
	// Mentions are other records that name the person in a text, at most 100: they
	// are not changed. They are not kept for a retry.
	Mentions []network.ID `json:"-"`
	// Scrubbed tells whether the files of the store hold nothing of it any more.
	Scrubbed bool `json:"-"`
}

func (o *Erased) made(revision int64) { o.Revision = revision }

// ErasePerson erases a person, now and ever: the person, what was merged into them,
// and the texts of what is theirs: ties, occupancies, roles, needs, offers, what
// sources say about them, hearings in which nobody else was heard with their
// sources. What these join and when they hold stays, so that the network does. also
// names hearings, sources, events and statements whose texts are to go too.
// [store.Erasure] says what becomes of the log.
//
// It may be done again, and takes what has come since. basis is kept in the log in
// place of a reason: no words of a user, who might name the person. Errors: Forbidden
// below administrator, before anything is looked at; NotFound and InvalidValue with
// the path "id" or "also"; Unavailable when it was erased and the files could
// not be cleaned, or the erasure not told to told.
func (e *Editor) ErasePerson(ctx context.Context, in Intent, id network.ID, also []network.ID, basis string, dryRun bool) (*Erased, error) {
	if in.Viewer.Role < network.RoleAdmin {
		return nil, network.Errorf(network.Forbidden, "only administrators erase people")
	}
	in.Reason = basis
	out, err := once(ctx, e, in, dryRun, func(in Intent) (out *Erased, err error) {
		err = e.again(ctx, func() (bool, error) {
			x := &erasing{Editor: e, in: in, out: &Erased{Person: id}, found: map[network.ID]*network.Record{}}
			err := x.fill(ctx, also)
			if err == nil && !dryRun {
				err = x.commit(ctx)
			}
			out = x.out
			return met(err)
		})
		return out, err
	})
	if err != nil || dryRun {
		return out, err
	}
	if e.Erased != nil {
		list, err := e.Store.Erasures(ctx)
		if err != nil {
			return nil, err
		}
		if e.Erased(list) != nil {
			return nil, network.Errorf(network.Unavailable, "the person is erased, but not in the list of erasures, which cannot be written: put that right and do it again, or an older backup brings them back")
		}
	}
	out.Scrubbed, err = e.Store.Scrub(ctx)
	return out, err
}

// erasing is one attempt.
type erasing struct {
	*Editor
	in    Intent
	out   *Erased
	found map[network.ID]*network.Record
	order []*network.Record // what is erased
	// since is the revision that was read first.
	since int64
}

func (x *erasing) fill(ctx context.Context, also []network.ID) (err error) {
	if x.since, err = x.Store.Head(ctx); err != nil {
		return err
	}
	person, err := x.person(ctx)
	if err != nil {
		return err
	}
	x.add(person)
	gone, err := x.withdrawn(ctx, person)
	if err != nil {
		return err
	}
	if err := x.belongings(ctx, person); err != nil {
		return err
	}
	x.add(gone...)
	if err := x.also(ctx, also); err != nil {
		return err
	}
	for _, r := range x.order {
		x.out.Records = append(x.out.Records, r.ID)
	}
	x.out.Mentions, err = x.mentions(ctx, person)
	return err
}

// add takes records to what is erased, each once.
func (x *erasing) add(records ...*network.Record) {
	for _, r := range records {
		if r != nil && x.found[r.ID] == nil {
			x.found[r.ID] = r
			x.order = append(x.order, r)
		}
	}
}

// person is who is to be erased: a person, or one who was entered and taken back.
func (x *erasing) person(ctx context.Context) (*network.Record, error) {
	r, err := newView(x.Store, x.in.Viewer).get(ctx, x.out.Person)
	switch {
	case err != nil:
		return nil, err
	case r == nil:
	case network.MustKind(r.Kind).Is(network.IndividualInterface):
		return r, nil
	case r.Kind == network.WithdrawnRecord && isIndividual(r.Str("wasKind")):
		if r.Str("into") != "" {
			return nil, errWithdrawn(r).At("id")
		}
		return r, nil
	}
	return nil, network.Errorf(network.NotFound, "there is no person with this id").At("id")
}

func isIndividual(kind string) bool {
	k := network.KindOf(kind)
	return k != nil && k.Is(network.IndividualInterface)
}

// withdrawnAtOnce is how many withdrawn records are held in memory: all that an import
// entered may have been taken back.
const withdrawnAtOnce = 5000

// withdrawn are the records that were merged into the person, and what was theirs
// and was taken back. What a withdrawn record was is one text, so that each is read.
func (x *erasing) withdrawn(ctx context.Context, person *network.Record) ([]*network.Record, error) {
	q := ask.New(x.in.Viewer, network.Today(x.Clock))
	all := q.Scan(ask.Of(network.WithdrawnRecord, "wasKind", "into"))
	if _, err := q.Run(ctx, x.Store); err != nil {
		return nil, err
	}
	selves, ids := []network.ID{person.ID}, []network.ID{}
	for grown := true; grown; { // one may have been merged into another first
		grown = false
		for _, row := range all.Rows() {
			if isIndividual(row.Str("wasKind")) && slices.Contains(selves, row.Ref("into")) && !slices.Contains(selves, row.ID()) {
				selves, grown = append(selves, row.ID()), true
			}
		}
	}
	for _, row := range all.Rows() {
		ids = append(ids, row.ID())
	}
	out, err := x.load(ctx, selves[1:])
	if err != nil {
		return nil, err
	}
	for part := range slices.Chunk(ids, withdrawnAtOnce) {
		list, err := x.load(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			if hasOne(r.Str("was"), selves) && theirs(r.Was(), selves) {
				out = append(out, r)
			}
		}
	}
	return out, nil
}

// hasOne tells whether a text has one of the ids.
func hasOne(text string, ids []network.ID) bool {
	return slices.ContainsFunc(ids, func(id network.ID) bool { return strings.Contains(text, string(id)) })
}

// theirs tells whether the texts of a record go with the people; there may be none.
func theirs(r *network.Record, people []network.ID) bool {
	if r == nil {
		return false
	}
	var whose []network.ID
	switch r.Kind {
	case network.TieRecord:
		whose = append(r.IDs("subject"), r.IDs("object")...)
	case network.ClaimRecord:
		whose = r.IDs("record")
	case "Occupancy":
		whose = r.IDs("person")
	case "RoleAssignment":
		whose = r.IDs("holder")
	case "Need", "Offer":
		whose = r.IDs("stakeholder")
	case "Hearing": // of nobody else
		heard := r.IDs("participants")
		return len(heard) > 0 && !slices.ContainsFunc(heard, func(id network.ID) bool { return !slices.Contains(people, id) })
	}
	return slices.ContainsFunc(whose, func(id network.ID) bool { return slices.Contains(people, id) })
}

// belongings are what is the person's, then what is said of that, then the
// sources that came of their hearings.
func (x *erasing) belongings(ctx context.Context, person *network.Record) error {
	about, leading := []*network.Record{person}, func(r *network.Record, of []network.ID) bool { return theirs(r, of) }
	for len(about) > 0 {
		var ids []network.ID
		for _, r := range about {
			ids = append(ids, r.ID)
		}
		pointing, err := x.leadingTo(ctx, x.in.Viewer, ids, pointingTo(about), ask.Always())
		if err != nil {
			return err
		}
		list, err := x.load(ctx, network.Distinct(slices.Concat(pointing...)))
		if err != nil {
			return err
		}
		about = nil
		for _, r := range list {
			if x.found[r.ID] == nil && leading(r, ids) {
				x.add(r)
				about = append(about, r)
			}
		}
		// What leads to what is theirs: statements about it, and sources of hearings.
		leading = func(r *network.Record, of []network.ID) bool {
			return r.Kind == network.ClaimRecord && theirs(r, of) || r.Kind == "Source" && slices.Contains(of, network.ID(r.Str("hearing")))
		}
	}
	return nil
}

// load reads records that are there.
func (x *erasing) load(ctx context.Context, ids []network.ID) ([]*network.Record, error) {
	v := newView(x.Store, x.in.Viewer)
	err := v.load(ctx, ids)
	var out []*network.Record
	for _, id := range ids {
		if r := v.known[id]; r != nil {
			out = append(out, r)
		}
	}
	return out, err
}

// speaking are the kinds of records that may be erased besides: those that tell what
// was said or written, or took place.
var speaking = []string{"Hearing", "Source", "Event", network.ClaimRecord}

func (x *erasing) also(ctx context.Context, ids []network.ID) error {
	if len(ids) > maxAlso {
		return network.Errorf(network.OutOfRange, "give at most %d records", maxAlso).At("also")
	}
	found, err := x.load(ctx, ids)
	if err != nil {
		return err
	}
	for i, id := range ids {
		at := slices.IndexFunc(found, func(r *network.Record) bool { return r.ID == id })
		switch {
		case at < 0:
			return network.Errorf(network.NotFound, "there is no such record").At("also", strconv.Itoa(i))
		case !slices.Contains(speaking, found[at].Kind):
			return network.Errorf(network.InvalidValue, "it is of the kind %s; hearings, sources, events and statements may be erased with a person, others are to be changed", found[at].Kind).At("also", strconv.Itoa(i))
		}
		x.add(found[at])
	}
	return nil
}

// commit erases what is not blank, in the log too. What was tied to the person
// meanwhile would be left out: it is decided on what was read.
func (x *erasing) commit(ctx context.Context) error {
	var writes []store.Write
	people := []network.ID{}
	day := network.Today(x.Clock)
	for _, r := range x.order {
		if !r.IsBlank() {
			writes = append(writes, store.Replace(store.Erase, r, r.Blank(day)))
		}
		people = append(people, r.ID)
	}
	x.in.decided = &store.Decided{Revision: x.since, Records: people}
	_, err := x.apply(ctx, x.in, x.out, writes...)
	return err
}
