package memory

import (
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// day is a date as rows and comparisons want it. There is one for all records.
type day struct {
	date        network.PartialDate
	text        any // nil for none
	from, until any // network.Date: where it counts as a beginning, as an end; nil when it is unknown
}

// pool keeps what many records have in common once: dates, and short texts.
type pool struct {
	days  map[network.PartialDate]*day
	texts map[string]any
	// bulk says that very many will be made and all of them kept: they share
	// memory then, which is let go only as a whole.
	bulk  bool
	bytes strings.Builder
}

const (
	shortText  = 48      // bytes; longer ones are hardly ever alike
	mostTexts  = 1 << 16 // in a pool: most texts come again early or not at all
	chunkBytes = 1 << 16
)

func (p *pool) day(d network.PartialDate) *day {
	if known := p.days[d]; known != nil {
		return known
	}
	made := &day{date: d}
	if !d.IsZero() {
		made.text = d.Text()
		if d.Precision() != network.PrecisionUnknown {
			made.from, made.until = d.Earliest(), network.Span{Until: d}.Stop()
		}
	}
	if p.days == nil {
		p.days = map[network.PartialDate]*day{}
	}
	p.days[d] = made
	return made
}

// text is the string as a value, with memory of its own.
func (p *pool) text(s string) any {
	if len(s) > shortText {
		return p.keep(s)
	}
	if known, ok := p.texts[s]; ok {
		return known
	}
	s = p.keep(s)
	var value any = s
	if len(p.texts) < mostTexts {
		if p.texts == nil {
			p.texts = map[string]any{}
		}
		p.texts[s] = value
	}
	return value
}

// keep copies a string, in bulk into a chunk with others: nothing of what is
// restored is ever let go, the log has it all.
func (p *pool) keep(s string) string {
	if !p.bulk || len(s) > chunkBytes/16 {
		return strings.Clone(s)
	}
	if p.bytes.Cap()-p.bytes.Len() < len(s) {
		p.bytes = strings.Builder{}
		p.bytes.Grow(chunkBytes)
	}
	n := p.bytes.Len()
	p.bytes.WriteString(s)
	return p.bytes.String()[n:]
}

// slab hands out parts of arrays, for what is made in great number and kept.
type slab[T any] struct{ free []T }

func (s *slab[T]) take(n int) []T {
	if len(s.free) < n {
		s.free = make([]T, max(n, 2048))
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}
