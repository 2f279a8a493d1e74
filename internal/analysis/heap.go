package analysis

// minHeap is a binary heap of values by an int32 or float64 key, smallest
// first. Equal keys come in no particular order, so users must not depend on it.
type minHeap[K int32 | float64, V any] []heapItem[K, V]

type heapItem[K int32 | float64, V any] struct {
	key   K
	value V
}

func (h *minHeap[K, V]) push(key K, value V) {
	s := append(*h, heapItem[K, V]{key, value})
	*h = s
	i := len(s) - 1
	for i > 0 {
		up := (i - 1) / 2
		if s[up].key <= s[i].key {
			return
		}
		s[up], s[i] = s[i], s[up]
		i = up
	}
}

// pop takes the smallest; the heap must not be empty.
func (h *minHeap[K, V]) pop() (K, V) {
	s := *h
	top := s[0]
	last := len(s) - 1
	s[0] = s[last]
	s = s[:last]
	*h = s
	for i := 0; ; {
		down := 2*i + 1
		if down >= last {
			break
		}
		if r := down + 1; r < last && s[r].key < s[down].key {
			down = r
		}
		if s[i].key <= s[down].key {
			break
		}
		s[i], s[down] = s[down], s[i]
		i = down
	}
	return top.key, top.value
}
