package sqlite

import (
	"path/filepath"
	"testing"

	"github.com/musubi-map/musubi/internal/edit/edittest"
)

func TestDoManyImportsOfTheSameRowsMakeOneOfThem(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "map.db"))
	if err := edittest.Import(t.Context(), s, 64, 4, 1000); err != nil {
		t.Error(err)
	}
	agree(t, s)
}

func TestDoManyImportsOfTheSameNamesMakeOneOfThem(t *testing.T) {
	s := opened(t, filepath.Join(t.TempDir(), "map.db"))
	if err := edittest.ImportByName(t.Context(), s, 64, 200); err != nil {
		t.Error(err)
	}
	agree(t, s)
}
