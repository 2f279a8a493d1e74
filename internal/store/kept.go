package store

import "sync"

// Kept is where engines leave what they made of a [Collection] that is asked for
// again and again. It is ready to use as it is, by many at once.
type Kept struct {
	mu   sync.RWMutex
	made map[any]any
}

// keptAtMost bounds what is left in one place: who asks and where the collection
// stands in the plan may differ, and seldom do.
const keptAtMost = 16

// Get is what was left under the key; nil when there is nothing.
func (k *Kept) Get(key any) any {
	k.mu.RLock()
	defer k.mu.RUnlock()
	return k.made[key]
}

// Put leaves something under the key, unless there is enough already.
func (k *Kept) Put(key, made any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.made == nil {
		k.made = map[any]any{}
	}
	if len(k.made) < keptAtMost {
		k.made[key] = made
	}
}
