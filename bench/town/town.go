// Package town makes up maps of any size from one town to the whole nation, to
// measure on. Everything in them is invented (架空): names, codes, people.
//
// A map is a stream of records in which each refers to earlier ones only. The same
// options give the same records in the same order, and nothing is kept but the
// municipality at hand, so that the nation streams in the memory of a town. It is
// uneven as real maps are: municipalities differ in size by two orders, few
// stakeholders have many ties and many have few, and most ties stay within their
// municipality.
package town

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// Nation is how many municipalities Japan has.
const Nation = 1741

// Today is the day the maps are drawn up on: what has ended did so before.
const Today = "2024-02-01"

// What the nation has in all; a map of fewer municipalities has their share.
const (
	schools     = 36_000
	sections    = 30 * Nation
	companies   = 200_000
	councils    = 2 * Nation
	nonProfits  = 3 * Nation
	facilities  = 2 * Nation
	people      = 300 * Nation
	consultants = 80_000
	initiatives = 3 * Nation
	wants       = 20 * Nation // needs, and as many offers
	ties        = 5_000_000
)

// Options say which map. The zero value is one town.
type Options struct {
	// Seed makes one map differ from another of the same size.
	Seed uint64
	// Municipalities is how many there are, 1 to Nation; 0 stands for 1.
	Municipalities int
}

// Map is a map that can be streamed, and asked what is in it, without keeping it.
type Map struct {
	seed  uint64
	towns []layout
}

// New lays a map out. It fails when there are too many municipalities.
func New(o Options) (*Map, error) {
	n := max(o.Municipalities, 1)
	if n > Nation {
		return nil, fmt.Errorf("town: %d municipalities; there are %d", n, Nation)
	}
	m := &Map{seed: o.Seed, towns: make([]layout, n)}
	share := newShares(o.Seed, n)
	next := uint64(firstMunicipality)
	for i := range m.towns {
		m.towns[i] = layOut(share, i, next)
		next += m.towns[i].size()
	}
	return m, nil
}

// Records streams the map.
func (m *Map) Records() iter.Seq[*network.Record] {
	return func(yield func(*network.Record) bool) {
		s := &stream{yield: yield}
		m.common(s)
		for i := range m.towns {
			if s.stopped {
				return
			}
			t := &builder{Map: m, stream: s, index: i, layout: &m.towns[i], r: rand.New(rand.NewPCG(m.seed, uint64(i)))}
			t.build()
		}
	}
}

// stream hands records on until the reader has enough.
type stream struct {
	yield   func(*network.Record) bool
	stopped bool
}

func (s *stream) put(id network.ID, kind string, fields map[string]any) {
	if !s.stopped {
		s.stopped = !s.yield(&network.Record{ID: id, Kind: kind, Version: 1, Fields: fields})
	}
}

// shares divides a whole among municipalities by their weight, so that the parts
// add up to it exactly.
type shares struct{ upTo []float64 }

func newShares(seed uint64, n int) *shares {
	r := rand.New(rand.NewPCG(seed, 1<<32))
	s := &shares{upTo: make([]float64, n+1)}
	for i := range n {
		// A Pareto tail, cut where the greatest cities are.
		s.upTo[i+1] = s.upTo[i] + math.Min(math.Pow(1-r.Float64(), -0.7), 60)
	}
	return s
}

// of is the part of municipality i of what the nation has, at least one.
func (s *shares) of(nation, i int) int {
	n := len(s.upTo) - 1
	total := float64(nation) * float64(n) / Nation
	at := func(j int) int { return int(math.Round(total * s.upTo[j] / s.upTo[n])) }
	return max(at(i+1)-at(i), 1)
}

// idDigits keep the order of numbers in the order of IDs, as network.NewID does.
const idDigits = "0123456789abcdefghijklmnopqrstuv"

// idAt is the ID of the record with this number: 26 characters, as long as real
// ones, in order of the numbers.
func idAt(number uint64) network.ID {
	var b strings.Builder
	b.WriteString("01town")
	for shift := 35; shift >= 0; shift -= 5 {
		b.WriteByte(idDigits[number>>shift&31])
	}
	noise := (number + 1) * 0x9e3779b97f4a7c15
	noise ^= noise >> 29
	for range 12 {
		b.WriteByte(idDigits[noise&31])
		noise = noise>>5 | noise<<59
	}
	return network.ID(b.String())
}
