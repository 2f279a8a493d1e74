package answer

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
)

// sectors puts each node of a network into one of the sectors of a dimension.
type sectors struct {
	analysis.Partition
	dimension string
	list      []sector
}

type sector struct {
	value  string // "" for none
	ja, en string
	rank   int // orders sectors before their labels do
}

// sectorsBy makes the sectors of a dimension: kinds and types in the order of
// the registry, areas by name, none last.
func (l *loaded) sectorsBy(dimension string) *sectors {
	of := make([]sector, len(l.ids))
	number := map[string]int32{}
	s := &sectors{dimension: dimension}
	for v := range of {
		of[v] = l.sectorOf(int32(v), dimension)
		if _, known := number[of[v].value]; !known {
			number[of[v].value] = 0
			s.list = append(s.list, of[v])
		}
	}
	slices.SortFunc(s.list, func(a, b sector) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.ja, b.ja), cmp.Compare(a.value, b.value))
	})
	for i, x := range s.list {
		number[x.value] = int32(i)
	}
	s.Partition = analysis.Partition{Of: make([]int32, len(of)), Groups: len(s.list)}
	for v, x := range of {
		s.Of[v] = number[x.value]
	}
	return s
}

// houses tells whether a dimension needs to know where people hold posts.
func houses(dimension string) bool { return dimension == "AFFILIATION" }

func (l *loaded) sectorOf(v int32, dimension string) sector {
	switch dimension {
	case "AREA", "MUNICIPALITY":
		area, _ := l.values[v][0].(string)
		return l.areaSector(network.ID(area), dimension == "MUNICIPALITY")
	case "AFFILIATION":
		if homes := l.homes[v]; len(homes) > 0 {
			v = homes[0]
		}
	case "ORGANIZATION_TYPE":
		if t, ok := l.values[v][1].(string); ok {
			i := slices.IndexFunc(network.OrganizationTypeEnum.Values, func(o network.EnumOption) bool { return o.Value == t })
			return sector{t, network.OrganizationTypeEnum.Label(t), words(t), 100*l.kinds[v].Index() + i}
		}
	}
	return kindSector(l.kinds[v])
}

func kindSector(k *network.Kind) sector {
	return sector{network.ScreamingName(k.Name), k.JA, words(k.Name), 100 * k.Index()}
}

// areaSector is an area, or the municipality it lies in. A parent that may not
// be seen ends the way up.
func (l *loaded) areaSector(id network.ID, municipality bool) sector {
	area, known := l.areas[id]
	for at, seen := id, 0; municipality && known && seen < len(l.areas); seen++ {
		row := l.areas[at]
		if !row.Found() {
			break
		}
		if row.Str("level") == "MUNICIPALITY" {
			id, area = at, row
			break
		}
		at = row.Ref("parent")
	}
	if !known {
		return sector{"", "地域の記載なし", "no area", 1}
	}
	return sector{string(id), area.Str("name"), area.Str("name"), 0}
}

// words makes a text of a name: CityDepartment is City department, NON_PROFIT
// Non profit.
func words(name string) string {
	if name == strings.ToUpper(name) {
		name = strings.ToLower(name)
	}
	var b strings.Builder
	for i, r := range name {
		switch {
		case i == 0:
			r = unicode.ToUpper(r)
		case r == '_':
			r = ' '
		case unicode.IsUpper(r):
			b.WriteByte(' ')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (s *sectors) sector(i int32) any {
	x := s.list[i]
	return object("Sector", map[string]any{"dimension": s.dimension, "value": orNil(x.value), "label": plan.Localized{"JA": x.ja, "EN": x.en}})
}

// nobody is the number of a sector in which there is nobody.
const nobody = -1

// find is the number of the sector with a value, nobody when it is one of the
// dimension but empty here. The error tells of a value that is none.
func (l *loaded) find(s *sectors, value string) (int32, error) {
	if i := slices.IndexFunc(s.list, func(x sector) bool { return x.value == value }); i >= 0 {
		return int32(i), nil
	}
	switch s.dimension {
	case "AREA", "MUNICIPALITY":
		if l.areas[network.ID(value)].Found() {
			return nobody, nil
		}
		return 0, network.Errorf(network.NotFound, "there is no area with this id")
	case "ORGANIZATION_TYPE":
		if network.OrganizationTypeEnum.Has(value) {
			return nobody, nil
		}
	}
	if _, err := plan.Stakeholders([]string{value}); err != nil {
		return 0, network.Errorf(network.InvalidValue, "this is no sector by %s", s.dimension)
	}
	return nobody, nil
}

// members are the nodes of a sector.
func (s *sectors) members(i int32) []int32 {
	var out []int32
	for v, c := range s.Of {
		if c == i {
			out = append(out, int32(v))
		}
	}
	return out
}

// shares tells how much of a group is of which sector, the largest share first.
func (s *sectors) shares(nodes []int32) []any {
	count := make([]int, s.Groups)
	for _, v := range nodes {
		count[s.Of[v]]++
	}
	var order []int32
	for i, n := range count {
		if n > 0 {
			order = append(order, int32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(count[b], count[a]) })
	return list(order, func(i int32) any {
		return object("SectorShare", map[string]any{"sector": s.sector(i), "stakeholders": count[i], "share": real(float64(count[i]) / float64(len(nodes)))})
	})
}
