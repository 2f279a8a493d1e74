package town

import (
	"fmt"

	"github.com/musubi-map/musubi/internal/network"
)

// schoolKinds are the sorts of school, as often as there are.
var schoolKinds = []struct {
	upTo             float64
	typ, level       string
	word             word
	mostOftenPrivate bool
}{
	{0.25, "A1", "KINDERGARTEN", word{"幼稚園", "ようちえん"}, true},
	{0.77, "B1", "ELEMENTARY", word{"小学校", "しょうがっこう"}, false},
	{0.92, "C1", "JUNIOR_HIGH", word{"中学校", "ちゅうがっこう"}, false},
	{0.99, "D1", "HIGH", word{"高等学校", "こうとうがっこう"}, false},
	{1.01, "E1", "SPECIAL_NEEDS", word{"特別支援学校", "とくべつしえんがっこう"}, false},
}

func (b *builder) stakeholders() {
	t := b.town()
	code := municipalityCode(b.index)
	b.add(area, 0, "Area", map[string]any{"name": t.text, "nameKana": t.kana, "level": "MUNICIPALITY", "areaCode": code, "parent": prefectureID(prefectureOf(b.index))})
	b.stakeholder(government, 0, t.text+"役所", t.kana+"やくしょ", map[string]any{"organizationType": "LOCAL_GOVERNMENT", "municipalityCode": code, "staff": int64(b.count[section] * 12)})
	b.stakeholder(chamber, 0, t.text+"商工会議所", t.kana+"しょうこうかいぎしょ", map[string]any{"organizationType": "CHAMBER_OF_COMMERCE", "staff": int64(12)})
	b.stakeholder(board, 0, t.text+"教育委員会", t.kana+"きょういくいいんかい", map[string]any{"staff": int64(20)})
	for n := range b.count[section] {
		name, kana := named(n/len(sectionNames), t, sectionNames[n%len(sectionNames)])
		b.stakeholder(section, n, name, kana, map[string]any{"staff": b.staff(40)})
	}
	for n := range b.count[school] {
		b.school(n)
	}
	for n := range b.count[company] {
		b.company(n)
	}
	for n := range b.count[council] {
		name, kana := named(n+1, t, word{"協議会", "きょうぎかい"})
		b.stakeholder(council, n, name, kana, map[string]any{"councilType": pick(b.r, []string{"COMMITTEE", "COUNCIL", "BOARD"})})
	}
	for n := range b.count[nonProfit] {
		name, kana := named(n+1, word{"NPO法人", "えぬぴーおーほうじん"}, pick(b.r, companyNames), t)
		b.stakeholder(nonProfit, n, name, kana, map[string]any{"organizationType": "NON_PROFIT", "staff": b.staff(20)})
	}
	for n := range b.count[facility] {
		name, kana := named(n+1, t, word{"交流館", "こうりゅうかん"})
		b.stakeholder(facility, n, name, kana, map[string]any{"facilityType": "COMMUNITY_CENTRE"})
	}
	b.individuals()
}

func (b *builder) school(n int) {
	kind, at := 0, b.r.Float64()
	for at >= schoolKinds[kind].upTo {
		kind++
	}
	k := schoolKinds[kind]
	establisher, who := 2, "PUBLIC"
	if b.chance(0.05) || k.mostOftenPrivate && b.chance(0.6) {
		establisher, who = 3, "PRIVATE"
	}
	name, kana := named(n+1, b.town(), pick(b.r, companyNames), k.word)
	// The number within the prefecture: there are at most 38 municipalities in one.
	number := b.index/prefectures*100_000 + n
	b.stakeholder(school, n, name, kana, map[string]any{"schoolCode": schoolCode(k.typ, prefectureOf(b.index), establisher, number), "level": k.level, "establisher": who, "staff": b.staff(60)})
}

func (b *builder) company(n int) {
	industry := industries[b.skewed(len(industries), 2)]
	name, kana := named(n+1, word{"株式会社", "かぶしきがいしゃ"}, pick(b.r, companyNames), industry, b.town())
	fields := map[string]any{"industry": industry.text, "staff": b.staff(2000)}
	if b.chance(0.7) {
		fields["corporateNumber"] = corporateNumber(uint64(b.index+1)*1_000_000 + uint64(n))
	}
	if b.chance(0.1) {
		name := fields["industry"].(string) + name
		fields["names"] = []network.DatedValue{{Value: "旧" + name, Extra: "きゅう" + kana, Span: network.Span{Until: april(1990 + b.r.IntN(30))}}}
	}
	b.stakeholder(company, n, name, kana, fields)
}

func (b *builder) individuals() {
	for n := range b.count[person] {
		name, kana := b.personName(n)
		fields := map[string]any{"residence": b.id(area, 0)}
		if b.chance(0.05) {
			fields["visibility"] = pick(b.r, []string{"MEMBERS", "COORDINATORS"})
		}
		b.stakeholder(person, n, name, kana, fields)
	}
	for n := range b.count[consultant] {
		name, kana := b.personName(b.count[person] + n)
		b.stakeholder(consultant, n, name, kana, map[string]any{"registrationNumber": fmt.Sprintf("%04d%05d", b.index+1, n),
			"registrationExpires": april(lastYear + 1 + b.r.IntN(5)), "specialties": b.topics(1 + b.r.IntN(3)), "regions": []network.ID{b.id(area, 0)},
			"availability": pick(b.r, []string{"平日昼", "平日夜", "土日", "平日夜・土日"})})
	}
}

// personName marks everybody as invented, as the people of the sample are.
func (b *builder) personName(n int) (name, kana string) {
	family, given := pick(b.r, familyNames), pick(b.r, givenNames)
	return fmt.Sprintf("架空 %s%s%d", family.text, given.text, n+1), fmt.Sprintf("かくう %s%s%d", family.kana, given.kana, n+1)
}
