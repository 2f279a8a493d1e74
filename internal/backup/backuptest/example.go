package backuptest

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/backup"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/verify/verifytest"
)

// Created is the time in the header of what [Written] makes.
var Created = time.Date(2024, 2, 2, 0, 0, 0, 0, time.UTC)

// Written is a backup of a source.
func Written(t testing.TB, s backup.Source) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := backup.Write(context.Background(), &out, s, "embedded", Created); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Restored restores a backup.
func Restored(t testing.TB, s store.Store, data []byte) *backup.Restored {
	t.Helper()
	done, err := backup.Restore(context.Background(), s, bytes.NewReader(data), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// Example is a backup of the map of verifytest, and what it is of.
func Example(t testing.TB) ([]byte, Contents) {
	t.Helper()
	s := memory.New(memory.Options{})
	if err := verifytest.Fill(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	return Written(t, s), Of(t, s)
}
