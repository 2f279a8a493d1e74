package backuptest_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/backup"
	"github.com/musubi-map/musubi/internal/backup/backuptest"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/store/sqlite"
	"github.com/musubi-map/musubi/internal/verify"
)

// changesPerCommit is what an edit of a coordinator makes, changesPerImport an
// import.
const (
	changesPerCommit = 5
	changesPerImport = 1000
)

// large is a map of companies and ties between them, made by so many changes.
func large(b *testing.B, changes, perCommit int) *memory.Store {
	b.Helper()
	s := memory.New(memory.Options{})
	batch := &store.Batch{Actor: "bench", Reason: "計測", At: backuptest.Created}
	id := func(n int) network.ID { return network.ID(fmt.Sprintf("company-%06d", n)) }
	for n := range changes {
		r := &network.Record{ID: id(n), Kind: "Company", Fields: map[string]any{"name": fmt.Sprintf("架空商店%06d", n), "nameKana": "かくうしょうてん", "description": "架空の会社。計測のためにある。", "staff": int64(n % 50), "visibility": "PUBLIC"}}
		if n%3 == 2 {
			r = &network.Record{ID: network.ID(fmt.Sprintf("tie-%06d", n)), Kind: "Tie", Fields: map[string]any{"kind": "SUPPORTS", "subject": id(n - 1), "object": id(n - 2), "strength": int64(3), "from": network.MustPartialDate("2022-04"), "visibility": "PUBLIC"}}
		}
		batch.Writes = append(batch.Writes, store.Write{Action: store.Create, After: r})
		if len(batch.Writes) == perCommit || n == changes-1 {
			if _, err := s.Apply(context.Background(), batch); err != nil {
				b.Fatal(err)
			}
			batch.Writes = nil
		}
	}
	return s
}

// BenchmarkBackup measures a backup, a restore and a verification in records per
// second.
func BenchmarkBackup(b *testing.B) {
	for _, load := range []struct {
		name               string
		changes, perCommit int
		empty              func(testing.TB) place
	}{
		{"embedded/edits", 20_000, changesPerCommit, file}, {"embedded/imports", 100_000, changesPerImport, file},
		{"neo4j/edits", 2_000, changesPerCommit, server}, {"neo4j/imports", 20_000, changesPerImport, server},
	} {
		b.Run(load.name, func(b *testing.B) {
			data := backuptest.Written(b, large(b, load.changes, load.perCommit))
			per := func(metric string, from time.Time) {
				b.ReportMetric(float64(load.changes)/time.Since(from).Seconds(), metric)
			}
			for b.Loop() {
				p := load.empty(b)
				p.with(b, func(s store.Store) {
					from := time.Now()
					if _, err := backup.Restore(b.Context(), s, bytes.NewReader(data), nil, nil); err != nil {
						b.Fatal(err)
					}
					per("restored/s", from)
					look, done := inspector(b, p, s)
					defer done()
					from = time.Now()
					if _, err := backup.Write(b.Context(), io.Discard, look, "bench", backuptest.Created); err != nil {
						b.Fatal(err)
					}
					per("backed-up/s", from)
					from = time.Now()
					if report, err := verify.Store(b.Context(), look); err != nil || report.Found > 0 {
						b.Fatal(err, report)
					}
					per("verified/s", from)
				})
			}
			b.ReportMetric(0, "ns/op") // of all three
		})
	}
}

// inspector is how the commands look at a store.
func inspector(b *testing.B, p place, s store.Store) (look store.Inspector, done func()) {
	if look, ok := s.(store.Inspector); ok {
		return look, func() {}
	}
	r, err := sqlite.OpenReader(b.Context(), p.name)
	if err != nil {
		b.Fatal(err)
	}
	return r, func() { _ = r.Close(context.Background()) }
}
