package analysis

// random is SplitMix64 (G. Steele, D. Lea, C. Flood, "Fast splittable
// pseudorandom number generators", OOPSLA 2014). It is our own so that a seed
// gives the same result with every release of Go.
type random struct{ state uint64 }

func newRandom(seed uint64) *random { return &random{seed} }

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a number from 0 to n-1. The bias, under n/2^64, is of no account.
func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

// shuffle puts the elements into a random order.
func shuffle[T any](r *random, s []T) {
	for i := len(s) - 1; i > 0; i-- {
		j := r.below(i + 1)
		s[i], s[j] = s[j], s[i]
	}
}

// sample draws k of n numbers by a seed, each as likely; all of them, in order,
// when k is 0 or not below n.
func sample(n, k int, seed uint64) []int32 {
	all := make([]int32, n)
	for i := range all {
		all[i] = int32(i)
	}
	if k <= 0 || k >= n {
		return all
	}
	random := newRandom(seed)
	for i := range k {
		j := i + random.below(n-i)
		all[i], all[j] = all[j], all[i]
	}
	return all[:k]
}
