package plan

import (
	"fmt"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// dimension is a value of StakeholderDimension or TieDimension: one or more of
// the store, and what the values of those are together, with a label.
type dimension struct {
	of  []store.Dimension
	key func(values, labels []any) (value, label any)
}

var stakeholderDimensions = func() map[string]dimension {
	person := network.MustKind("Person")
	return withLevels("", nil, map[string]dimension{
		"KIND":              {[]store.Dimension{{}}, kindKey},
		"AREA":              {[]store.Dimension{{Field: person.Field("area")}}, asItIs},
		"TOPIC":             {[]store.Dimension{{Field: person.Field("topics")}}, asItIs},
		"VISIBILITY":        {[]store.Dimension{{Field: person.Field("visibility")}}, enumKey(network.VisibilityEnum)},
		"RESIDENCE":         {[]store.Dimension{{Field: person.Field("residence")}}, asItIs},
		"ORIGIN":            {[]store.Dimension{{Field: person.Field("origin")}}, asItIs},
		"FROM_FISCAL_YEAR":  {[]store.Dimension{{Field: person.Field("from")}}, asItIs},
		"UNTIL_FISCAL_YEAR": {[]store.Dimension{{Field: person.Field("until")}}, asItIs},
	})
}()

var tieDimensions = func() map[string]dimension {
	tie, area := network.TieKindRecord(), network.MustKind("School").Field("area")
	subject, object := tie.Field("subject"), tie.Field("object")
	out := map[string]dimension{
		"KIND":              {[]store.Dimension{{Field: tie.Field("kind")}}, enumKey(network.TieKindEnum)},
		"SECTOR_PAIR":       {[]store.Dimension{{Via: subject}, {Via: object}}, pairKey},
		"SUBJECT_KIND":      {[]store.Dimension{{Via: subject}}, kindKey},
		"OBJECT_KIND":       {[]store.Dimension{{Via: object}}, kindKey},
		"SUBJECT_AREA":      {[]store.Dimension{{Via: subject, Field: area}}, asItIs},
		"OBJECT_AREA":       {[]store.Dimension{{Via: object, Field: area}}, asItIs},
		"STATUS":            {[]store.Dimension{{Field: tie.Field("status")}}, enumKey(network.StatusEnum)},
		"STRENGTH":          {[]store.Dimension{{Field: tie.Field("strength")}}, strengthKey},
		"FROM_FISCAL_YEAR":  {[]store.Dimension{{Field: tie.Field("from")}}, asItIs},
		"UNTIL_FISCAL_YEAR": {[]store.Dimension{{Field: tie.Field("until")}}, asItIs},
	}
	return withLevels("OBJECT_", object, withLevels("SUBJECT_", subject, out))
}()

// withLevels adds a dimension for each level of area but the lowest, to which no
// area can be taken up.
func withLevels(prefix string, via *network.Field, to map[string]dimension) map[string]dimension {
	area := network.MustKind("Area")
	for _, level := range network.AreaLevelEnum.Values {
		if level.Value == "LOCALITY" {
			continue
		}
		rise := &store.Rise{Up: area.Field("parent"), By: area.Field("level"), Value: level.Value}
		to[prefix+level.Value] = dimension{[]store.Dimension{{Via: via, Field: network.MustKind("School").Field("area"), Rise: rise}}, asItIs}
	}
	return to
}

func asItIs(values, labels []any) (value, label any) { return values[0], labels[0] }

func enumKey(e *network.Enum) func(values, labels []any) (value, label any) {
	return func(values, _ []any) (any, any) {
		if text, ok := values[0].(string); ok {
			return text, e.Label(text)
		}
		return nil, nil
	}
}

func kindKey(values, _ []any) (value, label any) {
	k := network.MustKind(values[0].(string))
	return network.ScreamingName(k.Name), k.JA
}

func strengthKey(values, _ []any) (value, label any) {
	if values[0] == nil {
		return nil, nil
	}
	return values[0], fmt.Sprint("強さ", values[0])
}

// pairKey is that of the kinds of both parties, whichever is subject.
func pairKey(values, _ []any) (value, label any) {
	a, b := network.MustKind(values[0].(string)), network.MustKind(values[1].(string))
	if b.Index() < a.Index() {
		a, b = b, a
	}
	text := a.JA + "と" + b.JA
	if a == b {
		text = a.JA + "どうし"
	}
	return network.ScreamingName(a.Name) + "-" + network.ScreamingName(b.Name), text
}
