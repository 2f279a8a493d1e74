package town

import "github.com/musubi-map/musubi/internal/network"

// posts streams the posts of sections, schools and councils, and who held and
// holds them.
func (b *builder) posts() {
	var holders []func()
	n := 0
	for _, p := range []part{section, school, council} {
		each := postsEach
		if p == council {
			each = seats
		}
		for body := range b.count[p] {
			for seat := range each {
				b.post(n, p, body, seat)
				at := n
				holders = append(holders, func() { b.held(at, p == council) })
				n++
			}
		}
	}
	b.holder = make([]int, n)
	for _, held := range holders {
		held()
	}
}

var postNames = map[part][]word{
	section: {{"課長", "かちょう"}, {"担当", "たんとう"}},
	school:  {{"校長", "こうちょう"}, {"キャリア教育担当", "きゃりあきょういくたんとう"}},
	council: {{"会長", "かいちょう"}, {"委員", "いいん"}},
}

func (b *builder) post(n int, p part, body, seat int) {
	words := postNames[p]
	name, kana := named(max(seat-len(words)+1, 0), words[min(seat, len(words)-1)])
	b.add(post, n, "Post", map[string]any{"name": name, "nameKana": kana, "organization": b.id(p, body)})
}

// held streams the holder before and the holder now; one post in ten is vacant.
// Transfers are on the first of April, councils have longer terms.
func (b *builder) held(n int, long bool) {
	began := lastYear - b.r.IntN(3)
	if long {
		began -= b.r.IntN(4)
	}
	before := b.r.IntN(b.count[person])
	b.occupied(2*n, n, before, map[string]any{"from": april(began - 3), "until": april(began)})
	now := b.r.IntN(b.count[person])
	fields := map[string]any{"from": april(began)}
	if b.holder[n] = now; b.chance(0.1) {
		b.holder[n], fields["until"] = -1, april(lastYear)
		fields["from"] = april(min(began, lastYear-1))
	}
	b.occupied(2*n+1, n, now, fields)
}

func (b *builder) occupied(n, p, who int, fields map[string]any) {
	fields["person"], fields["post"], fields["status"] = b.id(person, who), b.id(post, p), "CONFIRMED"
	b.add(occupancy, n, "Occupancy", fields)
}

var activityNames = []struct {
	word word
	typ  string
}{
	{word{"相談窓口", "そうだんまどぐち"}, "CONSULTATION"}, {word{"企業の募集", "きぎょうのぼしゅう"}, "RECRUITMENT"}, {word{"授業の実施", "じゅぎょうのじっし"}, "DELIVERY"},
	{word{"予算化", "よさんか"}, "BUDGETING"}, {word{"効果の検証", "こうかのけんしょう"}, "EVALUATION"}, {word{"引き継ぎ", "ひきつぎ"}, "SUCCESSION"},
}

// work streams initiatives with their activities and roles.
func (b *builder) work() {
	for n := range b.count[initiative] {
		topics := b.topics(2)
		name, kana := named(n+1, b.town(), pick(b.r, topicNames), word{"事業", "じぎょう"})
		var concerned []network.ID
		for range 4 + b.r.IntN(8) {
			id, _ := b.party(b.organization())
			concerned = append(concerned, id)
		}
		b.add(initiative, n, "Initiative", map[string]any{"name": name, "nameKana": kana, "initiativeType": pick(b.r, []string{"PROGRAMME", "CONCEPT", "GRANT"}),
			"stage": pick(b.r, []string{"PREPARATION", "PROOF_OF_CONCEPT", "RUNNING"}), "area": b.id(area, 0), "parties": concerned, "topics": topics, "from": april(2018 + b.r.IntN(5))})
	}
	for n := range b.count[initiative] {
		for i := range activitiesEach {
			a := activityNames[i]
			b.add(activity, n*activitiesEach+i, "Activity", map[string]any{"name": a.word.text, "nameKana": a.word.kana, "activityType": a.typ, "initiative": b.id(initiative, n), "position": int64(i + 1)})
		}
	}
	for n := range b.count[initiative] {
		b.roles(n)
	}
}

// roles are three on each activity, beside four functions.
func (b *builder) roles(n int) {
	for i := range rolesEach {
		fields := map[string]any{"status": pick(b.r, []string{"AGREED", "AGREED", "AGREED", "PROPOSED", "DISPUTED"}), "from": april(2021 + b.r.IntN(3))}
		if b.chance(0.3) {
			fields["holder"] = b.id(post, b.r.IntN(b.count[post]))
		} else {
			fields["holder"], _ = b.party(b.organization())
		}
		if on := i / 3; on < activitiesEach {
			fields["activity"] = b.id(activity, n*activitiesEach+on)
			fields["responsibility"] = []string{"RESPONSIBLE", "ACCOUNTABLE", pick(b.r, []string{"CONSULTED", "INFORMED", "RESPONSIBLE"})}[i%3]
		} else {
			fields["initiative"] = b.id(initiative, n)
			fields["function"] = []string{"IMPLEMENTER", "SECRETARIAT", "MEDIATOR", "PARTNER"}[i%3]
		}
		b.add(role, n*rolesEach+i, "RoleAssignment", fields)
	}
}

// organization is the number, among the stakeholders, of some organisation.
func (b *builder) organization() int { return b.skewed(b.from[facility]-b.from[government], 2) }

func (b *builder) wants() {
	for _, p := range []part{need, offer} {
		kind := map[part]string{need: "Need", offer: "Offer"}[p]
		for n := range b.count[p] {
			who, _ := b.party(b.r.IntN(b.layout.stakeholders()))
			fields := map[string]any{"stakeholder": who, "topic": topicID(b.topic()), "from": some(b.r, 2020, lastYear)}
			if b.chance(0.5) {
				fields["description"] = "架空の" + map[part]string{need: "お困りごと。", offer: "できること。"}[p]
			}
			b.add(p, n, kind, fields)
		}
	}
}
