package edit

import (
	"sync"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

// atOnce does several writes at the same time and counts those that were made.
func atOnce(t *testing.T, refusal network.ErrorCode, writes ...func() error) int {
	t.Helper()
	codes := make([]network.ErrorCode, len(writes))
	var wg sync.WaitGroup
	for i, w := range writes {
		wg.Go(func() { codes[i] = network.CodeOf(w()) })
	}
	wg.Wait()
	made := 0
	for i, c := range codes {
		switch c {
		case "":
			made++
		case refusal:
		default:
			t.Errorf("write %d: %s", i, c)
		}
	}
	return made
}

func TestCanTwoTransfersFillOnePost(t *testing.T) {
	for range 20 {
		o := newOffice(t)
		var writes []func() error
		for _, who := range []string{"甲 - 1", "乙 - 1", "丙 - 1", "丁 - 1"} {
			writes = append(writes, func() error {
				_, err := o.Transfer(o.ctx, o.in, april, o.moves(who), false)
				return err
			})
		}
		if made := atOnce(t, network.Conflict, writes...); made != 1 {
			t.Fatalf("%d of them took the post", made)
		}
	}
}

func TestCanOneRoleBeGivenTwiceAtOnce(t *testing.T) {
	for range 20 {
		o := newOffice(t)
		work := string(o.create("Initiative", m{"name": "架空事業"}))
		var writes []func() error
		for range 4 {
			writes = append(writes, func() error {
				_, err := o.AssignRole(o.ctx, o.in, m{"initiative": work, "holder": string(o.id["校"]), "function": "SECRETARIAT"}, april)
				return err
			})
		}
		if made := atOnce(t, network.Duplicate, writes...); made != 1 {
			t.Fatalf("the role was given %d times", made)
		}
	}
}
