package edittest

import (
	"testing"

	"github.com/musubi-map/musubi/internal/store/memory"
)

func TestDoManyImportsOfTheSameRowsMakeOneOfThem(t *testing.T) {
	if err := Import(t.Context(), memory.New(memory.Options{}), 64, 16, 1000); err != nil {
		t.Error(err)
	}
}

func TestDoManyImportsOfTheSameNamesMakeOneOfThem(t *testing.T) {
	if err := ImportByName(t.Context(), memory.New(memory.Options{}), 64, 200); err != nil {
		t.Error(err)
	}
}
