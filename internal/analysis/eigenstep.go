package analysis

import (
	"context"
	"math"
)

// step replaces x by the best vector in the span of x, r and, after the first
// round, p, made orthogonal to each other, and p by the way gone.
func (e *eigen) step(ctx context.Context, hasP bool) error {
	away(e.r, e.x)
	normalize(e.r)
	if err := e.apply(ctx, e.ar, e.r); err != nil {
		return err
	}
	if hasP {
		for _, b := range [2][2][]float64{{e.x, e.ax}, {e.r, e.ar}} {
			k := dot(e.p, b[0])
			axpy(-k, e.p, b[0])
			axpy(-k, e.ap, b[1])
		}
		size := math.Sqrt(dot(e.p, e.p))
		hasP = size > 1e-10 // else it is all rounding
		if hasP {
			scale(1/size, e.p)
			scale(1/size, e.ap)
		}
	}
	m := [3][3]float64{{dot(e.x, e.ax), dot(e.x, e.ar), 0}, {0, dot(e.r, e.ar), 0}, {}}
	if hasP {
		m[0][2], m[1][2], m[2][2] = dot(e.x, e.ap), dot(e.r, e.ap), dot(e.p, e.ap)
	} else {
		m[2][2] = m[1][1] - math.Abs(m[0][0]) - 1 // so that p is not chosen
	}
	m[1][0], m[2][0], m[2][1] = m[0][1], m[0][2], m[1][2]
	c := leading(m)
	if !hasP {
		c[2] = 0
	}
	for i := range e.x {
		p, ap := c[1]*e.r[i]+c[2]*e.p[i], c[1]*e.ar[i]+c[2]*e.ap[i]
		e.x[i], e.ax[i] = c[0]*e.x[i]+p, c[0]*e.ax[i]+ap
		e.p[i], e.ap[i] = p, ap
	}
	size := math.Sqrt(dot(e.x, e.x))
	scale(1/size, e.x)
	scale(1/size, e.ax)
	return nil
}

// apply computes y = A·x.
func (e *eigen) apply(ctx context.Context, y, x []float64) error {
	return inBlocksOf(ctx, len(x), blockSize(len(x), len(e.rows.to)), func(lo, hi int) {
		for v := lo; v < hi; v++ {
			row, weights := e.rows.row(int32(v)), e.rows.weights(int32(v))
			sum := 0.0
			for i, u := range row {
				sum += weights[i] * x[u]
			}
			y[v] = sum
		}
	})
}

// leading is the eigenvector of the greatest eigenvalue of a symmetric matrix,
// by Jacobi rotations, its first element not negative.
func leading(m [3][3]float64) [3]float64 {
	v := [3][3]float64{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}
	for range 50 {
		off := math.Abs(m[0][1]) + math.Abs(m[0][2]) + math.Abs(m[1][2])
		if off == 0 {
			break
		}
		for _, pq := range [3][2]int{{0, 1}, {0, 2}, {1, 2}} {
			rotate(&m, &v, pq[0], pq[1])
		}
	}
	best := 0
	for i := range m {
		if m[i][i] > m[best][best] {
			best = i
		}
	}
	out := [3]float64{v[0][best], v[1][best], v[2][best]}
	if out[0] < 0 {
		out = [3]float64{-out[0], -out[1], -out[2]}
	}
	return out
}

// rotate turns the plane of p and q so that m[p][q] becomes 0.
func rotate(m, v *[3][3]float64, p, q int) {
	if m[p][q] == 0 {
		return
	}
	theta := (m[q][q] - m[p][p]) / (2 * m[p][q])
	t := 1 / (math.Abs(theta) + math.Sqrt(theta*theta+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(t*t+1)
	s := t * c
	for k := range m {
		m[k][p], m[k][q] = c*m[k][p]-s*m[k][q], s*m[k][p]+c*m[k][q]
	}
	for k := range m {
		m[p][k], m[q][k] = c*m[p][k]-s*m[q][k], s*m[p][k]+c*m[q][k]
		v[k][p], v[k][q] = c*v[k][p]-s*v[k][q], s*v[k][p]+c*v[k][q]
	}
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

// axpy adds k·b to a.
func axpy(k float64, a, b []float64) {
	for i, x := range b {
		a[i] += k * x
	}
}

func scale(k float64, a []float64) {
	for i := range a {
		a[i] *= k
	}
}

func normalize(a []float64) { scale(1/math.Sqrt(dot(a, a)), a) }

// away takes from a its part along the unit vector b.
func away(a, b []float64) { axpy(-dot(a, b), a, b) }
