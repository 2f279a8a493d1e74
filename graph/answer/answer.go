// Package answer computes the fields that are not records: whom to ask, what
// breaks when somebody leaves, where a role map has holes. Each answer loads what
// it is computed from in one statement ([ask]), lets pure code work it out
// (rolemap, analysis) and lays the result out as a [plan.Computed], whose
// records the resolver fetches with a second statement.
//
// Everything is loaded for the viewer as of a day, so an answer knows nothing
// that the viewer may not see.
package answer

import (
	"context"
	"log/slog"
	"math"
	"strconv"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/memo"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// Question is one asking: of which store, on whose behalf, as of when.
type Question struct {
	Ctx   context.Context
	Store store.Store
	Who   plan.Asker
	AsOf  network.Date
	Kept  *memo.Cache
	Log   *slog.Logger // nil: none
	// Asked are the stakeholders that the arguments name; see [Question.ID].
	Asked []network.ID
}

// ID is the stakeholder that an argument names: what it stands for, if it was
// merged.
func (q *Question) ID(text string) network.ID {
	id := network.ID(text)
	q.Asked = append(q.Asked, id)
	return q.Who.Standing(id)
}

// IDs are the stakeholders that a list names.
func (q *Question) IDs(texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = string(q.ID(t))
	}
	return out
}

// Answer is what was worked out, and the revision it was read at. A nil Value is
// null.
type Answer struct {
	Value    *plan.Computed
	Revision int64
}

func (q *Question) query() *ask.Query { return ask.New(q.Who.Viewer, q.AsOf) }

// run reads the query at one revision.
func (q *Question) run(a *ask.Query) (int64, error) { return a.Run(q.Ctx, q.Store) }

// answer completes a value with its revision.
func answer(revision int64, typeName string, values map[string]any) (*Answer, error) {
	values["revision"] = plan.FormatRevision(revision)
	return &Answer{&plan.Computed{Type: typeName, Values: values}, revision}, nil
}

// list lays out a list, never null.
func list[T any](items []T, value func(T) any) []any {
	out := make([]any, len(items))
	for i, x := range items {
		out[i] = value(x)
	}
	return out
}

// object lays out an object.
func object(typeName string, values map[string]any) plan.Computed {
	return plan.Computed{Type: typeName, Values: values}
}

// held is a record in a place of the type; null for "".
func held(id network.ID, typeName string) any {
	if id == "" {
		return nil
	}
	return plan.Held{ID: id, Type: typeName}
}

func holds(ids []network.ID, typeName string) []any {
	return list(ids, func(id network.ID) any { return held(id, typeName) })
}

// number rounds a score to two decimals.
func number(x float64) float64 { return math.Round(x*100) / 100 }

func localized(t rolemap.Text) any { return plan.Localized{"JA": t.JA, "EN": t.EN} }

// orNil is null for the empty string.
func orNil(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func reasons(rs []rolemap.Reason) []any {
	return list(rs, func(r rolemap.Reason) any {
		return object("Reason", map[string]any{"rule": r.Rule, "points": number(r.Points), "message": localized(r.Text), "records": holds(r.Records, network.NodeInterface)})
	})
}

func remark(r rolemap.Reason) any {
	return object("Remark", map[string]any{"rule": r.Rule, "message": localized(r.Text), "records": holds(r.Records, network.NodeInterface)})
}

func remarks(rs []rolemap.Reason) []any { return list(rs, remark) }

// firstOf cuts a ranking to the size asked for, which must be 1 to the most the
// viewer may ask for.
func firstOf[T any](q *Question, items []T, first int32) ([]T, error) {
	if most := q.Who.MaxFirst; first < 1 || int(first) > most {
		return nil, network.Errorf(network.OutOfRange, "must be 1 to %d", most).At("first")
	}
	return items[:min(len(items), int(first))], nil
}

// between refuses a number outside its bounds.
func between(name string, n, low, high int32) error {
	if n < low || n > high {
		return network.Errorf(network.OutOfRange, "must be %d to %d", low, high).At(name)
	}
	return nil
}

func notFound(argument, what string) error {
	return network.Errorf(network.NotFound, "there is no %s with this id", what).At(argument)
}

// real is a number with ten digits, so that it reads well and is the same on
// every processor; null when it is none.
func real(x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 10, 64), 64)
	if err != nil {
		return nil
	}
	return y
}
