package network

// The builders below keep the registry readable: one line a field.

func text(name, ja, doc string) *Field { return &Field{Name: name, Type: Text, JA: ja, Doc: doc} }
func line(name, ja, doc string) *Field { return &Field{Name: name, Type: String, JA: ja, Doc: doc} }
func flag(name, ja, doc string) *Field { return &Field{Name: name, Type: Bool, JA: ja, Doc: doc} }
func list(name, ja, doc string) *Field { return &Field{Name: name, Type: Strings, JA: ja, Doc: doc} }

func number(name string, lo, hi int64, ja, doc string) *Field {
	return &Field{Name: name, Type: Int, Min: lo, Max: hi, Sortable: true, JA: ja, Doc: doc}
}

func dated(name, ja, doc string) *Field {
	return &Field{Name: name, Type: Dated, Sortable: true, JA: ja, Doc: doc}
}

func enum(name string, e *Enum, ja, doc string) *Field {
	return &Field{Name: name, Type: EnumValue, Enum: e, JA: ja, Doc: doc}
}

func code(name string, parse func(string) (string, error), ja, doc, example string) *Field {
	return &Field{Name: name, Type: Code, Parse: parse, Unique: true, Sortable: true, JA: ja, Doc: doc, Example: example}
}

func ref(name, rel, target, ja, doc string) *Field {
	return &Field{Name: name, Type: Ref, Rel: rel, Targets: []string{target}, JA: ja, Doc: doc}
}

// orFacility lets an organisation's field name a facility too.
func (f *Field) orFacility() *Field {
	f.Targets = append(f.Targets, "Facility")
	return f
}

func refs(name, rel, target, ja, doc string) *Field {
	return &Field{Name: name, Type: Refs, Rel: rel, Targets: []string{target}, JA: ja, Doc: doc}
}

func (f *Field) required() *Field   { f.Required = true; return f }
func (f *Field) personal() *Field   { f.Personal = true; return f }
func (f *Field) sortable() *Field   { f.Sortable = true; return f }
func (f *Field) searchable() *Field { f.Searchable = true; return f }
func (f *Field) indexed() *Field    { f.Indexed = true; return f }
func (f *Field) immutable() *Field  { f.Immutable = true; return f }
func (f *Field) like(example string) *Field {
	f.Example = example
	return f
}

func (f *Field) from(history string, part int) *Field {
	f.History, f.HistoryPart = history, part
	return f
}

// baseFields stand first on every kind.
func baseFields() []*Field {
	return []*Field{
		enum("visibility", VisibilityEnum, "公開範囲", "Who may read the record; PUBLIC when not given."),
		{Name: "importKey", Type: String, Indexed: true, JA: "取込キー", Doc: "The key of the row in the file the record was imported from; an imported row with the same kind and key is the same record.", Example: "org-suginoko"},
	}
}

func spanFields() []*Field {
	return []*Field{
		dated("from", "開始", "First day on which the record holds; unknown or absent: from ever.").like("2022-02"),
		dated("until", "終了", "The day on which the record no longer holds (exclusive); absent: open-ended.").like("2024-04-01"),
	}
}

// nameFields: the present name, and the names before it when there were any.
func nameFields() []*Field {
	return []*Field{
		line("name", "名称", "The name as of asOf, in Japanese.").required().searchable().sortable().from("names", 0).like("塩尻市立広陵中学校"),
		line("nameKana", "よみ", "The reading of the name in kana; lists are ordered by it.").searchable().from("names", 1).like("こうりょうちゅうがっこう"),
		{Name: "names", Type: HistoryList, Searchable: true, JA: "名称の変遷", Doc: "Every name with the time it was valid; empty when it never changed."},
		list("aliases", "別名", "Other names it is known by: short forms, former spellings, English.").searchable().like("広陵中"),
	}
}

func join(groups ...[]*Field) []*Field {
	out := baseFields()
	for _, g := range groups {
		out = append(out, g...)
	}
	return out
}

func stakeholderFields() []*Field {
	return append(append(nameFields(),
		text("description", "説明", "What it is and does, in a sentence or two."),
		ref("area", "LOCATED_IN", "Area", "地域", "The area it belongs to."),
		refs("topics", "CONCERNED_WITH", "Topic", "分野", "The topics it is concerned with."),
		line("website", "ウェブサイト", "The address of its own page."),
		text("contact", "連絡先", "How to reach it; read by coordinators and above.").personal(),
	), spanFields()...)
}

func organizationFields() []*Field {
	return append(stakeholderFields(),
		number("staff", 0, 1_000_000, "人員", "How many people work there; stands beside the load of the role map."))
}

func individualFields() []*Field {
	return append(append(stakeholderFields(),
		ref("residence", "RESIDES_IN", "Area", "在住地", "Where the person lives; read by coordinators and above.").personal(),
		ref("origin", "COMES_FROM", "Area", "出身地", "Where the person comes from, which need not be where they live; read by coordinators and above.").personal(),
		list("qualifications", "資格", "Qualifications the person holds or works towards.").like("社会保険労務士"),
	), append(consentFields(), erasedField())...)
}

// changesAndClaims are reached from every kind of record.
func changesAndClaims() []*Collection {
	return []*Collection{
		{Name: "claims", Hops: []Hop{{"Claim", "record", true}}, Element: "Claim", JA: "根拠", Doc: "The statements about this record, each with its source; contradicting ones stand side by side."},
		{Name: "changes", Hops: []Hop{{ChangeRecord, "record", true}}, Element: ChangeRecord, JA: "変更履歴", Doc: "What was entered and changed, when, by whom and why; oldest first."},
	}
}

func inverse(name, kind, field, ja, doc string) *Collection {
	return &Collection{Name: name, Hops: []Hop{{kind, field, true}}, Element: kind, JA: ja, Doc: doc}
}

func tied(name string, kinds []string, d Direction, ja, doc string) *Collection {
	return &Collection{Name: name, Ties: true, TieKinds: kinds, Direction: d, Element: TieRecord, JA: ja, Doc: doc}
}

func stakeholderCollections() []*Collection {
	return append(changesAndClaims(),
		tied("ties", nil, Both, "関係", "Its ties, strongest first; node of an edge is the other party."),
		tied("memberships", []string{"MEMBER_OF"}, Out, "加入", "What it is a member of."),
		inverse("roles", "RoleAssignment", "holder", "役割", "The roles it holds itself; those of its posts are reached through posts."),
		inverse("needs", "Need", "stakeholder", "お困りごと", "What it needs."),
		inverse("offers", "Offer", "stakeholder", "できること", "What it can offer."),
		inverse("hearings", "Hearing", "participants", "ヒアリング", "The hearings it took part in."),
		inverse("interviews", "Hearing", "interviewers", "聞き取り", "The hearings in which it listened."),
		inverse("initiatives", "Initiative", "parties", "参画事業", "The initiatives it is a party of."),
	)
}

func organizationCollections() []*Collection {
	return append(stakeholderCollections(),
		inverse("posts", "Post", "organization", "役職・担当", "The posts (seats) in it."),
		tied("parents", []string{"PART_OF"}, Out, "上位組織", "What it is a part of; there may be several."),
		tied("units", []string{"PART_OF"}, In, "下位組織", "Its parts."),
		tied("members", []string{"MEMBER_OF"}, In, "会員", "Its members."),
		inverse("reorganizations", "Reorganization", "originals", "改編", "What became of it: how it was renamed, merged, split or replaced."),
		inverse("origins", "Reorganization", "results", "成り立ち", "What it came from."),
	)
}

func individualCollections() []*Collection {
	return append(stakeholderCollections(),
		&Collection{Name: "posts", Hops: []Hop{{"Occupancy", "person", true}, {"Occupancy", "post", false}}, Element: "Post", JA: "就いている役職", Doc: "The posts the person holds."},
		inverse("occupancies", "Occupancy", "person", "在任", "From when until when the person holds which post, and on whose behalf."),
	)
}
