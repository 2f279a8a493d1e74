package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// facts are what is kept of a record as it is now.
type facts struct {
	kind    *network.Kind
	tie     string // the kind of tie
	state   state
	refs    []reference
	uniques []unique
	wrong   []string // what is wrong with it by itself
}

// reference is one ID in a field.
type reference struct {
	field *network.Field
	to    network.ID
}

// unique is a value that one record of a kind may have.
type unique struct {
	kind         *network.Kind
	field, value string
}

// factsOf looks at a record by itself.
func factsOf(r *network.Record) *facts {
	f := &facts{kind: network.MustKind(r.Kind), state: state{version: r.Version}}
	d, err := digestOf(r)
	if err != nil {
		f.wrong = append(f.wrong, "its fields cannot be read")
	}
	f.state.digest = d
	for _, field := range f.kind.Fields {
		for _, id := range network.Distinct(r.IDs(field.Name)) {
			f.refs = append(f.refs, reference{field, id})
		}
		if v, ok := r.Fields[field.Name].(string); ok && (field.Unique || field.Name == "importKey") {
			f.uniques = append(f.uniques, unique{f.kind, field.Name, v})
		}
	}
	if f.kind.Name == network.TieRecord {
		f.tie = r.Str("kind")
	}
	for _, e := range f.kind.Check(r.Clone()) {
		f.wrong = append(f.wrong, fmt.Sprintf("%s: %s", strings.Join(e.Path, "."), e.Code))
	}
	return f
}

// present is the records as they are now.
type present map[network.ID]*facts

// telling is told of a fault, and of the other records that it is about.
type telling func(f store.Fault, others ...network.ID)

// alone tells what is wrong with single records, beside what the log says.
func (p present) alone(log map[network.ID]state, found telling) {
	for id, f := range p {
		for _, what := range f.wrong {
			found(store.Fault{Record: id, What: what})
		}
		switch logged, known := log[id]; {
		case !known:
			found(store.Fault{Record: id, What: "the log knows nothing of it"})
		case logged.version != f.state.version:
			found(store.Fault{Record: id, What: fmt.Sprintf("it has version %d, by the log %d", f.state.version, logged.version)})
		case logged.digest != f.state.digest:
			found(store.Fault{Record: id, What: "its fields are not those that the log left it with"})
		}
	}
	for id := range log {
		if p[id] == nil {
			found(store.Fault{Record: id, What: "it is in the log and not among the records"})
		}
	}
}

// together tells what is wrong between records.
func (p present) together(found telling) {
	holders := map[unique]network.ID{}
	for id, f := range p {
		for _, u := range f.uniques {
			if other, taken := holders[u]; taken {
				found(store.Fault{Record: max(id, other), What: fmt.Sprintf("%s has the same %s, which is unique", min(id, other), u.field)}, min(id, other))
				continue
			}
			holders[u] = id
		}
		for _, r := range f.refs {
			switch to := p[r.to]; {
			case to == nil:
				found(store.Fault{Record: id, What: fmt.Sprintf("%s: there is no record %s", r.field.Name, r.to)}, r.to)
			case r.field.IsRef() && !slices.Contains(r.field.Targets, to.kind.Name):
				found(store.Fault{Record: id, What: fmt.Sprintf("%s: %s is a %s, which may not stand there", r.field.Name, r.to, to.kind.Name)}, r.to)
			}
		}
		if f.kind.Name == network.TieRecord {
			p.joins(id, f, found)
		}
	}
}

func (p present) joins(id network.ID, f *facts, found telling) {
	ends, others := map[string]*facts{}, []network.ID{}
	for _, r := range f.refs {
		ends[r.field.Name], others = p[r.to], append(others, r.to)
	}
	subject, object, k := ends["subject"], ends["object"], network.TieKindOf(f.tie)
	if k == nil || subject == nil || object == nil {
		return // told of already
	}
	if !k.Joins(subject.kind.Name, object.kind.Name) {
		found(store.Fault{Record: id, What: fmt.Sprintf("%s may not lead from a %s to a %s", f.tie, subject.kind.Name, object.kind.Name)}, others...)
	}
}
