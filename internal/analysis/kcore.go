package analysis

// Coreness is the greatest k such that the node is in the k-core: the largest
// part of the network in which each node has at least k neighbours. It takes
// the undirected view.
//
// Source: V. Batagelj, M. Zaveršnik, "An O(m) algorithm for cores
// decomposition of networks", 2003. Linear in the network.
func Coreness(g *Graph) []int32 {
	core := make([]int32, g.nodes) // what is left of the degree, in the end the core
	most := int32(0)
	for v := range core {
		core[v] = g.both.degree(int32(v))
		most = max(most, core[v])
	}
	// order lists the nodes by degree left, those of degree d from bin[d] on.
	bin := make([]int32, most+2)
	for _, d := range core {
		bin[d+1]++
	}
	for d := range most + 1 {
		bin[d+1] += bin[d]
	}
	order, place := make([]int32, g.nodes), make([]int32, g.nodes)
	next := append([]int32(nil), bin...)
	for v := range core {
		place[v] = next[core[v]]
		next[core[v]]++
		order[place[v]] = int32(v)
	}
	for _, v := range order { // moved about below, but only ahead of v
		for _, u := range g.both.row(v) {
			if core[u] <= core[v] {
				continue
			}
			// u changes places with the first of its degree and loses one.
			d := core[u]
			at, first := place[u], bin[d]
			w := order[first]
			order[at], order[first] = w, u
			place[w], place[u] = at, first
			bin[d]++
			core[u]--
		}
	}
	return core
}
