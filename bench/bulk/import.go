package bulk

import (
	"context"
	"errors"
	"iter"
	"os"
	"path/filepath"
	"time"

	"github.com/musubi-map/musubi/bench/served"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
)

// Import brings the records into a new Neo4j, whose home o.Dir is empty, by the
// server's own import tool, and starts it.
func Import(ctx context.Context, o neo4jserver.Options, records iter.Seq[*network.Record]) (*served.Neo4j, *Report, error) {
	dir := filepath.Join(o.Dir, "sheets")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	sheets, revision := neo4j.NewSheets(dir), int64(0)
	r, err := inBatches(records, func(b *store.Batch) (int64, error) { revision++; return revision, sheets.Add(b) })
	if err != nil {
		return nil, nil, err
	}
	began := time.Now()
	args, err := sheets.Close()
	if err == nil {
		err = neo4jserver.Admin(ctx, o, args...)
	}
	if err = errors.Join(err, os.RemoveAll(dir)); err != nil {
		return nil, nil, err
	}
	r.Importing = time.Since(began)
	began = time.Now()
	n, err := served.Start(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	if err := sheets.Settle(ctx, n.Store); err != nil {
		return nil, nil, errors.Join(err, n.Stop(ctx))
	}
	r.Settling = time.Since(began)
	return n, r, nil
}
