package network

// EnumOption is one value of an Enum.
type EnumOption struct{ Value, JA, Doc string }

// Enum is a closed list of values. Rank is the position in Values.
type Enum struct {
	Name    string
	Doc, JA string
	Values  []EnumOption
}

// Has tells whether v is a value of the enum.
func (e *Enum) Has(v string) bool { return e.Label(v) != "" }

// Label is the Japanese label of a value, "" when there is no such value.
func (e *Enum) Label(v string) string {
	for _, o := range e.Values {
		if o.Value == v {
			return o.JA
		}
	}
	return ""
}

// Parse reads a value, its Japanese label, or the value in any case.
func (e *Enum) Parse(s string) (string, bool) {
	f := Fold(s)
	for _, o := range e.Values {
		if o.Value == s || o.JA == s || Fold(o.Value) == f || Fold(o.JA) == f {
			return o.Value, true
		}
	}
	return "", false
}

// The enums of the registry.
var (
	VisibilityEnum = &Enum{"Visibility", "Who may read a record.", "公開範囲", []EnumOption{
		{"PUBLIC", "公開", "Anyone who may use the map."},
		{"MEMBERS", "会員", "Analysts and above."},
		{"COORDINATORS", "コーディネーター", "Coordinators and above."},
		{"RESTRICTED", "限定", "Administrators only."},
	}}
	SchoolLevelEnum = &Enum{"SchoolLevel", "The level of a school, after 学校種 of the school code.", "学校種", []EnumOption{
		{"KINDERGARTEN", "幼稚園", "A1."},
		{"CERTIFIED_CHILD_CENTRE", "幼保連携型認定こども園", "A2."},
		{"ELEMENTARY", "小学校", "B1."},
		{"JUNIOR_HIGH", "中学校", "C1."},
		{"COMPULSORY_EDUCATION", "義務教育学校", "C2: grades 1 to 9 in one school."},
		{"HIGH", "高等学校", "D1."},
		{"SECONDARY", "中等教育学校", "D2: grades 7 to 12 in one school."},
		{"SPECIAL_NEEDS", "特別支援学校", "E1."},
		{"TECHNICAL_COLLEGE", "高等専門学校", "G1."},
		{"VOCATIONAL", "専修学校・各種学校", "H1, H2."},
	}}
	EstablisherEnum = &Enum{"Establisher", "Who founded a school, after 設置区分 of the school code.", "設置区分", []EnumOption{
		{"NATIONAL", "国立", "1."}, {"PUBLIC", "公立", "2: a municipality, a prefecture or a union of them."}, {"PRIVATE", "私立", "3."},
	}}
	OrganizationTypeEnum = &Enum{"OrganizationType", "What sort of body an organisation is that is neither school, city department, company nor council.", "組織種別", []EnumOption{
		{"LOCAL_GOVERNMENT", "地方公共団体", "A municipality or a prefecture as a whole."},
		{"SCHOOL_UNION", "学校組合", "A union of municipalities that founds a school."},
		{"CHAMBER_OF_COMMERCE", "商工会議所", "A chamber or society of commerce."},
		{"UNIVERSITY", "大学", "A university or junior college."},
		{"FINANCIAL_INSTITUTION", "金融機関", "A bank, credit union or agricultural co-operative."},
		{"NON_PROFIT", "非営利団体", "A registered NPO or another non-profit."},
		{"ASSOCIATION", "団体", "An association, a branch of one, a PTA, a working group."},
		{"NATIONAL_AGENCY", "国の機関", "A ministry, a labour bureau, a public employment office."},
		{"OTHER", "その他", "Anything else."},
	}}
	CouncilTypeEnum = &Enum{"CouncilType", "Whether a body of seats is a committee or a council.", "会議体種別", []EnumOption{
		{"COMMITTEE", "委員会", "A committee, as 行政評価委員会."}, {"COUNCIL", "協議会", "A council of organisations."},
		{"BOARD", "審議会・会議", "An advisory board or a standing meeting."},
	}}
	FacilityTypeEnum = &Enum{"FacilityType", "What a facility is used for.", "施設種別", []EnumOption{
		{"INNOVATION_HUB", "シビック・イノベーション拠点", "A co-working and incubation place, as スナバ."},
		{"COMMUNITY_CENTRE", "公民館・交流施設", "A community centre or hall."},
		{"LIBRARY", "図書館", "A library."}, {"MUSEUM", "博物館・資料館", "A museum."},
		{"JOB_CENTRE", "就労支援施設", "A place where people get help with work."}, {"OTHER", "その他", "Anything else."},
	}}
	InitiativeTypeEnum = &Enum{"InitiativeType", "What sort of joint undertaking an initiative is.", "事業種別", []EnumOption{
		{"PROGRAMME", "事業", "A programme that is carried out."}, {"CONCEPT", "構想", "A concept that is being worked out."},
		{"GRANT", "交付金・補助金", "A grant with applicants, a screening and a decision."}, {"PLAN", "計画", "An administrative plan."},
	}}
	StageEnum = &Enum{"Stage", "How far an initiative has come.", "段階", []EnumOption{
		{"IDEA", "着想", "Somebody proposed it."}, {"PREPARATION", "準備・検証", "Parties are heard, roles sorted out."},
		{"PROOF_OF_CONCEPT", "実証実験", "Tried on a small scale."}, {"RUNNING", "本格運用", "In full operation."},
		{"SELF_SUSTAINING", "自走", "Runs without its founder."}, {"STALLED", "頓挫", "Came to a halt; the causes are given."},
		{"ENDED", "終了", "Finished as planned."},
	}}
	StallCauseEnum = &Enum{"StallCause", "Why an initiative stalled.", "頓挫の要因", []EnumOption{
		{"NO_IMPLEMENTER", "実施主体の不在", "Nobody could carry it out."}, {"STAFF_SHORT", "人員不足", "The body that was to run it had too few staff."},
		{"NO_BUDGET", "予算化できず", "It was never budgeted."}, {"NO_PLAN", "実施計画なし", "No implementation plan was made."},
	}}
	ActivityTypeEnum = &Enum{"ActivityType", "What sort of work an activity is; some rules look for an activity of a type.", "業務種別", []EnumOption{
		{"HEARING", "ヒアリング", "Parties are heard."}, {"PLANNING", "計画", "The implementation plan is made."},
		{"BUDGETING", "予算化", "The money is found."}, {"CONSULTATION", "相談窓口", "Those who need advice are answered."},
		{"APPLICATION", "申請", "Somebody applies, as for a grant."}, {"SCREENING", "審査", "Applications are screened."},
		{"DECISION", "決定", "It is decided."}, {"REPORTING", "報告", "The results are reported."},
		{"DELIVERY", "実施", "The work itself: a class, an interview, a placement."}, {"RECRUITMENT", "募集", "Parties or people are found and brought together."},
		{"EVALUATION", "検証", "The effect is looked at."}, {"SUCCESSION", "引き継ぎ", "What one knows is handed on."},
		{"COMMUNICATION", "周知・発信", "Others are told."}, {"OTHER", "その他", "Anything else."},
	}}
	ReorganizationTypeEnum = &Enum{"ReorganizationType", "What happened to the organisations.", "改編の種別", []EnumOption{
		{"RENAME", "改称", "One organisation has another name; it stays the same record."}, {"MERGER", "統合", "Several became one."},
		{"SPLIT", "分割", "One became several."}, {"REPLACEMENT", "改組", "One took the place of another."},
	}}
	ResponsibilityEnum = &Enum{"Responsibility", "Who does what on an activity (RACI).", "役割", []EnumOption{
		{"RESPONSIBLE", "実行責任", "Does the work (R)."}, {"ACCOUNTABLE", "説明責任", "Answers for the result; exactly one (A)."},
		{"CONSULTED", "協業先", "Is asked and works along (C)."}, {"INFORMED", "報告先", "Is told (I)."},
	}}
	FunctionEnum = &Enum{"RoleFunction", "What a party is in an initiative as a whole.", "立場", []EnumOption{
		{"IMPLEMENTER", "実施主体", "Carries the initiative."}, {"SECRETARIAT", "事務局", "Keeps it running."},
		{"MEDIATOR", "仲介役", "Hears the parties and goes between them."}, {"SCREENER", "審査", "Screens applications."},
		{"EXPERT", "専門家", "Contributes special knowledge."}, {"PARTNER", "連携先", "Takes part."},
	}}
	RoleStatusEnum = &Enum{"RoleStatus", "How settled a role is.", "合意状況", []EnumOption{
		{"PROPOSED", "提案", "Put forward, not yet agreed."}, {"AGREED", "合意", "Agreed by the holder."}, {"DISPUTED", "異論あり", "A party disagrees."},
	}}
	StatusEnum = &Enum{"ClaimStatus", "How well established a statement is.", "確認状況", []EnumOption{
		{"CONFIRMED", "確認済み", "Confirmed by the party itself or by a document."}, {"REPORTED", "伝聞", "Said by somebody, not confirmed."}, {"DISPUTED", "異論あり", "Contradicted by another source."},
	}}
	ConfidenceEnum = &Enum{"Confidence", "How much a statement is to be trusted.", "確度", []EnumOption{
		{"LOW", "低", "Hearsay."}, {"MEDIUM", "中", "One good source."}, {"HIGH", "高", "Several sources or a document."},
	}}
	SourceTypeEnum = &Enum{"SourceType", "Where a claim comes from.", "情報源種別", []EnumOption{
		{"HEARING", "ヒアリング", "A talk with a party."}, {"DOCUMENT", "文書", "A document."}, {"WEB_PAGE", "ウェブページ", "A page on the web."}, {"STATEMENT", "発言", "Something said in public."},
	}}
	AreaLevelEnum = &Enum{"AreaLevel", "The level of an area.", "地域の階層", []EnumOption{
		{"PREFECTURE", "都道府県", "As 長野県."}, {"DISTRICT", "広域・地区", "A district of several municipalities, as 上伊那."},
		{"MUNICIPALITY", "市区町村", "As 塩尻市."}, {"LOCALITY", "地域・集落", "A part of a municipality, as 奈良井宿."},
	}}
	ChangeActionEnum = &Enum{"ChangeAction", "What a change did to a record.", "操作", []EnumOption{
		{"CREATE", "作成", "The record was entered."}, {"UPDATE", "更新", "Fields were changed."}, {"END", "終了", "The record was ended on a day."}, {"RESTORE", "復元", "An ended record was taken up again, or one that was taken back stands again."}, {"WITHDRAW", "取り下げ", "The record was taken back: merged into another, or undone."}, {"ERASE", "消去", "What it said was erased, in its history too."},
	}}
)
