// Package edittest moves many people at once, for tests that interrupt it.
package edittest

import (
	"context"
	"fmt"
	"io"

	"github.com/musubi-map/musubi/internal/edit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// Shuttle is people who change between two sets of posts: on the first day each
// takes one of the first set, on the day after one of the second, and so on, all
// of them in one transfer.
type Shuttle struct {
	editor *edit.Editor
	people []network.ID
	sets   [2][]network.ID // posts
	// first is the revision that the people were entered with.
	first int64
}

var (
	firstDay = network.MustDate("2024-04-01")
	shuttler = edit.Intent{Viewer: network.Admin("shuttle"), Reason: "定期異動"}
)

// NewShuttle enters the people and posts into an empty store, or finds them in
// one that has them. The IDs are the same everywhere.
func NewShuttle(ctx context.Context, s store.Store, people int) (*Shuttle, error) {
	u := &Shuttle{editor: &edit.Editor{Store: s, Clock: network.SystemClock()}, first: 1}
	rows := []edit.Row{{Kind: "School", Key: "school", Fields: map[string]any{"name": "架空中学校"}}}
	for i := range people {
		rows = append(rows, edit.Row{Kind: "Person", Key: fmt.Sprint("person", i), Fields: map[string]any{"name": fmt.Sprintf("架空 %03d", i)}})
		for set := range u.sets {
			rows = append(rows, edit.Row{Kind: "Post", Key: fmt.Sprint("post", set, "-", i), Fields: map[string]any{"name": fmt.Sprintf("役職%d-%03d", set, i)},
				Refs: map[string][]string{"organization": {"school"}}})
		}
	}
	report, err := u.editor.Upsert(ctx, shuttler, rows, edit.UpsertOptions{})
	if err != nil {
		return nil, err
	}
	for i := 1; i < len(rows); i += 3 {
		u.people = append(u.people, report.IDs[i])
		for set := range u.sets {
			u.sets[set] = append(u.sets[set], report.IDs[i+1+set])
		}
	}
	return u, nil
}

// Run transfers everybody, again and again, until an error, which it returns.
// Before each transfer it writes the line "transfer" and the number, counted from
// 1, once it is acknowledged "done" and the same number.
func (u *Shuttle) Run(ctx context.Context, out io.Writer) error {
	done, err := u.Check(ctx)
	for n := done + 1; err == nil; n++ {
		fmt.Fprintln(out, "transfer", n)
		if err = u.Transfer(ctx, n); err == nil {
			fmt.Fprintln(out, "done", n)
		}
	}
	return err
}

// Transfer is the n-th transfer, counted from 1: those before must be done.
func (u *Shuttle) Transfer(ctx context.Context, n int) error {
	moves := make([]edit.Move, len(u.people))
	for i, p := range u.people {
		moves[i] = edit.Move{Person: p, To: u.post(n, i)}
		if n > 1 {
			moves[i].From = u.post(n-1, i)
		}
	}
	_, err := u.editor.Transfer(ctx, shuttler, day(n), moves, false)
	return err
}

// post is the one that a person takes in the n-th transfer, day when.
func (u *Shuttle) post(n, person int) network.ID { return u.sets[(n-1)%2][person] }

func day(n int) network.Date { return firstDay.AddDays(n - 1) }

// Check is how many transfers the store holds. It is an error when one of them is
// there in part, in the records or in the log.
func (u *Shuttle) Check(ctx context.Context) (transfers int, err error) {
	q := ask.New(shuttler.Viewer, firstDay)
	found := q.ByID(ask.Of("Person").Many("occupancies", ask.Of("Occupancy", "post", "from", "until"), ask.Always(), ask.By("from")), u.people...)
	head, err := q.Run(ctx, u.editor.Store)
	if err != nil {
		return 0, err
	}
	position := map[network.ID]int{}
	for i, p := range u.people {
		position[p] = i
	}
	rows := found.Rows()
	if len(rows) != len(u.people) {
		return 0, fmt.Errorf("%d people of %d", len(rows), len(u.people))
	}
	transfers = len(rows[0].Many("occupancies"))
	for _, r := range rows {
		if err := u.checkPerson(position[r.ID()], r.Many("occupancies"), transfers); err != nil {
			return 0, err
		}
	}
	if head != u.first+int64(transfers) {
		return 0, fmt.Errorf("%d transfers, and the store is at revision %d", transfers, head)
	}
	return transfers, u.checkLog(ctx, head)
}

func (u *Shuttle) checkPerson(i int, held []ask.Row, transfers int) error {
	if len(held) != transfers {
		return fmt.Errorf("person %d was in %d transfers, another in %d", i, len(held), transfers)
	}
	for j, o := range held {
		n, until := j+1, network.PartialDate{}
		if n < transfers {
			until = network.Day(day(n + 1))
		}
		if o.Ref("post") != u.post(n, i) || o.Date("from") != network.Day(day(n)) || o.Date("until") != until {
			return fmt.Errorf("person %d, transfer %d of %d: from %s until %s in post %s", i, n, transfers, o.Date("from"), o.Date("until"), o.Ref("post"))
		}
	}
	return nil
}

// checkLog holds each revision against the entries a whole transfer makes.
func (u *Shuttle) checkLog(ctx context.Context, head int64) error {
	entries := map[int64]int{}
	for c, err := range u.editor.Store.Changes(ctx, shuttler.Viewer, u.first) {
		if err != nil {
			return err
		}
		entries[c.Revision]++
	}
	for revision := u.first + 1; revision <= head; revision++ {
		want := 2 * len(u.people)
		if revision == u.first+1 {
			want = len(u.people) // nobody leaves anything yet
		}
		if entries[revision] != want {
			return fmt.Errorf("revision %d has %d entries in the log, want %d", revision, entries[revision], want)
		}
	}
	if int64(len(entries)) != head-u.first {
		return fmt.Errorf("the log has %d revisions, the store is at %d", len(entries), head)
	}
	return nil
}
