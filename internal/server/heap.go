package server

import (
	"os"
	"runtime"
)

// heapFloor is how many bytes the heap of a running server counts at least. The collector runs when the heap has doubled: over a
// town of 2 MiB that is every 4 MiB, some 150 requests, and a quarter of the processor's time.
const heapFloor = 64 << 20

// HoldHeap keeps the collector from running more often than once in 64 MiB of garbage, until release is called. The bytes are
// never touched, so they take address space and no memory; what does take memory is the garbage, up to 64 MiB of it and as much as the live heap.
// It does nothing when the environment has GOGC or GOMEMLIMIT: then the operator decides.
func HoldHeap() (release func()) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	held := make([]byte, heapFloor)
	return func() { runtime.KeepAlive(held) }
}
