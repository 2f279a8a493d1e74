package network

func plain(name, plural, ja, doc string, order []string, fields []*Field, own ...*Collection) *Kind {
	k := &Kind{Name: name, Plural: plural, JA: ja, Doc: doc, Interfaces: []string{NodeInterface},
		Fields: join(fields), Order: order, Collections: append(changesAndClaims(), own...)}
	for _, f := range fields {
		k.Span = k.Span || f.Name == "until"
	}
	return k
}

// ownedBy is the kind with OwnedBy set.
func (k *Kind) ownedBy(fields ...string) *Kind {
	k.OwnedBy = fields
	return k
}

func with(own []*Field, groups ...[]*Field) []*Field {
	for _, g := range groups {
		own = append(own, g...)
	}
	return own
}

// workKinds are posts, what parties do together, and who does it.
func workKinds() []*Kind {
	note := func() *Field { return text("note", "備考", "A remark.") }
	return []*Kind{
		plain("Post", "posts", "役職・担当", "A seat in an organisation, which outlives its holder.", []string{"name"},
			with(nameFields(), []*Field{
				ref("organization", "POST_IN", OrganizationInterface, "組織", "The organisation or facility the post belongs to.").orFacility().required().immutable(),
				text("description", "職務", "What the post is for."),
				number("termYears", 1, 20, "任期", "The length of a term in years, when there is one."),
			}, spanFields()),
			inverse("occupancies", "Occupancy", "post", "在任", "Who held it, from when until when."),
			&Collection{Name: "holders", Hops: []Hop{{"Occupancy", "post", true}, {"Occupancy", "person", false}}, Element: IndividualInterface, JA: "現職", Doc: "Who holds it."},
			inverse("roles", "RoleAssignment", "holder", "役割", "The roles that hang on the post, whoever holds it.")).ownedBy("organization"),
		plain("Occupancy", "occupancies", "在任", "A person holds a post for a time, perhaps on behalf of another body.", []string{"from"},
			with([]*Field{
				ref("person", "HELD_BY", IndividualInterface, "人", "The holder.").required().immutable(),
				ref("post", "OF_POST", "Post", "役職", "The post.").required().immutable(),
				ref("onBehalfOf", "ON_BEHALF_OF", OrganizationInterface, "選出母体", "The body the seat is held for."),
				enum("status", StatusEnum, "確認状況", "How well established it is."), note(),
			}, spanFields())).ownedBy("post"),
		plain("Initiative", "initiatives", "事業・構想", "What parties do together: a programme, concept, grant or plan.", []string{"name"},
			with(nameFields(), []*Field{
				enum("initiativeType", InitiativeTypeEnum, "事業種別", "Programme, concept, grant or plan.").indexed(),
				text("description", "説明", "What it is for."),
				enum("stage", StageEnum, "段階", "The stage as of asOf.").from("stages", 0).indexed(),
				{Name: "stages", Type: HistoryList, Enum: StageEnum, JA: "段階の変遷", Doc: "Every stage with its time; of STALLED also the causes."},
				number("targetFiscalYear", 1900, 2200, "目標年度", "The fiscal year by which it is to run by itself: 2027 is 令和9年度."),
				ref("predecessor", "SUCCEEDS", "Initiative", "前身", "The initiative it takes up again."),
				ref("partOf", "WITHIN", "Initiative", "上位事業", "The initiative it is a part of."),
				ref("area", "TAKES_PLACE_IN", "Area", "地域", "Where it takes place."),
				refs("parties", "HAS_PARTY", StakeholderInterface, "関係者", "Everyone concerned, with or without a role."),
				refs("topics", "ABOUT", "Topic", "分野", "What it is about."),
			}, spanFields()),
			inverse("activities", "Activity", "initiative", "業務・機能", "The rows of its role map."),
			inverse("roles", "RoleAssignment", "initiative", "立場", "The functions parties have in it as a whole."),
			inverse("successors", "Initiative", "predecessor", "後継", "The initiatives that took it up again."),
			inverse("parts", "Initiative", "partOf", "構成事業", "Its parts."),
			inverse("hearings", "Hearing", "initiative", "ヒアリング", "The hearings held for it."),
			inverse("events", "Event", "initiative", "催し", "The events held for it.")),
		plain("Activity", "activities", "業務・機能", "A piece of work in an initiative; a row of the role map.", []string{"position", "name"},
			with(nameFields(), []*Field{
				ref("initiative", "ACTIVITY_OF", "Initiative", "事業", "The initiative it belongs to.").required().immutable(),
				text("description", "内容", "What is done."),
				enum("activityType", ActivityTypeEnum, "業務種別", "What sort of work it is.").indexed(),
				refs("topics", "CONCERNS", "Topic", "分野", "What it is about, when that is narrower than what the initiative is about."),
				number("position", 0, 10_000, "順序", "Its place in the role map, from the top."),
			}, spanFields()),
			inverse("roles", "RoleAssignment", "activity", "役割", "Who is responsible, accountable, consulted, informed.")),
		plain("RoleAssignment", "roleAssignments", "役割分担", "A stakeholder or post has a responsibility on an activity, or a function in an initiative.", nil,
			with([]*Field{
				ref("holder", "ROLE_OF", RoleHolder, "担い手", "The stakeholder or post that holds the role.").required().immutable(),
				ref("activity", "ROLE_ON", "Activity", "業務", "The activity, when it is a responsibility.").immutable(),
				ref("initiative", "FUNCTION_IN", "Initiative", "事業", "The initiative, when it is a function.").immutable(),
				enum("responsibility", ResponsibilityEnum, "役割", "R, A, C or I on the activity.").indexed(),
				enum("function", FunctionEnum, "立場", "The function in the initiative.").indexed(),
				enum("status", RoleStatusEnum, "合意状況", "Proposed, agreed or disputed; AGREED when not given."), note(),
			}, spanFields())).ownedBy("holder"),
		plain("Topic", "topics", "分野", "A subject that needs, offers, specialties and initiatives are about.", []string{"name"},
			with(nameFields(), []*Field{
				text("description", "説明", "What belongs to it."),
				ref("broader", "NARROWER_THAN", "Topic", "上位分野", "The broader topic."),
			}),
			inverse("narrower", "Topic", "broader", "下位分野", "The narrower topics."),
			inverse("needs", "Need", "topic", "お困りごと", "Who needs something on it."),
			inverse("offers", "Offer", "topic", "できること", "Who offers something on it."),
			inverse("initiatives", "Initiative", "topics", "事業", "The initiatives about it."),
			inverse("activities", "Activity", "topics", "業務", "The activities about it."),
			inverse("specialists", "CareerConsultant", "specialties", "専門家", "The consultants whose specialty it is."),
			&Collection{Name: "stakeholders", Hops: []Hop{{"Person", "topics", true}}, Element: StakeholderInterface, JA: "関係者", Doc: "The stakeholders concerned with it."}),
		plain("Need", "needs", "お困りごと", "What a stakeholder needs on a topic, for a period.", []string{"from"}, wantFields()).ownedBy("stakeholder"),
		plain("Offer", "offers", "できること", "What a stakeholder can offer on a topic, for a period.", []string{"from"}, wantFields()).ownedBy("stakeholder"),
		plain("Hearing", "hearings", "ヒアリング", "A dated talk with parties, the source of claims.", []string{"-date"},
			[]*Field{
				line("name", "件名", "What it was about.").required().searchable().sortable(),
				dated("date", "実施日", "When it took place.").required(),
				refs("participants", "HEARD", StakeholderInterface, "参加者", "Who was heard."),
				refs("interviewers", "HEARD_BY", StakeholderInterface, "聞き手", "Who listened."),
				ref("initiative", "HEARING_FOR", "Initiative", "事業", "The initiative it was held for."),
				text("summary", "要旨", "What was said."),
			}, inverse("sources", "Source", "hearing", "情報源", "The sources that came of it.")),
		plain("Reorganization", "reorganizations", "組織改編", "One event in which organisations were renamed, merged, split or replaced.", []string{"-date"},
			[]*Field{
				enum("reorganizationType", ReorganizationTypeEnum, "種別", "What happened.").required(),
				dated("date", "実施日", "The first day on which things are as they became.").required(),
				refs("originals", "CHANGED_FROM", OrganizationInterface, "改編前", "The organisations as they were."),
				refs("results", "CHANGED_TO", OrganizationInterface, "改編後", "What they became; of a rename the same one."),
				text("note", "備考", "A remark."),
			}),
		plain("Event", "events", "催し", "A dated meeting, briefing, forum or camp.", []string{"-date"},
			with(nameFields(), []*Field{
				dated("date", "開催日", "When it takes place.").required(),
				ref("venue", "HELD_AT", "Facility", "会場", "Where it takes place."),
				flag("online", "オンライン", "Whether one can take part online."),
				number("attendance", 0, 1_000_000, "参加者数", "How many took part."),
				refs("organizers", "ORGANIZED_BY", StakeholderInterface, "主催", "Who organises it."),
				refs("participants", "ATTENDED_BY", StakeholderInterface, "参加者", "Who is known to have taken part."),
				ref("initiative", "EVENT_OF", "Initiative", "事業", "The initiative it belongs to."),
				text("description", "内容", "What it is about."),
			})),
	}
}

func wantFields() []*Field {
	return with([]*Field{
		ref("stakeholder", "OF_STAKEHOLDER", StakeholderInterface, "関係者", "Whose it is.").required().immutable(),
		ref("topic", "ON_TOPIC", "Topic", "分野", "The topic.").required(),
		text("description", "内容", "In their own words."),
	}, spanFields())
}
