package server_test

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/server"
)

// heap is what the collector reckons with, after it has run.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// resident is what the process takes of the machine; 0 where nobody can say.
func resident(t *testing.T) uint64 {
	t.Helper()
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, err := strconv.ParseUint(strings.Fields(string(data))[1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return pages * uint64(os.Getpagesize())
}

const floor = 64 << 20

func TestDoesASmallHeapCountMoreThanItTakes(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	before, took := heap(), resident(t)
	release := server.HoldHeap()
	if held := heap(); held < before+floor/2 {
		t.Errorf("the heap counts %d MiB, and %d when it is held", before>>20, held>>20)
	}
	if now := resident(t); now > took+floor/2 {
		t.Errorf("the process took %d MiB before, and %d now", took>>20, now>>20)
	}
	release()
	if after := heap(); after > before+floor/2 {
		t.Errorf("the heap counts %d MiB before and %d after it was held", before>>20, after>>20)
	}
}

func TestDoesTheOperatorDecideAboutTheHeap(t *testing.T) {
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOGC", "")
			t.Setenv("GOMEMLIMIT", "")
			t.Setenv(name, "100")
			before := heap()
			release := server.HoldHeap()
			defer release()
			if held := heap(); held > before+floor/2 {
				t.Errorf("the heap counts %d MiB more, although the environment says %s", (held-before)>>20, name)
			}
		})
	}
}
