package exchange

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
)

var update = flag.Bool("update", false, "write the golden files anew")

// written are the parts of a network in a format.
func written(t interface{ Fatal(...any) }, f *Format, n *Network) [][]byte {
	var out [][]byte
	for _, p := range f.Parts {
		var b bytes.Buffer
		if err := p.Write(&b, n); err != nil {
			t.Fatal(f.Name, err)
		}
		out = append(out, b.Bytes())
	}
	return out
}

func readBack(f *Format, parts [][]byte) (*Network, error) {
	var readers []io.Reader
	for _, p := range parts {
		readers = append(readers, bytes.NewReader(p))
	}
	return f.Read(readers...)
}

// sameBack writes, reads, compares, and writes again to the same bytes.
func sameBack(t interface{ Fatal(...any) }, f *Format, n *Network) {
	parts := written(t, f, n)
	back, err := readBack(f, parts)
	if err != nil {
		t.Fatal(f.Name, err)
	}
	if d := differences(back, n); len(d) > 0 {
		t.Fatal(f.Name, strings.Join(d[:min(len(d), 5)], "\n"))
	}
	for i, p := range written(t, f, back) {
		if !bytes.Equal(p, parts[i]) {
			t.Fatal(f.Name, "the second writing differs")
		}
	}
}

func golden(f *Format, p Part) string {
	name := p.Name
	if name == "" {
		name = f.Name + map[string]string{"gexf": ".gexf", "graphml": ".graphml"}[f.Name]
		if !strings.Contains(name, ".") {
			name += ".json"
		}
	}
	return filepath.Join("testdata", name)
}

func TestGoldenFiles(t *testing.T) {
	for _, f := range Formats() {
		for i, got := range written(t, f, small()) {
			name := golden(f, f.Parts[i])
			if *update {
				if err := os.WriteFile(name, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not what is written now (%v); if that is right, run the test with -update\n%s", name, err, got)
			}
		}
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	for _, f := range Formats() {
		t.Run(f.Name, func(t *testing.T) {
			n := small()
			if f.Name == "gephi-csv" {
				n.NodeAttributes = n.NodeAttributes[:9] // tables say nothing of types
				for i := range n.Nodes {
					n.Nodes[i].Values = n.Nodes[i].Values[:9]
				}
			}
			sameBack(t, f, n)
			sameBack(t, f, &Network{AllTime: true})
			sameBack(t, f, &Network{Revision: 1, AsOf: network.MustPartialDate("2024-02-01"), AllTime: true, Nodes: []Node{{ID: "a", Label: "a"}}})
		})
	}
}
