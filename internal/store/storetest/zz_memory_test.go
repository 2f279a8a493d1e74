package storetest_test

import (
	"context"
	"os"
	"strconv"
	"testing"

	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

func mem(t testing.TB) store.Store {
	s := memory.New(memory.Options{})
	t.Cleanup(func() { s.Close(context.Background()) })
	return s
}

func TestMem(t *testing.T) { storetest.Run(t, mem) }

func TestMemMem(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("N"))
	storetest.Differential(t, max(n, 6), 300, mem, mem)
}
