package memo_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/musubi-map/musubi/internal/memo"
)

func constant(v string, size int64) func(context.Context) (string, int64, error) {
	return func(context.Context) (string, int64, error) { return v, size, nil }
}

func TestAThousandAskersCostOneComputation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := memo.New(100)
		var runs atomic.Int32
		var wg sync.WaitGroup
		for range 1000 {
			wg.Go(func() {
				got, err := memo.Get(t.Context(), c, "key", func(context.Context) (string, int64, error) {
					runs.Add(1)
					synctest.Wait() // until all others wait
					return "result", 1, nil
				})
				if got != "result" || err != nil {
					t.Error(got, err)
				}
			})
		}
		wg.Wait()
		if n := runs.Load(); n != 1 {
			t.Errorf("it was computed %d times", n)
		}
	})
}

func TestWorkEndsWhenTheLastAskerLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := memo.New(100)
		ended := false
		work := func(ctx context.Context) (string, int64, error) {
			<-ctx.Done()
			ended = true
			return "", 0, ctx.Err()
		}
		first, leaveFirst := context.WithCancel(t.Context())
		second, leaveSecond := context.WithCancel(t.Context())
		for _, ctx := range []context.Context{first, second} {
			go func() {
				if _, err := memo.Get(ctx, c, "key", work); !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
			}()
		}
		synctest.Wait()
		leaveFirst()
		synctest.Wait()
		if ended {
			t.Error("the work ended while somebody waited")
		}
		leaveSecond()
		synctest.Wait()
		if s := c.Stats(); !ended || s.Working != 0 || s.Begun != 1 {
			t.Errorf("the work goes on for nobody: %+v", s)
		}
		// Who asks then begins anew.
		if got, err := memo.Get(t.Context(), c, "key", constant("again", 1)); got != "again" || err != nil {
			t.Error(got, err)
		}
	})
}

func TestTheLongestUnusedIsDropped(t *testing.T) {
	c := memo.New(10)
	get := func(key string, size int64) string {
		got, err := memo.Get(t.Context(), c, key, constant(key, size))
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	kept := func(key string) bool {
		got, err := memo.Get(t.Context(), c, key, constant("anew", 0))
		if err != nil {
			t.Fatal(err)
		}
		return got == key
	}
	get("a", 4)
	get("b", 4)
	get("a", 4)
	get("c", 4) // b has to go
	if !kept("a") || !kept("c") || c.Stats().Used != 8 {
		t.Errorf("%+v", c.Stats())
	}
	if kept("b") {
		t.Error("b is still there")
	}
	if get("huge", 11) != "huge" || kept("huge") {
		t.Error("what is larger than all is given but not kept")
	}
	c.Forget(func(key, _ any) bool { return key == "a" })
	if kept("a") || !kept("c") {
		t.Error("a is to be forgotten, and nothing else")
	}
}

func TestErrorsAreNotKept(t *testing.T) {
	c := memo.New(10)
	fault := errors.New("no")
	if _, err := memo.Get(t.Context(), c, "key", func(context.Context) (string, int64, error) { return "", 0, fault }); !errors.Is(err, fault) {
		t.Error(err)
	}
	if got, err := memo.Get(t.Context(), c, "key", constant("yes", 1)); got != "yes" || err != nil {
		t.Error(got, err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := memo.Get(ended, c, "key", constant("yes", 1)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAPanicReachesWhoAsked(t *testing.T) {
	c := memo.New(10)
	defer func() {
		if p, ok := recover().(*memo.Panic); !ok || p.Value != "fault" || len(p.Stack) == 0 {
			t.Errorf("%v", p)
		}
		if got, err := memo.Get(t.Context(), c, "key", constant("yes", 1)); got != "yes" || err != nil {
			t.Error(got, err)
		}
	}()
	_, _ = memo.Get(t.Context(), c, "key", func(context.Context) (string, int64, error) { panic("fault") })
}
