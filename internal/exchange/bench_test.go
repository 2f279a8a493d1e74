package exchange

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

// large is a network of 20,000 nodes and 100,000 ties with the usual values.
func large() *Network {
	n := &Network{Revision: 1, AsOf: network.MustPartialDate("2024-02-01"),
		NodeAttributes: []Attribute{{"visibility", TextValue}, {"nameKana", TextValue}, {"area", TextValue}, {"topics", ListValue}},
		TieAttributes:  []Attribute{{"strength", IntegerValue}, {"lastContact", DateValue}, {"status", TextValue}}}
	for i := range 20_000 {
		n.Nodes = append(n.Nodes, Node{ID: network.ID(fmt.Sprintf("%026d", i)), Kind: "Company", Label: fmt.Sprintf("架空%d社（架空）", i),
			Values: []any{"PUBLIC", "かくう", "塩尻市", []string{"キャリア教育", "面談"}}})
	}
	kinds := network.TieKinds()
	for i := range 100_000 {
		kind := kinds[i%len(kinds)]
		n.Ties = append(n.Ties, Tie{ID: network.ID(fmt.Sprintf("%026d", 20_000+i)), Kind: kind.Name, Subject: int32(i % 20_000), Object: int32(i * 7 % 19_999), Mutual: kind.Mutual,
			Span: network.Span{From: network.MustPartialDate("2022-04-01")}, Values: []any{int64(i%5 + 1), network.MustPartialDate("2024-01"), "CONFIRMED"}})
	}
	return n
}

func BenchmarkWrite(b *testing.B) {
	n := large()
	for _, f := range Formats() {
		b.Run(f.Name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				for _, p := range f.Parts {
					if err := p.Write(io.Discard, n); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkRead(b *testing.B) {
	n := large()
	for _, f := range Formats() {
		b.Run(f.Name, func(b *testing.B) {
			parts := written(b, f, n)
			b.SetBytes(int64(len(bytes.Join(parts, nil))))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := readBack(f, parts); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
