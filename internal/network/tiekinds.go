package network

// Direction is the way ties are followed from a stakeholder.
type Direction uint8

// The directions. Mutual ties are followed either way.
const (
	Both Direction = iota
	Out            // from subject to object
	In             // from object to subject
)

// TieKind is one kind of tie: which kinds it may join, and whether it points.
type TieKind struct {
	Name string
	// Mutual ties have no direction; subject and object are as entered.
	Mutual bool
	// Subjects and Objects are the concrete kinds that may stand at each end.
	Subjects, Objects []string
	JA, Doc           string
}

// Directedness is DIRECTED, or MUTUAL for a kind without direction.
func (t *TieKind) Directedness() string {
	if t.Mutual {
		return "MUTUAL"
	}
	return "DIRECTED"
}

// TieKinds lists the kinds of tie in registry order.
func TieKinds() []*TieKind { return tieKinds }

// TieKindOf returns the tie kind of that name, or nil.
func TieKindOf(name string) *TieKind { return tieKindByName[name] }

// TieKindEnum is the enum of all tie kinds, made from the registry.
var TieKindEnum = &Enum{Name: "TieKind", Doc: "The kinds of tie between two stakeholders.", JA: "関係の種類"}

// Joins tells whether the kind may lead from a subject of kind s to an object
// of kind o.
func (t *TieKind) Joins(s, o string) bool {
	return contains(t.Subjects, s) && contains(t.Objects, o) ||
		t.Mutual && contains(t.Subjects, o) && contains(t.Objects, s)
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

var (
	tieKinds = []*TieKind{
		{Name: "PART_OF", JA: "所属組織", Subjects: []string{"Organization", "Facility"}, Objects: []string{"Organization"}, Doc: "The subject is a part of the object: 学校教育課 of こども教育部. An organisation may be part of several."},
		{Name: "MEMBER_OF", JA: "会員・構成員", Subjects: []string{"Stakeholder"}, Objects: []string{"Organization"}, Doc: "The subject is a member of the object: a consultant of the salon branch, a company of the chamber."},
		{Name: "ESTABLISHED_BY", JA: "設置", Subjects: []string{"Organization", "Facility"}, Objects: []string{"Organization"}, Doc: "The subject was founded by the object: 両小野中 by a union of two municipalities."},
		{Name: "SUPERVISES", JA: "所管・監督", Subjects: []string{"Organization"}, Objects: []string{"Organization", "Facility"}, Doc: "The subject oversees the object: a board of education its schools."},
		{Name: "FUNDS", JA: "資金提供", Subjects: []string{"Stakeholder"}, Objects: []string{"Organization", "Facility"}, Doc: "The subject gives the object money: a grant, a subsidy, a sponsorship."},
		{Name: "COMMISSIONS", JA: "委託", Subjects: []string{"Organization"}, Objects: []string{"Stakeholder"}, Doc: "The subject commissions work from the object: the board of education the secretariat from an NPO."},
		{Name: "OPERATES", JA: "運営", Subjects: []string{"Stakeholder"}, Objects: []string{"Organization", "Facility"}, Doc: "The subject runs the object: HRラボ the salon, a corporation a facility."},
		{Name: "SUPPORTS", JA: "支援", Subjects: []string{"Stakeholder"}, Objects: []string{"Stakeholder"}, Doc: "The subject helps the object: with people, knowledge or time."},
		{Name: "ADVISES", JA: "助言", Subjects: []string{"Stakeholder"}, Objects: []string{"Stakeholder"}, Doc: "The subject advises the object."},
		{Name: "CONSULTS", JA: "相談", Subjects: []string{"Stakeholder"}, Objects: []string{"Stakeholder"}, Doc: "The subject turns to the object for advice."},
		{Name: "REFERS_TO", JA: "紹介", Subjects: []string{"Stakeholder"}, Objects: []string{"Stakeholder"}, Doc: "The subject refers people to the object."},
		{Name: "HOSTS", JA: "受入", Subjects: []string{"Organization", "Facility"}, Objects: []string{"Stakeholder"}, Doc: "The subject takes the object in: a company a school's pupils, a village a university's interns."},
		{Name: "EMPLOYS", JA: "雇用", Subjects: []string{"Organization"}, Objects: []string{"Individual"}, Doc: "The subject employs the object; a post in it says as what."},
		{Name: "COLLABORATES_WITH", JA: "連携", Mutual: true, Subjects: []string{"Stakeholder"}, Objects: []string{"Stakeholder"}, Doc: "Both work together."},
		{Name: "KNOWS", JA: "面識", Mutual: true, Subjects: []string{"Stakeholder"}, Objects: []string{"Stakeholder"}, Doc: "Both know each other: people, or a person and a body where they are known."},
	}
	tieKindByName = map[string]*TieKind{}
)

func initTieKinds() {
	for _, t := range tieKinds {
		t.Subjects, t.Objects = expand(t.Subjects), expand(t.Objects)
		tieKindByName[t.Name] = t
		TieKindEnum.Values = append(TieKindEnum.Values, EnumOption{t.Name, t.JA, t.Doc})
	}
}
