package edit

import (
	"context"
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

const (
	// maxMentions is how many records are told of that name a person.
	maxMentions = 100
	// shortestName is how many characters a name must have to be looked for.
	shortestName = 2
)

// mentions are the records that say a name of the person in a text as it is now,
// apart from what is erased, in order of kind and ID. A name is looked for with
// and without its spaces.
func (x *erasing) mentions(ctx context.Context, person *network.Record) ([]network.ID, error) {
	names := x.namesOf(person)
	if len(names) == 0 {
		return nil, nil
	}
	q := ask.New(x.in.Viewer, network.Today(x.Clock))
	var answers []*ask.Answer
	for _, k := range network.Kinds() {
		if where := saying(k, names); k.Entered() && len(where) > 0 {
			answers = append(answers, q.Scan(ask.Of(k.Name), ask.Always(), ask.Where(where)))
		}
	}
	if _, err := q.Run(ctx, x.Store); err != nil {
		return nil, err
	}
	var out []network.ID
	for _, a := range answers {
		for _, row := range a.Rows() {
			if x.found[row.ID()] == nil && len(out) < maxMentions {
				out = append(out, row.ID())
			}
		}
	}
	return out, nil
}

// saying holds when a text of the kind says one of the names.
func saying(k *network.Kind, names []string) (out store.Or) {
	for _, f := range k.Fields {
		if f.System || f.Type != network.String && f.Type != network.Text && f.Type != network.Strings {
			continue
		}
		for _, n := range names {
			out = append(out, store.Compare{Field: f, Op: store.Contains, Value: n})
		}
	}
	return out
}

// namesOf are the names that the person and what was merged into them have or had
// at the end, without repeats.
func (x *erasing) namesOf(person *network.Record) (out []string) {
	for _, r := range x.order {
		switch {
		case r.Erased():
			continue
		case r.Kind == network.WithdrawnRecord:
			was := r.Was()
			if was == nil || !isIndividual(was.Kind) {
				continue
			}
			r = was
		case r.ID != person.ID:
			continue
		}
		for _, n := range r.Names() {
			for _, n := range []string{n, strings.Join(strings.Fields(n), "")} {
				if len([]rune(n)) >= shortestName && !slices.Contains(out, n) {
					out = append(out, n)
				}
			}
		}
	}
	return out
}
