package backup_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/backup"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

func TestIsAListOfErasuresReadAsItWasWritten(t *testing.T) {
	at := time.Date(2024, 6, 10, 2, 0, 0, 1, time.UTC)
	want := []store.Erasure{{ID: "a", At: at}, {ID: "b", At: at.Add(time.Hour)}}
	var out bytes.Buffer
	if err := backup.WriteErasures(&out, want); err != nil {
		t.Fatal(err)
	}
	if got, err := backup.ReadErasures(&out); err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	for _, wrong := range []string{"x", `{"id":"a"}`, `{"id":"","at":"2024-06-10T02:00:00Z"}`, `{"id":"a","at":"2024-06-10T02:00:00Z","name":"x"}`, `{"id":"a","at":"2024-06-1`, "\n"} {
		if _, err := backup.ReadErasures(strings.NewReader(wrong)); network.CodeOf(err) != network.InvalidValue {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}
