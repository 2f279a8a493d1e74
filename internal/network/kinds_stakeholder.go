package network

func stakeholder(interfaces ...string) []string {
	return append([]string{NodeInterface, StakeholderInterface}, interfaces...)
}

// itself is the OwnedBy of what has editors of its own.
var itself = []string{"id"}

func organizationKind(name, plural, ja, doc, example string, own ...*Field) *Kind {
	return &Kind{Name: name, Plural: plural, JA: ja, Doc: doc, Example: example, Span: true, Order: []string{"name"},
		OwnedBy: itself, Interfaces: stakeholder(OrganizationInterface), Fields: join(organizationFields(), own), Collections: organizationCollections()}
}

func individualKind(name, plural, ja, doc, example string, own ...*Field) *Kind {
	return &Kind{Name: name, Plural: plural, JA: ja, Doc: doc, Example: example, Span: true, Order: []string{"name"},
		Interfaces: stakeholder(IndividualInterface), Fields: join(individualFields(), own), Collections: individualCollections()}
}

// stakeholderKinds are the parties of the map.
func stakeholderKinds() []*Kind {
	return []*Kind{
		organizationKind("School", "schools", "学校", "A school, from kindergarten to technical college.", "塩尻市立広陵中学校",
			code("schoolCode", ParseSchoolCode, "学校コード", "The MEXT school code, 13 characters with a check digit.", "B120221500026"),
			enum("level", SchoolLevelEnum, "学校種", "The level of the school."),
			enum("establisher", EstablisherEnum, "設置区分", "Who founded it: the nation, a public body or a private one.")),
		organizationKind("CityDepartment", "cityDepartments", "市役所の部署", "A department, section or board of a city administration; 教育委員会 is one.", "こども教育部 学校教育課"),
		organizationKind("Company", "companies", "企業", "A company.", "株式会社HRラボ",
			code("corporateNumber", ParseCorporateNumber, "法人番号", "The corporate number, 13 digits, the check digit first.", "3000020202151"),
			line("industry", "業種", "The line of business, in the words of the company.").sortable().indexed()),
		organizationKind("Council", "councils", "委員会・協議会", "A committee or council; a seat in it is a Post of it.", "塩尻市行政評価委員会",
			enum("councilType", CouncilTypeEnum, "会議体種別", "Committee, council or board.")),
		organizationKind("OtherOrganization", "otherOrganizations", "その他の組織", "Any other body: local governments, school unions, chambers, universities, banks, non-profits, associations.", "塩尻商工会議所",
			enum("organizationType", OrganizationTypeEnum, "組織種別", "What sort of body it is.").required().indexed(),
			code("municipalityCode", ParseMunicipalityCode, "全国地方公共団体コード", "The code of a local government, 6 digits with a check digit.", "202151"),
			code("corporateNumber", ParseCorporateNumber, "法人番号", "The corporate number, 13 digits, the check digit first.", "3000020202151")),
		{Name: "Facility", Plural: "facilities", JA: "施設", Doc: "A place where people meet or work; it has an operator (OPERATES).", Example: "スナバ", Span: true, Order: []string{"name"},
			OwnedBy: itself, Interfaces: stakeholder(), Fields: join(stakeholderFields(), []*Field{
				enum("facilityType", FacilityTypeEnum, "施設種別", "What it is used for."),
				line("address", "所在地", "Its address."),
			}), Collections: append(stakeholderCollections(),
				inverse("posts", "Post", "organization", "役職・担当", "The posts (seats) in it."),
				tied("operators", []string{"OPERATES"}, In, "運営者", "Who runs it, by each source."))},
		individualKind("Person", "people", "人", "A person who is not a registered career consultant; who still works towards the licence is a Person.", "架空 花子（架空）"),
		individualKind("CareerConsultant", "careerConsultants", "キャリアコンサルタント", "A registered career consultant; the title is protected, so only for the registered.", "架空 太郎（架空）",
			code("registrationNumber", ParseRegistrationNumber, "登録番号", "The registration number; read by coordinators and above.", "21012345").personal().required(),
			dated("registrationExpires", "登録有効期限", "The day the registration runs out; renewed every five years."),
			refs("specialties", "SPECIALIZES_IN", "Topic", "専門分野", "The topics the consultant is strong in."),
			refs("regions", "SERVES", "Area", "活動地域", "The areas the consultant works in."),
			line("availability", "稼働状況", "When the consultant can take on work.").like("平日夜・土日")),
	}
}
