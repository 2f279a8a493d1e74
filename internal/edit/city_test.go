package edit

import (
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// city is a city hall with sections that are reorganised, by name.
type city struct {
	*fixture
	id map[string]network.ID
}

// newCity: 甲課 and 乙課 have posts, ties, roles, needs and offers, some of them
// over, some yet to come.
func newCity(t *testing.T) *city {
	c := &city{newFixture(t), map[string]network.ID{}}
	add := func(name, kind string, raw m) {
		if network.MustKind(kind).Named() {
			raw["name"] = name
		}
		c.id[name] = c.create(kind, raw)
	}
	for _, name := range []string{"部", "甲課", "乙課", "丙課"} {
		add(name, "CityDepartment", m{})
	}
	add("旧課", "CityDepartment", m{"until": "2020-04-01"})
	add("学校", "School", m{})
	add("会社", "Company", m{})
	add("協議会", "Council", m{})
	add("花子", "Person", m{})
	add("次郎", "Person", m{})
	add("分野", "Topic", m{})
	add("甲課長", "Post", m{"organization": c.of("甲課"), "nameKana": "こうかちょう"})
	add("甲新職", "Post", m{"organization": c.of("甲課"), "from": "2025-04-01"})
	add("甲旧職", "Post", m{"organization": c.of("甲課"), "until": "2020-04-01"})
	add("乙係", "Post", m{"organization": c.of("乙課")})
	add("委員", "Post", m{"organization": c.of("協議会")})
	add("構想", "Initiative", m{"parties": []any{c.of("甲課"), c.of("学校")}})
	add("計画", "Initiative", m{"parties": []any{c.of("乙課"), c.of("甲課")}})
	add("相談", "Activity", m{"initiative": c.of("構想")})
	seat := func(person, post string, more m) {
		more["person"], more["post"] = c.of(person), c.of(post)
		add(person+post, "Occupancy", more)
	}
	seat("花子", "甲課長", m{"from": "2022-04-01", "importKey": "hanako"})
	seat("次郎", "甲課長", m{"from": "2024-10-01"})
	seat("次郎", "甲旧職", m{"until": "2020-04-01"})
	seat("次郎", "乙係", m{"onBehalfOf": c.of("甲課"), "until": "2025-04-01"})
	seat("花子", "委員", m{"onBehalfOf": c.of("甲課")})
	tie := func(kind, subject, object string, more m) {
		more["kind"], more["subject"], more["object"] = kind, c.of(subject), c.of(object)
		add(kind+subject+object, "Tie", more)
	}
	tie("PART_OF", "甲課", "部", m{})
	tie("PART_OF", "乙課", "部", m{})
	tie("SUPPORTS", "甲課", "会社", m{"strength": 4, "from": "2021"})
	tie("CONSULTS", "学校", "乙課", m{})
	tie("COLLABORATES_WITH", "甲課", "乙課", m{})
	tie("COLLABORATES_WITH", "乙課", "丙課", m{})
	tie("KNOWS", "甲課", "会社", m{"until": "2020"})
	tie("FUNDS", "甲課", "学校", m{"from": "2025-04-01"})
	tie("ADVISES", "乙課", "甲課", m{"from": "2025-04-01"})
	add("事務局", "RoleAssignment", m{"holder": c.of("甲課"), "initiative": c.of("構想"), "function": "SECRETARIAT"})
	add("実行", "RoleAssignment", m{"holder": c.of("甲課長"), "activity": c.of("相談"), "responsibility": "RESPONSIBLE"})
	add("以前", "RoleAssignment", m{"holder": c.of("甲課長"), "activity": c.of("相談"), "responsibility": "CONSULTED", "until": "2023-04-01"})
	add("需要", "Need", m{"stakeholder": c.of("甲課"), "topic": c.of("分野")})
	add("供給", "Offer", m{"stakeholder": c.of("乙課"), "topic": c.of("分野"), "until": "2026-04-01"})
	return c
}

func (c *city) of(name string) string { return string(c.id[name]) }

// picture shows what holds on a day, one line each.
func (f *fixture) picture(on string) (lines []string) {
	f.t.Helper()
	party := ask.Of(network.StakeholderInterface, "name")
	post := ask.Of("Post", "name").One("organization", party)
	q := ask.New(network.Admin("test"), network.MustDate(on))
	bodies := q.Scan(ask.Of(network.OrganizationInterface, "name"))
	posts := q.Scan(post)
	seats := q.Scan(ask.Of("Occupancy").One("person", party).One("post", post).One("onBehalfOf", party))
	ties := q.Scan(ask.Of("Tie", "kind").One("subject", party).One("object", party))
	roles := q.Scan(ask.Of("RoleAssignment", "responsibility", "function").One("holder", ask.Of(network.RoleHolder, "name").One("organization", party)))
	needs := q.Scan(ask.Of("Need").One("stakeholder", party))
	offers := q.Scan(ask.Of("Offer").One("stakeholder", party))
	if _, err := q.Run(f.ctx, f.Store); err != nil {
		f.t.Fatal(err)
	}
	say := func(parts ...string) { lines = append(lines, strings.TrimSpace(strings.Join(parts, " "))) }
	name := func(r ask.Row, field string) string { return r.One(field).Str("name") }
	for _, r := range bodies.Rows() {
		say(r.Str("name"))
	}
	for _, r := range posts.Rows() {
		say(name(r, "organization")+"の"+r.Str("name"), "post")
	}
	for _, r := range seats.Rows() {
		say(name(r.One("post"), "organization")+"の"+name(r, "post"), name(r, "person"), name(r, "onBehalfOf"))
	}
	for _, r := range ties.Rows() {
		say(name(r, "subject"), r.Str("kind"), name(r, "object"))
	}
	for _, r := range roles.Rows() {
		holder := r.One("holder").Str("name")
		if r.One("holder").Kind().Name == "Post" {
			holder = name(r.One("holder"), "organization") + "の" + holder
		}
		say(holder, r.Str("responsibility")+r.Str("function"))
	}
	for what, list := range map[string][]ask.Row{"need": needs.Rows(), "offer": offers.Rows()} {
		for _, r := range list {
			say(name(r, "stakeholder"), what)
		}
	}
	slices.Sort(lines)
	return lines
}

func (f *fixture) shows(on string, want ...string) {
	f.t.Helper()
	slices.Sort(want)
	if got := f.picture(on); !slices.Equal(got, want) {
		f.t.Errorf("on %s\n  too much: %q\n  missing: %q", on, minus(got, want), minus(want, got))
	}
}

// minus is a without what is in b, each line as often as it stands there.
func minus(a, b []string) []string {
	a = slices.Clone(a)
	for _, s := range b {
		if i := slices.Index(a, s); i >= 0 {
			a = slices.Delete(a, i, i+1)
		}
	}
	return a
}
