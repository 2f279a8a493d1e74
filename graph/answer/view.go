package answer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/memo"
	"github.com/musubi-map/musubi/internal/network"
)

// view is a network with the way ties count in it.
type view struct {
	q        *Question
	part     plan.Part
	l        *loaded
	g        *analysis.Graph
	directed bool
	weighted bool
}

// Mode says how ties count.
type Mode struct{ Directed, Weighted bool }

func (q *Question) view(part plan.Part, l *loaded, m Mode) (*view, error) {
	v := &view{q: q, part: part, l: l, directed: m.Directed, weighted: m.Weighted}
	var err error
	v.g, err = measured(v, "graph", nil, func(context.Context) (*analysis.Graph, int64, error) {
		g, err := l.graph(m.Directed)
		return g, int64(8*len(l.ids) + 48*len(l.lines)), err
	})
	return v, err
}

// measureKey names a measure of a loaded network.
type measureKey struct {
	serial             int64
	directed, weighted bool
	what               string
}

// measured gives what work computes of the network, or what it gave before; it
// tells the bytes it takes.
func measured[V any](v *view, what string, params any, work func(context.Context) (V, int64, error)) (V, error) {
	key := measureKey{v.l.serial, v.directed, v.weighted, fmt.Sprint(what, params)}
	k, err := memo.Get(v.q.Ctx, v.q.Kept, key, func(ctx context.Context) (keptAt[V], int64, error) {
		ctx, ended := v.q.watch(ctx, what, "stakeholders", len(v.l.ids), "ties", len(v.l.lines))
		x, bytes, err := work(ctx)
		ended(err)
		return keptAt[V]{x, v.l.revision}, bytes, err
	})
	if errors.Is(err, context.DeadlineExceeded) {
		err = network.Errorf(network.Timeout, "%s of %d stakeholders and %d ties could not be computed in time", what, len(v.l.ids), len(v.l.lines))
	}
	return k.value, err
}

// basis adds to an answer what it was computed from.
func (v *view) basis(values map[string]any, a algorithm) map[string]any {
	values["direction"], values["weighting"] = directionName(v.directed), weightingName(v.weighted)
	values["filter"], values["asOf"] = filterValue(v.part), v.q.AsOf.String()
	values["algorithm"] = v.algorithm(a, nil)
	return values
}

func filterValue(part plan.Part) any {
	if part.Given == nil {
		return nil
	}
	return plan.Rendered(jsonText(part.Given))
}

// jsonText writes arguments in order of their names.
func jsonText(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v) // arguments are made of what JSON has
	}
	return string(data)
}

func directionName(directed bool) string {
	if directed {
		return "DIRECTED"
	}
	return "UNDIRECTED"
}

func weightingName(weighted bool) string {
	if weighted {
		return "STRENGTH"
	}
	return "NONE"
}
