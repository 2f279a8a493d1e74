package filelock

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func TestSecondHolderWaitsForTheFirst(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no flock on this platform")
	}
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := Lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}

	short, cancel := context.WithTimeout(t.Context(), 2*retryEvery)
	defer cancel()
	if _, err := Lock(short, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("a held lock was given again: %v", err)
	}

	got := make(chan error, 1)
	go func() {
		again, err := Lock(t.Context(), path)
		if err == nil {
			again()
		}
		got <- err
	}()
	unlock()
	select {
	case err := <-got:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the lock was not passed on")
	}
}

func TestLockNeedsItsDirectory(t *testing.T) {
	if _, err := Lock(t.Context(), filepath.Join(t.TempDir(), "no", "lock")); err == nil {
		t.Fatal("want an error")
	}
}
