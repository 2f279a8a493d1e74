package exchange

import (
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// jsonHandlers take parts of a file by their path: "graph" is the value of that
// key, "nodes[]" each element of a list, "elements.nodes[]" one deeper. The rest
// is passed over.
type jsonHandlers map[string]func(d *json.Decoder) error

func readJSON(r io.Reader, handlers jsonHandlers) error {
	d := json.NewDecoder(r)
	d.UseNumber()
	begin, err := d.Token()
	if err != nil {
		return errJSON(err)
	}
	if begin != json.Delim('{') {
		return network.Errorf(network.InvalidValue, "it is not a file of this format: it is no JSON object")
	}
	if err := handlers.object(d, ""); err != nil {
		return errJSON(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return network.Errorf(network.InvalidValue, "there is something after the end of the JSON object")
	}
	return nil
}

// errJSON says it in our words, but leaves the errors of the reader.
func errJSON(err error) error {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return network.Errorf(network.InvalidValue, "it is not good JSON: byte %d", syntax.Offset)
	case errors.As(err, &typ):
		return network.Errorf(network.InvalidValue, "there is a %s where something else belongs: byte %d", jsonForm(typ.Value), typ.Offset)
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return network.Errorf(network.InvalidValue, "it is not good JSON: it ends too early")
	}
	return err
}

// jsonForm drops the value from what the decoder says of it, as "number 5".
func jsonForm(s string) string {
	form, _, _ := strings.Cut(s, " ")
	return form
}

// object reads the inside of an object whose brace was read.
func (h jsonHandlers) object(d *json.Decoder, path string) error {
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		if err := h.member(d, path+key.(string)); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func (h jsonHandlers) member(d *json.Decoder, path string) error {
	if handle := h[path]; handle != nil {
		return handle(d)
	}
	inside := false
	for p := range h {
		inside = inside || strings.HasPrefix(p, path+".") || p == path+"[]"
	}
	if !inside {
		return d.Decode(new(json.RawMessage))
	}
	begin, err := d.Token()
	switch {
	case err != nil:
		return err
	case begin == nil:
		return nil
	case begin == json.Delim('{'):
		return h.object(d, path+".")
	case begin == json.Delim('[') && h[path+"[]"] != nil:
		return h.elements(d, path)
	}
	return network.Errorf(network.InvalidValue, "it is neither object nor list").At(path)
}

func (h jsonHandlers) elements(d *json.Decoder, path string) error {
	for d.More() {
		if err := h[path+"[]"](d); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// decodeJSON gives a handler the value as an object.
func decodeJSON(use func(map[string]any) error) func(*json.Decoder) error {
	return func(d *json.Decoder) error {
		m := map[string]any{}
		if err := d.Decode(&m); err != nil {
			return err
		}
		if m == nil {
			return network.Errorf(network.InvalidValue, "there is null where an object belongs")
		}
		return use(m)
	}
}

// readNodeLink reads node-link JSON; the edges stand under "links" or "edges".
// NetworkX numbers the edges between two nodes: such a key is no ID.
func readNodeLink(r io.Reader) (*Network, error) {
	b := newBuilder()
	link := decodeJSON(func(m map[string]any) error {
		if key, ok := m["key"].(string); ok && m["id"] == nil {
			m["id"] = key
		}
		delete(m, "key")
		return b.addTie("", m)
	})
	err := readJSON(r, jsonHandlers{
		"directed": func(d *json.Decoder) error {
			var directed bool
			err := d.Decode(&directed)
			b.allMutual = !directed
			return err
		},
		"graph":   decodeJSON(b.about),
		"nodes[]": decodeJSON(func(m map[string]any) error { return b.addNode("", m) }),
		"links[]": link,
		"edges[]": link,
	})
	if err != nil {
		return nil, err
	}
	return b.network()
}

// readCytoscape reads Cytoscape.js JSON, the elements by group or in one list.
func readCytoscape(r io.Reader) (*Network, error) {
	b := newBuilder()
	node := func(m map[string]any) error { return b.addNode(keyIn(m), m) }
	tie := func(m map[string]any) error { return b.addTie("", m) }
	element := func(use func(map[string]any) error) func(*json.Decoder) error {
		return decodeJSON(func(m map[string]any) error {
			data, ok := m["data"].(map[string]any)
			if !ok {
				return network.Errorf(network.Required, "an element has data")
			}
			return use(data)
		})
	}
	err := readJSON(r, jsonHandlers{
		"data": func(d *json.Decoder) error {
			var about any
			if err := d.Decode(&about); err != nil {
				return err
			}
			m, _ := about.(map[string]any) // NetworkX writes a list of pairs
			return b.about(m)
		},
		"elements.nodes[]": element(node),
		"elements.edges[]": element(tie),
		"elements[]": element(func(m map[string]any) error {
			if m["source"] != nil {
				return tie(m)
			}
			return node(m)
		}),
	})
	if err != nil {
		return nil, err
	}
	return b.network()
}

// readKumu reads a blueprint. A connection names its ends by ID, or by label
// where the element has no ID.
func readKumu(r io.Reader) (*Network, error) {
	b := newBuilder()
	err := readJSON(r, jsonHandlers{
		"musubi": decodeJSON(b.about),
		"elements[]": decodeJSON(func(m map[string]any) error {
			m = fromKumu(m)
			if m["id"] == nil {
				m["id"] = m["label"]
			}
			return b.addNode(keyIn(m), m)
		}),
		"connections[]": decodeJSON(func(m map[string]any) error { return b.addTie("", fromKumu(m)) }),
	})
	if err != nil {
		return nil, err
	}
	return b.network()
}

func fromKumu(m map[string]any) map[string]any {
	out := make(map[string]any, len(m))
	for name, v := range m {
		if ours := kumuFields[strings.ToLower(name)]; ours != "" {
			name = ours
		}
		out[name] = v
	}
	return out
}

// keyIn is what ties call the node, when it is text.
func keyIn(m map[string]any) string {
	v, _ := valueOf(TextValue, m["id"])
	s, _ := v.(string)
	return s
}
