package analysis

import "github.com/musubi-map/musubi/internal/network"

// Degree counts the neighbours of each node: those its edges lead to (Out),
// come from (In), or either (Both, each neighbour once).
func Degree(g *Graph, d network.Direction) []int32 {
	r := g.view(d)
	out := make([]int32, g.nodes)
	for v := range out {
		out[v] = r.degree(int32(v))
	}
	return out
}

// Strength adds up the weights of each node's edges, merged ones in full; with
// Both, of those in either direction.
func Strength(g *Graph, d network.Direction) []float64 {
	r := g.view(d)
	out := make([]float64, g.nodes)
	for v := range out {
		for _, w := range r.weights(int32(v)) {
			out[v] += w
		}
	}
	return out
}

// Density is the share of possible edges that are there, 0 to 1; of ordered
// pairs in a directed graph. 0 below two nodes.
func Density(g *Graph) float64 {
	if g.nodes < 2 {
		return 0
	}
	n := float64(g.nodes)
	if g.directed {
		return float64(g.Edges()) / (n * (n - 1))
	}
	return 2 * float64(g.Edges()) / (n * (n - 1))
}

// Reciprocity is the share of edges that have one the other way, 0 to 1: 1 in
// an undirected graph, 0 without edges.
func Reciprocity(g *Graph) float64 {
	if g.Edges() == 0 {
		return 0
	}
	if !g.directed {
		return 1
	}
	// An edge with one the other way is in the undirected view once, not twice.
	mutual := 2*len(g.out.to) - len(g.both.to)
	return float64(mutual) / float64(len(g.out.to))
}
