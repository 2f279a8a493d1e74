package edittest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/musubi-map/musubi/internal/edit"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// ImportByName is [Import] of rows without keys, which mean a record by its name: all
// writers bring the same names in.
func ImportByName(ctx context.Context, s store.Store, writers, rows int) error {
	return imported(ctx, s, writers, rows, func(int) []edit.Row {
		named := importRows(0, rows)
		for i := range named {
			named[i].Key = ""
		}
		return named
	})
}

// Import lets writers bring the same rows in at the same time, each in an order of
// its own and with one of so many sets of names. It says what is wrong then: each
// key must be one record, all of them as one of the writers wanted, and each
// writer must have come through.
func Import(ctx context.Context, s store.Store, writers, names, keys int) error {
	return imported(ctx, s, writers, keys, func(w int) []edit.Row { return importRows(min(w, names-1), keys) })
}

// imported lets each writer bring its rows in; there must be so many records then.
func imported(ctx context.Context, s store.Store, writers, records int, rows func(writer int) []edit.Row) error {
	e := &edit.Editor{Store: s, Clock: network.SystemClock()}
	reports, errs := make([]*edit.Report, writers), make([]error, writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			reports[w], errs[w] = e.Upsert(ctx, edit.Intent{Viewer: network.Admin(fmt.Sprint("writer", w))}, rows(w), edit.UpsertOptions{})
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	created := 0
	for _, r := range reports {
		created += r.Created
	}
	if created != records {
		return fmt.Errorf("%d records were created for %d", created, records)
	}
	return wholeImport(ctx, s, records)
}

// importRows are the rows in the order of one writer, with the names of one.
func importRows(names, keys int) []edit.Row {
	rows := make([]edit.Row, keys)
	for i := range rows {
		rows[i] = edit.Row{Kind: "Topic", Key: fmt.Sprint("row", i), Fields: map[string]any{"name": fmt.Sprintf("話題%d of %d", i, names)}}
	}
	rand.Shuffle(keys, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

// wholeImport wants so many records, all of them with names of one writer.
func wholeImport(ctx context.Context, s store.Store, records int) error {
	names := map[network.ID]string{}
	for c, err := range s.Changes(ctx, network.Admin("check"), 0) {
		if err != nil {
			return err
		}
		names[c.Record] = c.After.Str("name")
	}
	if len(names) != records {
		return fmt.Errorf("%d records, want %d", len(names), records)
	}
	whose := map[string]bool{}
	for _, name := range names {
		whose[name[strings.LastIndex(name, " "):]] = true
	}
	if len(whose) != 1 {
		return fmt.Errorf("the names are those of %v", whose)
	}
	return nil
}
