package edit

import (
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// keyed is the intent under a key; the request names the write.
func (f *fixture) keyed(key, request string) Intent {
	in := f.in
	in.Key, in.Request = key, request
	return in
}

func TestDoesARetryGiveTheFirstAnswer(t *testing.T) {
	o := newOffice(t, "甲 1 2022-04-01")
	day, end := network.MustPartialDate("2024-04-01"), network.MustPartialDate("2025-04-01")
	initiative := o.create("Initiative", m{"name": "架空事業", "stage": "IDEA"})
	person := o.create("Person", m{"name": "架空 戊"})
	tie := o.create("Tie", m{"kind": "KNOWS", "subject": string(o.id["甲"]), "object": string(o.id["乙"])})
	verbs := []struct {
		name string
		do   func(Intent) (any, error)
	}{
		{"create", func(in Intent) (any, error) {
			return o.Create(o.ctx, in, "School", m{"name": "架空小学校", "schoolCode": "B120221500026"})
		}},
		{"update", func(in Intent) (any, error) {
			return o.Update(o.ctx, in, person, "Person", m{"name": "架空 己"}, nil)
		}},
		{"update if version", func(in Intent) (any, error) {
			return o.Update(o.ctx, in, person, "Person", m{"name": "架空 庚"}, new(int64(2)))
		}},
		{"end", func(in Intent) (any, error) { return o.End(o.ctx, in, tie, end, nil) }},
		{"restore", func(in Intent) (any, error) { return o.Restore(o.ctx, in, tie, nil) }},
		{"assign role", func(in Intent) (any, error) {
			return o.AssignRole(o.ctx, in, m{"initiative": string(initiative), "holder": string(o.id["校"]), "function": "SECRETARIAT"}, april)
		}},
		{"advance", func(in Intent) (any, error) {
			return o.Advance(o.ctx, in, initiative, "RUNNING", day, nil, "", nil)
		}},
		{"transfer", func(in Intent) (any, error) {
			return o.Transfer(o.ctx, in, april, o.moves("甲 1 2", "乙 - 1"), false)
		}},
		{"hearing", func(in Intent) (any, error) {
			return o.RecordHearing(o.ctx, in, m{"name": "聞き取り", "date": "2024-01-10", "participants": []any{string(person)}}, nil)
		}},
		{"rename", func(in Intent) (any, error) {
			return o.RenameOrganization(o.ctx, in, o.id["会"], "架空保護者会", "", day, "")
		}},
		{"upsert", func(in Intent) (any, error) {
			return o.Upsert(o.ctx, in, []Row{{Kind: "Topic", Fields: map[string]any{"name": "架空の話題"}}}, UpsertOptions{})
		}},
	}
	for _, v := range verbs {
		t.Run(v.name, func(t *testing.T) {
			in := o.keyed("key of "+v.name, v.name)
			first, err := v.do(in)
			if err != nil {
				t.Fatal(err)
			}
			head := o.head()
			o.create("Topic", m{"name": "別の話題"}) // somebody writes in between
			again, err := v.do(in)
			switch first := first.(type) { // of what is not kept
			case *Report:
				first.Before, first.After = nil, nil
			case *Outcome:
				first.Kind = ""
			}
			if err != nil || !reflect.DeepEqual(again, first) {
				t.Errorf("again %+v, %v\nfirst %+v", again, err, first)
			}
			if o.head() != head+1 {
				t.Errorf("it was written again: %d, %d", head, o.head())
			}
			in.Request = "another"
			_, err = v.do(in)
			o.wants(v.name, err, "INVALID_VALUE idempotencyKey")
		})
	}
}

// What changed nothing may not change something later.
func TestIsAWriteThatChangedNothingNotDoneLater(t *testing.T) {
	f := newFixture(t)
	topic := f.create("Topic", m{"name": "一"})
	rename := func(in Intent, name string) *Outcome {
		out, err := f.Update(f.ctx, in, topic, "", m{"name": name}, nil)
		if err != nil {
			t.Fatal(err)
		}
		out.Kind = "" // is not kept
		return out
	}
	first := rename(f.keyed("k", "r"), "一")
	rename(f.in, "二")
	if again := rename(f.keyed("k", "r"), "一"); *again != *first || f.record(topic).Str("name") != "二" {
		t.Errorf("%+v, first %+v; the name is %s", again, first, f.record(topic).Str("name"))
	}
}

func TestDoesADryRunUseUpTheKey(t *testing.T) {
	o := newOffice(t, "甲 1 2022-04-01")
	in := o.keyed("k", "r")
	for _, dryRun := range []bool{true, false} {
		if _, err := o.Transfer(o.ctx, in, april, o.moves("甲 1 2"), dryRun); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := o.Transfer(o.ctx, in, april, o.moves("甲 1 2"), false); err != nil || out.Revision != o.head() {
		t.Error(out, err)
	}
}

func TestDoesOneWriteComeOfManyWithOneKey(t *testing.T) {
	f := newFixture(t)
	outs := make([]*Outcome, 16)
	var wg sync.WaitGroup
	for i := range outs {
		wg.Go(func() {
			var err error
			if outs[i], err = f.Create(f.ctx, f.keyed("k", "r"), "School", m{"name": "架空小学校", "schoolCode": "B120221500026"}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, out := range outs {
		if out != nil {
			out.Kind = "" // said by who wrote it only
		}
		if out == nil || *out != *outs[0] {
			t.Errorf("%+v, another had %+v", out, outs[0])
		}
	}
	if f.head() != 1 {
		t.Errorf("%d revisions", f.head())
	}
}

// forgetful commits, and then does not know whether it did.
type forgetful struct{ store.Store }

func (s forgetful) Apply(ctx context.Context, b *store.Batch) (*store.Applied, error) {
	if _, err := s.Store.Apply(ctx, b); err != nil {
		return nil, err
	}
	return nil, network.Errorf(network.OutcomeUnknown, "the connection broke")
}

func TestIsALostAnswerFoundAgain(t *testing.T) {
	f := newFixture(t)
	f.Store = forgetful{f.Store}
	out, err := f.Create(f.ctx, f.keyed("k", "r"), "Topic", m{"name": "一"})
	if err != nil || out.Revision != 1 || f.record(out.ID).Str("name") != "一" {
		t.Error(out, err)
	}
	_, err = f.Create(f.ctx, f.in, "Topic", m{"name": "二"})
	f.wants("without a key", err, "OUTCOME_UNKNOWN")
}

func TestWhichKeysAreRefused(t *testing.T) {
	f := newFixture(t)
	long := make([]rune, store.MaxKey+1)
	for i := range long {
		long[i] = '鍵'
	}
	_, err := f.Create(f.ctx, f.keyed(string(long), "r"), "Topic", m{"name": "一"})
	f.wants("too long", err, "OUT_OF_RANGE idempotencyKey")
	_, err = f.Create(f.ctx, f.keyed("a\x00b", "r"), "Topic", m{"name": "一"})
	f.wants("control characters", err, "INVALID_VALUE idempotencyKey")
	in := f.keyed("k", "r")
	in.Viewer.Role = network.RoleAnalyst
	if _, err = f.Create(f.ctx, in, "Topic", m{"name": "一"}); !errors.As(err, new(*network.Error)) || network.CodeOf(err) != network.Forbidden {
		t.Error(err)
	}
}
