package neo4j_test

import (
	"testing"

	"github.com/musubi-map/musubi/internal/edit/edittest"
)

func TestDoManyImportsOfTheSameRowsMakeOneOfThem(t *testing.T) {
	s := openEmpty(t)
	if err := edittest.Import(t.Context(), s, 64, 4, 1000); err != nil {
		t.Error(err)
	}
	verified(t, s)
}

func TestDoManyImportsOfTheSameNamesMakeOneOfThem(t *testing.T) {
	s := openEmpty(t)
	if err := edittest.ImportByName(t.Context(), s, 64, 200); err != nil {
		t.Error(err)
	}
	verified(t, s)
}
