package rolemap

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/musubi-map/musubi/internal/network"
)

// Likeable is a stakeholder as it is held against others that may be the same.
type Likeable struct {
	ID   network.ID
	Kind *network.Kind
	// Name is the present name, Others former names and aliases.
	Name, Kana string
	Others     []string
	// Codes are its unique values, by field.
	Codes            map[string]string
	Website, Contact string
	Area             network.ID
	Span             network.Span
	// Filled is how many fields have a value.
	Filled int
}

// Duplicates are two stakeholders that may be the same. Keep has more fields
// filled, or as many and the smaller ID; a career consultant is kept before a
// person.
type Duplicates struct {
	Keep, Duplicate network.ID
	Score           float64
	Reasons         []Reason
}

// duplicatePoints are what each likeness adds. They stand in docs/rankings.md.
var duplicatePoints = map[string]float64{
	"SAME_CODE": 90, "SAME_NAME": 70, "SAME_ALIAS": 55, "LIKE_NAME": 40, "SAME_READING": 25,
	"SAME_WEBSITE": 45, "SAME_CONTACT": 45, "SAME_AREA": 5,
	"DIFFERENT_CODE": -60, "DIFFERENT_AREA": -20, "DIFFERENT_TIME": -25,
}

const (
	// personShare is how much a name says of people: many share theirs.
	personShare = 0.75
	// leastLikeness is the score from which two are named.
	leastLikeness = 50
	// crowd is how many may share a key before it says nothing: 校長室 is no name.
	crowd = 50
	// leastLike is how many characters a name has at least that is compared with
	// those that differ in one.
	leastLike = 4
)

// Duplicated finds the stakeholders that may be the same: surest first, then by
// ID. It looks at those only that share a name, a reading, a code, a web site or
// a contact, so its time grows with their number and not with its square.
func Duplicated(ctx context.Context, all []Likeable) ([]Duplicates, error) {
	f := likenesses{all: all, keys: make([]likeKeys, len(all)), pairs: map[[2]int]bool{}}
	buckets := map[string][]int{}
	for i := range all {
		f.keys[i] = keysOf(&all[i])
		for _, key := range f.keys[i].all() {
			buckets[key] = append(buckets[key], i)
		}
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	for _, members := range buckets {
		f.meet(members)
	}
	var out []Duplicates
	for p := range f.pairs {
		if d := f.weigh(p[0], p[1]); d.Score >= leastLikeness {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b Duplicates) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Keep, b.Keep), cmp.Compare(a.Duplicate, b.Duplicate))
	})
	return out, ctx.Err()
}

// likenesses are the pairs that share something.
type likenesses struct {
	all   []Likeable
	keys  []likeKeys
	pairs map[[2]int]bool
}

// meet notes the pairs among those that share a key.
func (f *likenesses) meet(members []int) {
	members = slices.Compact(members)
	if len(members) > crowd {
		return
	}
	for i, a := range members {
		for _, b := range members[i+1:] {
			if a != b && mayBeOne(f.all[a].Kind, f.all[b].Kind) {
				f.pairs[[2]int{min(a, b), max(a, b)}] = true
			}
		}
	}
}

// mayBeOne tells of kinds whose records can be merged.
func mayBeOne(a, b *network.Kind) bool {
	return a == b || a.Is(network.OrganizationInterface) && b.Is(network.OrganizationInterface) || a.Is(network.IndividualInterface) && b.Is(network.IndividualInterface)
}

func (f *likenesses) weigh(i, j int) Duplicates {
	a, b := &f.all[i], &f.all[j]
	if b.keptBefore(a) {
		a, b, i, j = b, a, j, i
	}
	var rs reasons
	both := []network.ID{a.ID, b.ID}
	say := func(rule, en, ja string) {
		points := duplicatePoints[rule]
		if points > 0 && a.Kind.Is(network.IndividualInterface) && rule != "SAME_CODE" && rule != "SAME_CONTACT" {
			points *= personShare
		}
		rs.add(rule, points, Text{en, ja}, both...)
	}
	f.codes(a, b, say)
	f.names(i, j, say)
	same := func(x, y string) bool { return x != "" && network.Fold(x) == network.Fold(y) }
	if same(a.Website, b.Website) {
		say("SAME_WEBSITE", "they have the same web site", "ウェブサイトが同じです")
	}
	if same(a.Contact, b.Contact) {
		say("SAME_CONTACT", "they are reached in the same way", "連絡先が同じです")
	}
	switch {
	case a.Area == "" || b.Area == "":
	case a.Area == b.Area:
		say("SAME_AREA", "they are in the same area", "地域が同じです")
	default:
		say("DIFFERENT_AREA", "they are in different areas", "地域が違います")
	}
	if a.Span.Stop() <= b.Span.Start() || b.Span.Stop() <= a.Span.Start() {
		say("DIFFERENT_TIME", "one ended before the other began", "一方が終わってから他方が始まっています")
	}
	d := Duplicates{Keep: a.ID, Duplicate: b.ID}
	d.Score = math.Min(rs.sum(), 100)
	d.Reasons = rs
	return d
}

func (l *Likeable) keptBefore(o *Likeable) bool {
	if l.Kind != o.Kind && l.Kind.Is(network.IndividualInterface) {
		return l.Kind.Name == "CareerConsultant"
	}
	return cmp.Or(cmp.Compare(o.Filled, l.Filled), cmp.Compare(l.ID, o.ID)) < 0
}

func (f *likenesses) codes(a, b *Likeable, say func(rule, en, ja string)) {
	same, other := false, false
	for field, code := range a.Codes {
		if theirs := b.Codes[field]; theirs != "" {
			same, other = same || theirs == code, other || theirs != code
		}
	}
	switch {
	case same:
		say("SAME_CODE", "they have the same code", "番号が同じです")
	case other:
		say("DIFFERENT_CODE", "their codes differ", "番号が違います")
	}
}

// names says the strongest of what their names have in common, and the reading
// when the names are written otherwise.
func (f *likenesses) names(i, j int, say func(rule, en, ja string)) {
	a, b := &f.keys[i], &f.keys[j]
	switch {
	case a.name == b.name:
		say("SAME_NAME", "their names are the same but for spelling", "表記の揺れを除けば名称が同じです")
		return
	case slices.Contains(b.others, a.name), slices.Contains(a.others, b.name):
		say("SAME_ALIAS", "one is also called, or was called, like the other", "一方の別名や旧称が他方の名称です")
	case oneApart(a.name, b.name):
		say("LIKE_NAME", "their names differ in one character", "名称が一文字だけ違います")
	}
	if a.kana != "" && a.kana == b.kana {
		say("SAME_READING", "their names are read alike", "よみが同じです")
	}
}
