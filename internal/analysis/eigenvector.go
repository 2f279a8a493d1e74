package analysis

import (
	"context"
	"math"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

const (
	// The residual, relative to the eigenvalue, that is aimed at, and the one
	// that will do when many rounds have not brought it down further.
	eigenTolerance = 1e-12
	eigenEnough    = 1e-9
	eigenPatience  = 1000
	eigenRounds    = 20_000
	// eigenRefresh is after how many rounds A·x is computed anew instead of
	// carried on, so that rounding does not add up.
	eigenRefresh = 16
	// sameEigenvalue is how close, relatively, the eigenvalues of two
	// components are to count as equal.
	sameEigenvalue = 1e-9
)

// Eigenvector is how central each node is when being tied to central nodes is
// what makes central: x = A·x/λ for the greatest eigenvalue λ of the adjacency
// matrix, scaled so that the greatest value is 1. weighted takes the weights of
// edges as the entries of A, otherwise they are 1.
//
// It takes the undirected view: in a directed network without cycles no node
// would have a value, and PageRank is the measure that minds direction. In a
// network in pieces only the component of the greatest eigenvalue counts, all
// of them when several share it, as the definition has it; the others, and all
// nodes when there are no edges, are 0.
//
// Source: P. Bonacich, "Factoring and weighting approaches to status scores",
// J. Math. Sociology 2, 1972. Values are right to about nine digits, in long
// thin networks, where nearly as good vectors abound, to fewer. Errors: INTERNAL
// when it does not converge, which takes a chain of tens of thousands of nodes;
// or the context's.
func Eigenvector(ctx context.Context, g *Graph, weighted bool) ([]float64, error) {
	out := make([]float64, g.nodes)
	parts := Components(g)
	members := membersOf(parts)
	values, most := make([]float64, parts.Groups), 0.0
	for c, nodes := range members {
		if len(nodes) < 2 {
			continue
		}
		e := newEigen(g, nodes, weighted)
		if e.bound() < most*(1-sameEigenvalue) {
			continue
		}
		value, err := e.solve(ctx)
		if err != nil {
			return nil, err
		}
		values[c], most = value, max(most, value)
		for i, v := range nodes {
			out[v] = e.x[i]
		}
	}
	for c, nodes := range members {
		if values[c] < most*(1-sameEigenvalue) || len(nodes) < 2 {
			for _, v := range nodes {
				out[v] = 0
			}
			continue
		}
		project(out, nodes)
	}
	if most > 0 {
		scale := 1 / slices.Max(out)
		for v := range out {
			out[v] *= scale
		}
	}
	return out, nil
}

// project scales a unit eigenvector of one component to the part that a vector
// of ones has along it: what power iteration from equal values would give when
// several components share the eigenvalue.
func project(x []float64, nodes []int32) {
	sum := 0.0
	for _, v := range nodes {
		sum += x[v]
	}
	for _, v := range nodes {
		x[v] *= sum
	}
}

func membersOf(p Partition) [][]int32 {
	members := make([][]int32, p.Groups)
	for c, size := range p.Sizes() {
		members[c] = make([]int32, 0, size)
	}
	for v, c := range p.Of {
		members[c] = append(members[c], int32(v))
	}
	return members
}

// eigen looks for the leading eigenvector of one component by the locally
// optimal conjugate gradient method without preconditioner: each round takes
// the best vector in the span of the present one x, its residual r and the last
// step p. (A. Knyazev, "Toward the optimal preconditioned eigensolver", SIAM J.
// Sci. Comput. 23, 2001.)
type eigen struct {
	rows       rows // of the component, numbered from 0
	x, r, p    []float64
	ax, ar, ap []float64
}

func newEigen(g *Graph, nodes []int32, weighted bool) *eigen {
	place := make([]int32, g.nodes)
	for i, v := range nodes {
		place[v] = int32(i)
	}
	n := len(nodes)
	e := &eigen{}
	e.rows.start = make([]int32, n+1)
	for i, v := range nodes {
		for j, u := range g.both.row(v) {
			e.rows.to = append(e.rows.to, place[u])
			w := 1.0
			if weighted {
				w = g.both.weights(v)[j]
			}
			e.rows.weight = append(e.rows.weight, w)
		}
		e.rows.start[i+1] = int32(len(e.rows.to))
	}
	for _, s := range []*[]float64{&e.x, &e.r, &e.p, &e.ax, &e.ar, &e.ap} {
		*s = make([]float64, n)
	}
	return e
}

// bound is no less than the eigenvalue: the greatest sum of a row.
func (e *eigen) bound() float64 {
	most := 0.0
	for v := range e.x {
		sum := 0.0
		for _, w := range e.rows.weights(int32(v)) {
			sum += w
		}
		most = max(most, sum)
	}
	return most
}

// solve leaves the eigenvector in x, of length 1 and without negative values.
func (e *eigen) solve(ctx context.Context) (float64, error) {
	for i := range e.x {
		e.x[i] = math.Sqrt(float64(e.rows.degree(int32(i)))) // near the answer
	}
	normalize(e.x)
	if err := e.apply(ctx, e.ax, e.x); err != nil {
		return 0, err
	}
	for round := range eigenRounds {
		value := dot(e.x, e.ax)
		for i := range e.r {
			e.r[i] = e.ax[i] - value*e.x[i]
		}
		residual := math.Sqrt(dot(e.r, e.r)) / value
		if residual <= eigenTolerance || round >= eigenPatience && residual <= eigenEnough {
			for i := range e.x {
				e.x[i] = math.Abs(e.x[i])
			}
			return value, nil
		}
		if err := e.step(ctx, round > 0); err != nil {
			return 0, err
		}
		if round%eigenRefresh == eigenRefresh-1 {
			if err := e.apply(ctx, e.ax, e.x); err != nil {
				return 0, err
			}
		}
	}
	return 0, network.Errorf(network.Internal, "the eigenvector did not converge in %d rounds", eigenRounds)
}
