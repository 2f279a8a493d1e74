package neo4j

import (
	"maps"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// place is where in a statement a collection stands, as far as its text depends
// on that.
type place struct {
	v, from, far string
	tie          bool
	vars, params int
	asOf, levels bool // these parameters are there already
	role         network.Role
}

// piece is the part of a statement that a collection became.
type piece struct {
	kinds        []*network.Kind // of the record it hangs on
	text         string
	vars         int
	params       map[string]any // but for asOf and levels
	ids          string         // the parameter with the IDs of records by ID: the first
	asOf, levels bool
	grouped      bool
}

const (
	asOfName   = "asOf"
	levelsName = "levels"
)

// child is the value of a root, or of a collection below a record. One that stays
// as it is was written before, as a rule: for the same place it is the same text.
func (c *compiler) child(l *store.Collection, s scope) string {
	if l.Kept == nil || c.asOf >= network.MaxDate { // on that day nothing holds
		return c.collection(l, s)
	}
	at := place{s.v, s.from, s.far, s.tie, c.vars, len(c.params), c.params[asOfName] != nil, c.params[levelsName] != nil, c.viewer.Role}
	if p, _ := l.Kept.Get(at).(*piece); p != nil && slices.Equal(p.kinds, s.kinds) {
		c.put(p, l)
		return p.text
	}
	p := &piece{kinds: s.kinds, params: map[string]any{}}
	if l.Source.Op == store.ByID {
		p.ids = paramName(len(c.params))
	}
	before, grouped, calls := c.params, c.grouped, len(c.calls)
	c.params, c.grouped = maps.Clone(before), false
	p.text = c.collection(l, s)
	for name, v := range c.params {
		if _, was := before[name]; !was && name != asOfName && name != levelsName && name != p.ids {
			p.params[name] = v
		}
	}
	p.vars, p.grouped = c.vars, c.grouped
	p.asOf, p.levels = c.params[asOfName] != nil, c.params[levelsName] != nil
	c.grouped = c.grouped || grouped
	if len(c.calls) == calls {
		l.Kept.Put(at, p)
	}
	return p.text
}

// put goes on after a piece.
func (c *compiler) put(p *piece, l *store.Collection) {
	if p.ids != "" {
		c.params[p.ids] = native(idList(l.Source.IDs))
	}
	maps.Copy(c.params, p.params)
	if p.asOf {
		c.asOfParam()
	}
	if p.levels {
		c.levels()
	}
	c.vars, c.grouped = p.vars, c.grouped || p.grouped
}
