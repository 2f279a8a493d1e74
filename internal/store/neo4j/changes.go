package neo4j

import (
	"context"
	"iter"
	"maps"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// changesPerPage is how many log entries one statement reads.
const changesPerPage = 500

// Properties of a log entry beside the fields of its kind.
const (
	seqProperty        = "seq"
	beforeKindProperty = "beforeKind"
	versionProperty    = "recordVersion"
	markProperty       = "mark" // of the Apply, on the first entry of a batch
	// What the sight of an entry hangs on beside its visibility: see store.Change.
	partiesProperty  = "parties"
	personalProperty = "personal"
	refsProperty     = "refs"
)

// Changes reads the log page by page until it has caught up.
func (s *Store) Changes(ctx context.Context, v network.Viewer, since int64) iter.Seq2[*store.Change, error] {
	return func(yield func(*store.Change, error) bool) {
		c := newCompiler(v, 0)
		text := "RETURN COLLECT { MATCH (n:_Change) WHERE " + allOf([]string{"n.id > $last", c.seesLogged("n")}) +
			" WITH n ORDER BY n.id LIMIT $size RETURN properties(n) } AS answer"
		// No entry of a revision has the greatest seq.
		c.params["last"], c.params["size"] = string(store.ChangeID(since, 1<<28-1)), int64(changesPerPage)
		for {
			page, err := s.read(ctx, "changes", text, c.params)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, e := range page {
				change, err := decodeChange(e)
				if err != nil {
					yield(nil, err)
					return
				}
				if !yield(change, nil) {
					return
				}
				c.params["last"] = string(change.ID())
			}
			if len(page) < changesPerPage {
				return
			}
		}
	}
}

// encodeChange is the node of a log entry.
func encodeChange(c *store.Change) (map[string]any, error) {
	entry, err := c.Entry()
	if err != nil {
		return nil, err
	}
	e, wrong := encode(entry, network.MustKind(network.ChangeRecord))
	if wrong != nil {
		return nil, wrong
	}
	e.props[seqProperty] = int64(c.Seq)
	e.props[versionProperty] = c.After.Version
	if c.Before != nil && c.Before.Kind != c.Kind {
		e.props[beforeKindProperty] = c.Before.Kind
	}
	maps.Copy(e.props, sightOf(c))
	return e.props, nil
}

func decodeChange(v any) (*store.Change, error) {
	props, _ := v.(map[string]any)
	str := func(name string) string { text, _ := props[name].(string); return text }
	num := func(name string) int64 { n, _ := props[name].(int64); return n }
	at, err := time.Parse(time.RFC3339Nano, str("at"))
	if err != nil {
		return nil, internalf("a log entry of revision %d has no time", num("revision"))
	}
	c := &store.Change{
		Revision: num("revision"), Seq: int(num(seqProperty)), At: at, Actor: str("actor"), Reason: str("reason"),
		Action: store.Action(str("action")), Record: network.ID(str("record")), Kind: str("recordKind"),
	}
	if c.After, err = decodeState(c, str("after"), c.Kind, num(versionProperty)); err != nil {
		return nil, err
	}
	if before := str("before"); before != "" {
		kind := c.Kind
		if k := str(beforeKindProperty); k != "" {
			kind = k
		}
		c.Before, err = decodeState(c, before, kind, num(versionProperty)-1)
	}
	return c, err
}

func decodeState(c *store.Change, data, kind string, version int64) (*network.Record, error) {
	r := &network.Record{ID: c.Record, Kind: kind, Version: version}
	if err := r.UnmarshalFields([]byte(data)); err != nil {
		return nil, internalf("a log entry of revision %d cannot be read: %v", c.Revision, err)
	}
	return r, nil
}
