package exchange

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// table collects the values of records whose attributes are found on the way.
// It gives them the type of the registry, else the one the file declares, else
// one that fits all the values there are.
type table struct {
	known  known
	slots  map[string]int
	cells  []cells
	values [][]any // by record; a short one has nothing more
}

// cells are the attribute at one place of a row.
type cells struct {
	Attribute      // Type 0: the values are raw and not yet typed
	forms     form // of the raw values seen
}

// form is the way a raw value is written.
type form uint8

const (
	textForm form = 1 << iota
	integerForm
	realForm
	booleanForm
	listForm
)

// declare says what the file says of an attribute.
func (t *table) declare(name string, typ AttributeType) *network.Error {
	_, err := t.slot(name, typ)
	return err
}

// attributeName keeps clear of the names that the formats use themselves, and of
// those that Kumu would take for one of ours.
func attributeName(name string) string {
	if strings.EqualFold(name, weightName) {
		return weightName
	}
	ours := kumuFields[strings.ToLower(words(name))]
	if slices.Contains(reserved, strings.ToLower(name)) || ours != "" && ours != name {
		return name + "_"
	}
	return name
}

func (t *table) slot(name string, typ AttributeType) (int, *network.Error) {
	name = attributeName(name)
	if i, there := t.slots[name]; there {
		return i, nil
	}
	if len(t.cells) == maxColumns {
		return 0, network.Errorf(network.TooLarge, "there are more than %d attributes", maxColumns)
	}
	if k := t.known[name].typ; k != 0 {
		typ = k
	}
	if t.slots == nil {
		t.slots = map[string]int{}
	}
	t.slots[name] = len(t.cells)
	t.cells = append(t.cells, cells{Attribute: Attribute{name, typ}})
	return len(t.cells) - 1, nil
}

// add takes the values of one more record.
func (t *table) add(m map[string]any) *network.Error {
	var row []any
	for _, name := range sortedNames(m) {
		raw := m[name]
		if raw == nil || raw == "" {
			continue
		}
		slot, err := t.slot(name, 0)
		if err != nil {
			return err
		}
		v, err := t.cells[slot].take(raw)
		if err != nil {
			return err.At(name)
		}
		for len(row) <= slot {
			row = append(row, nil)
		}
		row[slot] = v
	}
	t.values = append(t.values, row)
	return nil
}

func (c *cells) take(raw any) (any, *network.Error) {
	if c.Type != 0 {
		return valueOf(c.Type, raw)
	}
	switch raw := raw.(type) {
	case bool:
		c.forms |= booleanForm
	case []any:
		if len(raw) == 0 {
			return nil, nil
		}
		c.forms |= listForm
	case string:
		c.forms |= textForm
	case json.Number:
		if _, err := raw.Int64(); err == nil {
			c.forms |= integerForm
		} else {
			c.forms |= realForm
		}
	default:
		return nil, network.Errorf(network.InvalidValue, "a value of this form is not read")
	}
	return raw, nil
}

// fits is the type that holds all forms.
func (f form) fits() AttributeType {
	switch f {
	case integerForm:
		return IntegerValue
	case realForm, realForm | integerForm:
		return RealValue
	case booleanForm:
		return BooleanValue
	}
	if f&listForm != 0 {
		return ListValue
	}
	return TextValue
}

// finish types what is raw, and gives every record its values in the order of
// the attributes it returns: only those for which something has a value.
func (t *table) finish(set func(i int, values []any)) ([]Attribute, *network.Error) {
	used := make([]bool, len(t.cells))
	for _, row := range t.values {
		for slot, v := range row {
			c := &t.cells[slot]
			if c.Type == 0 && v != nil {
				typed, err := valueOf(c.forms.fits(), v)
				if err != nil {
					return nil, err.At(c.Name)
				}
				row[slot] = typed
			}
			used[slot] = used[slot] || row[slot] != nil
		}
	}
	order := make([]int, 0, len(t.cells))
	for slot := range t.cells {
		if c := &t.cells[slot]; used[slot] {
			if c.Type == 0 {
				c.Type = c.forms.fits()
			}
			if !weighs(c.Attribute) {
				c.Name += "_"
			}
			order = append(order, slot)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return t.known.compare(t.cells[a].Attribute, t.cells[b].Attribute) })
	var out []Attribute
	for _, slot := range order {
		out = append(out, t.cells[slot].Attribute)
	}
	for i, row := range t.values {
		set(i, arranged(row, order))
	}
	return out, nil
}

func arranged(row []any, order []int) []any {
	if len(order) == 0 {
		return nil
	}
	values := make([]any, len(order))
	for i, slot := range order {
		if slot < len(row) {
			values[i] = row[slot]
		}
	}
	return values
}
