package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/musubi-map/musubi/internal/edit/edittest"
)

const movedPeople = 200

// Whatever part of the log is on the disk when the writer is gone, the transfer
// is there as a whole or not at all. This cuts the log off at chosen places, which
// a kill hits only by chance.
func TestIsATransferWholeWhereverItsLogBreaksOff(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "map.db")
	transfer := func(n int) (log []byte) {
		s := opened(t, path)
		defer closed(t, s)
		u, err := edittest.NewShuttle(ctx, s, movedPeople)
		if err == nil {
			err = u.Transfer(ctx, n)
		}
		if err != nil {
			t.Fatal(err)
		}
		return readFile(t, path+"-wal")
	}
	transfer(1)
	torn := tornLog{data: readFile(t, path), log: transfer(2)}
	frames := torn.frames(t)
	if frames < 50 {
		t.Fatalf("a log of %d frames", frames)
	}
	places, err := edittest.Interruptions(4)
	if err != nil {
		t.Fatal(err)
	}
	step := max(1, frames/places)
	cut := func(size, want int) {
		t.Helper()
		if held := heldTransfers(t, torn.cut(t, size)); held != want {
			t.Errorf("with %d of %d bytes of the log: %d transfers, want %d", size, len(torn.log), held, want)
		}
	}
	for f := 0; f < frames; f += step {
		cut(logHeader+f*logFrame, 1)
		cut(logHeader+f*logFrame+logFrame/2, 1)
	}
	cut(len(torn.log)-logFrame, 1)
	cut(len(torn.log)-1, 1)
	cut(len(torn.log), 2)
}

// heldTransfers is how many transfers are in the file, each of them whole.
func heldTransfers(t *testing.T, path string) int {
	t.Helper()
	s := opened(t, path)
	defer closed(t, s)
	u, err := edittest.NewShuttle(context.Background(), s, movedPeople)
	if err != nil {
		t.Fatal(err)
	}
	held, err := u.Check(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	agree(t, s)
	return held
}
