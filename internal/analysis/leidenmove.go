package analysis

// move takes the nodes in random order and puts each into the community of the
// greatest gain, until none would gain: after a move the neighbours outside are
// looked at once more. It changes of and tells whether it did.
func (l *leiden) move(c *crowd, of []int32) (bool, error) {
	m := &mover{leiden: l, crowd: c, of: of, size: make([]int32, len(of)), waiting: make([]bool, len(of)), queue: make([]int32, len(of))}
	clear(l.total[:len(of)])
	for v, g := range of {
		l.total[g] += c.strength[v]
		m.size[g]++
		m.queue[v], m.waiting[v] = int32(v), true
	}
	for g, size := range m.size {
		if size == 0 {
			m.empty = append(m.empty, int32(g))
		}
	}
	shuffle(l.random, m.queue)
	moved := false
	for head, left := 0, len(of); left > 0; left-- {
		v := m.queue[head]
		if head++; head == len(of) {
			head = 0
		}
		m.waiting[v] = false
		row := c.row(v)
		if err := l.stop.spend(4 * (1 + len(row))); err != nil {
			return false, err
		}
		to := m.best(v)
		if !m.put(v, to) {
			continue
		}
		moved = true
		for _, u := range row {
			if m.of[u] != to && !m.waiting[u] {
				// A node waits once at most, so the ring never runs full.
				m.waiting[u] = true
				tail := head + left - 1
				if tail >= len(of) {
					tail -= len(of)
				}
				m.queue[tail] = u
				left++
			}
		}
	}
	return moved, nil
}

type mover struct {
	*leiden
	crowd   *crowd
	of      []int32
	size    []int32
	empty   []int32 // communities without a node
	queue   []int32 // a ring
	waiting []bool  // whether the node is in the queue
}

// best is the community with the greatest gain for v, its own when none is
// better; or an empty one.
func (m *mover) best(v int32) int32 {
	own, strength := m.of[v], m.crowd.strength[v]
	m.gather(m.crowd, v, m.of)
	total, pull := m.total, m.gamma*strength
	best, most := own, m.toward[own]-pull*(total[own]-strength)+m.least
	for _, g := range m.touched {
		if g == own {
			continue
		}
		if gain := m.toward[g] - pull*total[g]; gain > most {
			best, most = g, gain
		}
	}
	m.forget()
	if most < 0 && m.size[own] > 1 {
		best = m.empty[len(m.empty)-1]
	}
	return best
}

// put moves v and tells whether that is a change.
func (m *mover) put(v, to int32) bool {
	own := m.of[v]
	if own == to {
		return false
	}
	if m.size[to] == 0 {
		m.empty = m.empty[:len(m.empty)-1]
	}
	m.total[own] -= m.crowd.strength[v]
	m.total[to] += m.crowd.strength[v]
	m.size[own]--
	m.size[to]++
	m.of[v] = to
	if m.size[own] == 0 {
		m.empty = append(m.empty, own)
	}
	return true
}

// refine splits each community into parts that are well connected: nodes alone
// so far join the part of the same community that gains most, if both node and
// part have as much weight to the rest of the community as chance would give.
func (l *leiden) refine(c *crowd, of []int32, groups int) ([]int32, error) {
	n := len(of)
	part, order, alone := make([]int32, n), make([]int32, n), make([]bool, n)
	around := make([]float64, groups) // strength of each community
	total, cut := l.total[:n], l.cut[:n]
	for v, g := range of {
		part[v], order[v], alone[v] = int32(v), int32(v), true
		total[v] = c.strength[v]
		around[g] += c.strength[v]
		cut[v] = 0
		weights := c.weights(int32(v))
		for i, u := range c.row(int32(v)) {
			if of[u] == g {
				cut[v] += weights[i]
			}
		}
	}
	shuffle(l.random, order)
	linked := func(p int32, all float64) bool { return cut[p] >= l.gamma*total[p]*(all-total[p]) }
	for _, v := range order {
		g := of[v]
		if !alone[v] || !linked(v, around[g]) {
			continue
		}
		weights := c.weights(v)
		if err := l.stop.spend(4 * (1 + len(weights))); err != nil {
			return nil, err
		}
		for i, u := range c.row(v) {
			if of[u] != g {
				continue
			}
			p := part[u]
			if l.toward[p] == 0 {
				l.touched = append(l.touched, p)
			}
			l.toward[p] += weights[i]
		}
		best, most := v, 0.0
		for _, p := range l.touched {
			gain := l.toward[p] - l.gamma*c.strength[v]*total[p]
			if gain > most && linked(p, around[g]) {
				best, most = p, gain
			}
		}
		if best != v {
			cut[best] += cut[v] - 2*l.toward[best]
			total[best] += c.strength[v]
			part[v], alone[v], alone[best] = best, false, false
		}
		l.forget()
	}
	return part, nil
}
