package exchange

import (
	"bytes"
	"testing"
)

// fuzz holds that a reader takes anything without falling over, that what it
// gives is good, and that this is read back.
func fuzz(f *testing.F, format string) {
	at := FormatNamed(format)
	separator := []byte("\n\x00\n")
	for _, n := range []*Network{small(), {}} {
		f.Add(bytes.Join(written(f, at, n), separator))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		parts := bytes.SplitN(data, separator, len(at.Parts))
		n, err := readBack(at, parts)
		if err != nil {
			return
		}
		if err := n.Check(); err != nil {
			t.Fatal(err)
		}
		sameBack(t, at, n)
	})
}

func FuzzGEXF(f *testing.F)      { fuzz(f, "gexf") }
func FuzzGraphML(f *testing.F)   { fuzz(f, "graphml") }
func FuzzKumu(f *testing.F)      { fuzz(f, "kumu") }
func FuzzCytoscape(f *testing.F) { fuzz(f, "cytoscape") }
func FuzzNodeLink(f *testing.F)  { fuzz(f, "node-link") }
func FuzzGephiCSV(f *testing.F)  { fuzz(f, "gephi-csv") }
