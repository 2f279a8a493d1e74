package plan

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// page reads first, after, last and before; most is the largest page.
func (a *listArgs) page(args map[string]any, most int) error {
	first, hasFirst, err := pageSize(args, "first", most)
	if err != nil {
		return err
	}
	last, hasLast, err := pageSize(args, "last", most)
	if err != nil {
		return err
	}
	switch {
	case hasFirst && hasLast:
		return network.Errorf(network.InvalidValue, "give first or last, not both").At("last")
	case hasLast:
		a.limit, a.backward = last, true
	case hasFirst:
		a.limit = first
	default:
		a.limit = DefaultFirst
		_, before := args["before"].(string)
		_, after := args["after"].(string)
		a.backward = before && !after
	}
	if s, ok := args["after"].(string); ok {
		if a.after, err = decodeCursor(s, a.signature, a.order); err != nil {
			return at(err, "after")
		}
	}
	if s, ok := args["before"].(string); ok {
		if a.before, err = decodeCursor(s, a.signature, a.order); err != nil {
			return at(err, "before")
		}
	}
	return nil
}

func pageSize(args map[string]any, name string, most int) (int, bool, error) {
	v, given := args[name]
	if !given || v == nil {
		return 0, false, nil
	}
	n, ok := intOf(v)
	if !ok || n < 0 || n > int64(most) {
		return 0, false, network.Errorf(network.OutOfRange, "must be 0 to %d; page on with after or before", most).At(name)
	}
	return int(n), true, nil
}

// WholeNumber reads a number of an argument; false when it is none.
func WholeNumber(v any) (int64, bool) { return intOf(v) }

func intOf(v any) (int64, bool) {
	switch n := v.(type) {
	case int64:
		return n, true
	case int:
		return int64(n), true
	case json.Number:
		i, err := n.Int64()
		return i, err == nil
	case float64:
		return int64(n), n == float64(int64(n))
	}
	return 0, false
}

// order reads orderBy; the usual order when it is not given.
func order(kinds []*network.Kind, raw any, usual []store.Order) ([]store.Order, error) {
	if m, one := raw.(map[string]any); one {
		raw = []any{m}
	}
	list, _ := raw.([]any)
	var out []store.Order
	for i, item := range list {
		m, _ := item.(map[string]any)
		name, _ := m["field"].(string)
		found := false
		for _, f := range network.Shared(kinds) {
			if f.Sortable && network.ScreamingName(f.Name) == name {
				out = append(out, store.Order{Field: f, Desc: m["direction"] == "DESC"})
				found = true
			}
		}
		if !found {
			return nil, network.Errorf(network.InvalidValue, "cannot be ordered by %q", name).At("orderBy", strconv.Itoa(i))
		}
	}
	if len(out) > 0 || list != nil {
		return out, nil
	}
	return usual, nil
}

// usualOrder is the default order of the kinds.
func usualOrder(kinds []*network.Kind) []store.Order {
	var out []store.Order
	for _, name := range kinds[0].Order {
		f := kinds[0].Field(strings.TrimPrefix(name, "-"))
		out = append(out, store.Order{Field: f, Desc: name[0] == '-'})
	}
	return out
}

func during(args map[string]any) (*network.DateRange, error) {
	m, ok := args["during"].(map[string]any)
	if !ok {
		return nil, nil
	}
	r := network.AllTime()
	for name, end := range map[string]*network.Date{"from": &r.From, "until": &r.Until} {
		if s, ok := m[name].(string); ok {
			d, err := network.ParseDate(s)
			if err != nil {
				return nil, at(err, "during", name)
			}
			*end = d
		}
	}
	if r.Until <= r.From {
		return nil, network.Errorf(network.InvalidDate, "until must be after from; until is exclusive").At("during", "until")
	}
	return &r, nil
}

// cursorSignature tells the cursors of different lists and orders apart.
func cursorSignature(where string, order []store.Order) uint32 {
	text := where
	for _, o := range order {
		text += "|" + o.Field.Name + strconv.FormatBool(o.Desc)
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(text))
	return h.Sum32()
}

type cursorText struct {
	Sig  uint32 `json:"s"`
	Rank int64  `json:"r"`
	Keys []any  `json:"k"`
}

// appendCursor appends the JSON string of a cursor: what cursorText reads, in
// base 64.
func appendCursor(out []byte, sig uint32, rank int64, keys []any) []byte {
	var room [128]byte
	text := strconv.AppendUint(append(room[:0], `{"s":`...), uint64(sig), 10)
	text = strconv.AppendInt(append(text, `,"r":`...), rank, 10)
	text = append(text, `,"k":`...)
	text = appendList(text, len(keys), func(text []byte, i int) []byte {
		if d, ok := keys[i].(network.Date); ok {
			return appendString(text, d.String())
		}
		return appendScalar(text, keys[i])
	})
	out = base64.RawURLEncoding.AppendEncode(append(out, '"'), append(text, '}'))
	return append(out, '"')
}

func decodeCursor(s string, sig uint32, order []store.Order) (*store.Cursor, error) {
	bad := network.Errorf(network.InvalidCursor, "this cursor is not from this list in this order; start again without it")
	data, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, bad
	}
	var t cursorText
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if d.Decode(&t) != nil || t.Sig != sig || len(t.Keys) != len(order)+1 {
		return nil, bad
	}
	c := &store.Cursor{Rank: t.Rank, Keys: make([]any, len(order))}
	for i, o := range order {
		key, ok := cursorKey(o.Field, t.Keys[i])
		if !ok {
			return nil, bad
		}
		c.Keys[i] = key
	}
	id, ok := t.Keys[len(order)].(string)
	if !ok {
		return nil, bad
	}
	c.ID = network.ID(id)
	return c, nil
}

func cursorKey(f *network.Field, v any) (any, bool) {
	if v == nil {
		return nil, true
	}
	switch f.Type {
	case network.Int:
		return intOf(v)
	case network.Dated:
		s, _ := v.(string)
		d, err := network.ParseDate(s)
		return d, err == nil
	}
	s, ok := v.(string)
	return s, ok
}

// FormatRevision is how a revision is shown: an opaque string.
func FormatRevision(r int64) string { return "r" + strconv.FormatInt(r, 10) }

// ParseRevision reads what FormatRevision wrote, and the number alone, as the log shows
// it.
func ParseRevision(s string) (int64, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "r"), 10, 63)
	if err != nil {
		return 0, network.Errorf(network.InvalidValue, "not a revision; take one from a revision field of an earlier answer")
	}
	return int64(n), nil
}
