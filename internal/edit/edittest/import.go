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

// Import lets writers bring the same rows in at the same time, each in an order of
// its own and with one of so many sets of names. It says what is wrong then: each
// key must be one record, all of them as one of the writers wanted, and each
// writer must have come through.
func Import(ctx context.Context, s store.Store, writers, names, keys int) error {
	e := &edit.Editor{Store: s, Clock: network.SystemClock()}
	reports, errs := make([]*edit.Report, writers), make([]error, writers)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			reports[w], errs[w] = e.Upsert(ctx, edit.Intent{Viewer: network.Admin(fmt.Sprint("writer", w))}, importRows(min(w, names-1), keys), edit.UpsertOptions{})
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
	if created != keys {
		return fmt.Errorf("%d records were created for %d keys", created, keys)
	}
	return wholeImport(ctx, s, keys)
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

// wholeImport wants one record for each key, all of them with names of one
// writer.
func wholeImport(ctx context.Context, s store.Store, keys int) error {
	names := map[network.ID]string{}
	for c, err := range s.Changes(ctx, network.Admin("check"), 0) {
		if err != nil {
			return err
		}
		names[c.Record] = c.After.Str("name")
	}
	if len(names) != keys {
		return fmt.Errorf("%d records for %d keys", len(names), keys)
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
