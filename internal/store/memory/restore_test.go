package memory_test

import (
	"context"
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

// keeping is a log that keeps what a file would.
type keeping struct {
	memory.Kept
	records map[network.ID]memory.KeptRecord
	entries []memory.KeptEntry
}

func (k *keeping) Append(_ context.Context, c memory.Commit) error {
	for _, change := range c.Changes {
		e := memory.KeptEntry{Revision: c.Revision, Seq: int64(change.Seq), At: change.At.Format(time.RFC3339Nano), Actor: change.Actor, Reason: change.Reason,
			Action: string(change.Action), After: keptRecord(change.After)}
		if change.Before != nil {
			e.KindBefore, e.Before = change.Before.Kind, keptRecord(change.Before).Fields
		}
		k.entries = append(k.entries, e)
		k.records[change.Record] = e.After
	}
	k.Head = c.Revision
	return nil
}

func keptRecord(r *network.Record) memory.KeptRecord {
	data, err := r.MarshalFields()
	if err != nil {
		panic(err)
	}
	return memory.KeptRecord{ID: r.ID, Kind: r.Kind, Version: r.Version, Fields: string(data)}
}

// rows are what is kept, the records in any order.
func (k *keeping) rows() memory.Kept {
	k.Records, k.Entries = withoutErrors(func(yield func(memory.KeptRecord) bool) {
		for _, r := range k.records {
			if !yield(r) {
				return
			}
		}
	}), withoutErrors(slices.Values(k.entries))
	return k.Kept
}

func withoutErrors[T any](seq iter.Seq[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for v := range seq {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func filled(t *testing.T) (*memory.Store, *keeping, *store.Batch) {
	log := &keeping{records: map[network.ID]memory.KeptRecord{}}
	s := memory.New(memory.Options{Log: log})
	r := rand.New(rand.NewPCG(7, 4))
	made := storetest.RandomGraph(r, 1200)
	for i := range made.Writes {
		if f := made.Writes[i].After.Fields; f["name"] != nil && r.IntN(3) == 0 {
			f["name"] = f["name"].(string) + "<\"\\&\u2028😀"
		}
	}
	mustApply(t, s, made)
	versions := map[network.ID]int64{}
	for range 60 {
		shuffle(t, r, s, made, versions)
	}
	return s, log, made
}

// A store that is restored says the same as the one that was kept, records, log
// and pages.
func TestIsARestoredStoreTheOneThatWasKept(t *testing.T) {
	s, log, made := filled(t)
	again := memory.New(memory.Options{})
	if err := again.Restore(log.rows()); err != nil {
		t.Fatal(err)
	}
	want, got := everything(t, s, made), everything(t, again, made)
	if len(want) < len(made.Writes) || !reflect.DeepEqual(got, want) {
		t.Errorf("%d records and entries, want %d, or others", len(got), len(want))
	}
	r := rand.New(rand.NewPCG(8, 4))
	for range 500 {
		c, v := randomPage(t, r, s)
		if want, got := fetch(t, s, v, c), fetch(t, again, v, c); !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v\n got %v\nwant %v", c, got, want)
		}
	}
	mustApply(t, again, creation(record("Topic", "new", fields{"name": "新"})))
	if head, _ := again.Head(t.Context()); head != log.Head+1 {
		t.Errorf("head %d after %d", head, log.Head)
	}
}

func everything(t *testing.T, s *memory.Store, made *store.Batch) (out []any) {
	for _, w := range made.Writes {
		got, err := s.Load(t.Context(), network.Admin("a"), []store.Key{{ID: w.After.ID}})
		if err != nil || got[0] == nil {
			t.Fatal(w.After.ID, err)
		}
		out = append(out, *got[0])
	}
	for c, err := range s.Changes(t.Context(), network.Admin("a"), 0) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, *c)
	}
	return out
}

func TestWhatCanNotBeRestored(t *testing.T) {
	area := memory.KeptRecord{ID: "a", Kind: "Area", Version: 1, Fields: `{"name":"一"}`}
	entry := memory.KeptEntry{Revision: 1, At: "2024-01-01T00:00:00Z", Action: "CREATE", After: area}
	for want, row := range map[string]memory.KeptRecord{
		"parent points to a record that is not there": {ID: "b", Kind: "Area", Version: 1, Fields: `{"name":"二","parent":"x"}`},
		"unknown kind":            {ID: "b", Kind: "Village", Version: 1, Fields: `{}`},
		"no JSON":                 {ID: "b", Kind: "Area", Version: 1, Fields: `{"name":"二"`},
		"cannot unmarshal number": {ID: "b", Kind: "Area", Version: 1, Fields: `{"name":2}`},
		"is there twice":          area,
	} {
		kept := memory.Kept{Head: 1, Records: withoutErrors(slices.Values([]memory.KeptRecord{area, row})), Entries: withoutErrors(slices.Values([]memory.KeptEntry{entry}))}
		if err := memory.New(memory.Options{}).Restore(kept); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// A file altered by hand: a claim about nothing, a record that its log does not
// know like that. It is there for verify to tell of.
func TestIsAnOddFileRestoredAsItIs(t *testing.T) {
	rows := []memory.KeptRecord{
		{ID: "a", Kind: "Area", Version: 7, Fields: `{"name":"七"}`},
		{ID: "s", Kind: "Source", Version: 1, Fields: `{"name":"源","sourceType":"DOCUMENT"}`},
		{ID: "c", Kind: "Claim", Version: 1, Fields: `{"record":"nothing","source":"s","old":"a field of yore"}`},
	}
	entries := []memory.KeptEntry{
		{Revision: 1, At: "2024-01-01T00:00:00Z", Action: "CREATE", After: memory.KeptRecord{ID: "a", Kind: "Area", Version: 1, Fields: `{"name":"一"}`}},
		{Revision: 2, At: "2024-01-01T00:00:00Z", Action: "UPDATE", KindBefore: "Area", Before: `{"name":"四"}`, After: memory.KeptRecord{ID: "a", Kind: "Area", Version: 5, Fields: `{"name":"五"}`}},
	}
	s := memory.New(memory.Options{})
	if err := s.Restore(memory.Kept{Head: 2, Records: withoutErrors(slices.Values(rows)), Entries: withoutErrors(slices.Values(entries))}); err != nil {
		t.Fatal(err)
	}
	got, err := s.Load(t.Context(), network.Admin("a"), []store.Key{{ID: "a"}, {ID: "c"}, {ID: "nothing"}})
	if err != nil || got[0].Str("name") != "七" || got[1].Str("record") != "nothing" || got[2] != nil {
		t.Errorf("%+v, %v", got, err)
	}
	var names []string
	for c := range s.Changes(t.Context(), network.Admin("a"), 0) {
		if c.Before != nil {
			names = append(names, c.Before.Str("name"))
		}
		names = append(names, c.After.Str("name"))
	}
	if !slices.Equal(names, []string{"一", "四", "五"}) {
		t.Error(names)
	}
}

// slow is a log that takes its time until it is told to go on.
type slow struct{ begun, end chan struct{} }

func (l slow) Append(context.Context, memory.Commit) error {
	close(l.begun)
	<-l.end
	return nil
}

func TestDoesNobodyWhoReadsWaitForTheDisk(t *testing.T) {
	log := slow{make(chan struct{}), make(chan struct{})}
	s := memory.New(memory.Options{Log: log})
	done := make(chan struct{})
	go func() {
		defer close(done)
		mustApply(t, s, creation(record("Topic", "a", fields{"name": "一"})))
	}()
	<-log.begun
	got, err := s.Load(t.Context(), network.Admin(""), []store.Key{{ID: "a"}})
	if err != nil || got[0] != nil {
		t.Errorf("read %v, %v before it was on the disk", got[0], err)
	}
	close(log.end)
	<-done
	if got, _ := s.Load(t.Context(), network.Admin(""), []store.Key{{ID: "a"}}); got[0] == nil {
		t.Error("not there after it was")
	}
}
