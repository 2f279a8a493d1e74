package main

import (
	"context"
	"fmt"

	"github.com/musubi-map/musubi/bench/served"
	"github.com/musubi-map/musubi/internal/edit"
	"github.com/musubi-map/musubi/internal/network"
)

// row is a company; what is written of it is the same on both sides, but for its
// key.
type row struct {
	key, name, kana, industry, description string
	staff                                  int64
}

// companies are those from first on.
func companies(side string, first, n int, what string) []row {
	out := make([]row, n)
	for i := range out {
		k := first + i
		out[i] = row{key: fmt.Sprintf("%s-%d", side, k), name: fmt.Sprintf("架空商店%d %s", k, side), kana: fmt.Sprintf("かくうしょうてん%d", k),
			industry: "小売", description: fmt.Sprintf("%sの記録。架空のもの。", what), staff: int64(k % 300)}
	}
	return out
}

// prepare enters the area in which all companies are, and makes the indexes.
func prepare(ctx context.Context, e *edit.Editor, n *served.Neo4j) (area string, err error) {
	report, err := e.Upsert(ctx, bench, []edit.Row{{Kind: "Area", Key: "area", Fields: map[string]any{"name": "架空市", "level": "MUNICIPALITY", "areaCode": "202151"}}}, edit.UpsertOptions{})
	if err != nil {
		return "", err
	}
	return string(report.IDs[0]), n.Store.Replan(ctx)
}

var bench = edit.Intent{Viewer: network.Admin("bench"), Reason: "bench"}

func throughEditor(ctx context.Context, e *edit.Editor, rows []row) error {
	in := make([]edit.Row, len(rows))
	for i, r := range rows {
		in[i] = edit.Row{Kind: "Company", Key: r.key, Refs: map[string][]string{"area": {"202151"}},
			Fields: map[string]any{"name": r.name, "nameKana": r.kana, "industry": r.industry, "description": r.description, "staff": r.staff}}
	}
	_, err := e.Upsert(ctx, bench, in, edit.UpsertOptions{})
	return err
}
