package plan

import (
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Part says which part of the network is looked at: a NetworkFilter as
// conditions. The zero value is the whole.
type Part struct {
	Nodes, Ties store.Expr // nil: all
	Posts       bool       // seats count as ties
	Given       Args       // the filter as it was given
}

// NetworkFilter reads the argument filter of a root field.
func NetworkFilter(op *graphql.OperationContext, f graphql.CollectedField, who Asker) (Part, error) {
	fr, err := newFrame(op, f, who)
	if err != nil {
		return Part{}, err
	}
	raw := Args(fr.args).Object("filter")
	if raw == nil {
		return Part{}, nil
	}
	part := Part{Given: raw}
	part.Posts, _ = raw["posts"].(bool)
	if part.Nodes, err = wantedNodes(raw); err == nil {
		part.Ties, err = wantedTies(raw)
	}
	return part, at(err, "filter")
}

func wantedNodes(raw Args) (store.Expr, error) {
	stakeholders := network.Concrete(network.StakeholderInterface)
	var all store.And
	if names := raw.Strs("kinds"); names != nil {
		kinds, err := Stakeholders(names)
		if err != nil {
			return nil, at(err, "kinds")
		}
		all = append(all, store.IsKind{Kinds: kinds})
	}
	if area := raw.Str("within"); area != "" {
		x, err := filter(stakeholders, map[string]any{"area": map[string]any{"within": area}})
		if err != nil {
			return nil, at(err, "within")
		}
		all = append(all, x)
	}
	if m := raw.Object("stakeholders"); m != nil {
		x, err := filter(stakeholders, m)
		if err != nil {
			return nil, at(err, "stakeholders")
		}
		all = append(all, x)
	}
	return orNone(all), nil
}

// Stakeholders are the kinds of the names, which must be kinds of stakeholder.
func Stakeholders(names []string) ([]*network.Kind, error) {
	out := make([]*network.Kind, len(names))
	for i, name := range names {
		if out[i] = network.KindByScreamingName(name); out[i] == nil || !out[i].Is(network.StakeholderInterface) {
			return nil, network.Errorf(network.InvalidValue, "%s is no kind of stakeholder", name).At(strconv.Itoa(i))
		}
	}
	return out, nil
}

func wantedTies(raw Args) (store.Expr, error) {
	tie := network.TieKindRecord()
	all := TiesOf(raw.Strs("tieKinds"), raw["minStrength"])
	if m := raw.Object("ties"); m != nil {
		x, err := filter([]*network.Kind{tie}, m)
		if err != nil {
			return nil, at(err, "ties")
		}
		all = append(all, x)
	}
	return orNone(all), nil
}

// TiesOf is the condition of ties to be of one of the kinds, unless that is nil,
// and at least so strong, unless that is nil: a tie of unknown strength is not.
func TiesOf(kinds []string, minStrength any) store.And {
	tie := network.TieKindRecord()
	var all store.And
	if kinds != nil {
		values := make([]any, len(kinds))
		for i, k := range kinds {
			values[i] = k
		}
		all = append(all, store.Compare{Field: tie.Field("kind"), Op: store.IN, Value: values})
	}
	if least, ok := intOf(minStrength); ok {
		all = append(all, store.Compare{Field: tie.Field("strength"), Op: store.GTE, Value: least})
	}
	return all
}

func orNone(all store.And) store.Expr {
	if len(all) == 0 {
		return nil
	}
	return all
}

// Selects tells whether some field selected below f has the value for an
// argument.
func Selects(op *graphql.OperationContext, f graphql.CollectedField, argument string, value any) bool {
	for _, sub := range graphql.CollectFields(op, f.Selections, nil) {
		if v, given := sub.ArgumentMap(op.Variables)[argument]; given && v == value || Selects(op, sub, argument, value) {
			return true
		}
	}
	return false
}
