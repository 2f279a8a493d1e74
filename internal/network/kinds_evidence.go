package network

// evidenceKinds are areas, sources, claims, ties and the change log.
func evidenceKinds() []*Kind {
	return []*Kind{
		plain("Area", "areas", "地域", "A prefecture, district, municipality or locality.", []string{"name"},
			with(nameFields(), []*Field{
				enum("level", AreaLevelEnum, "階層", "The level of the area.").required().indexed(),
				code("areaCode", ParseMunicipalityCode, "全国地方公共団体コード", "The code of a prefecture or municipality, 6 digits with a check digit.", "202151"),
				ref("parent", "AREA_IN", "Area", "上位地域", "The area it is a part of."),
			}), inverse("parts", "Area", "parent", "下位地域", "Its parts.")),
		plain("Source", "sources", "情報源", "Where claims come from: a hearing, document, web page or statement.", []string{"-date"},
			[]*Field{
				line("name", "表題", "Its title.").required().searchable().sortable(),
				enum("sourceType", SourceTypeEnum, "種別", "Hearing, document, web page or statement.").required(),
				dated("date", "日付", "When it was made."),
				line("author", "作成者", "Who made it, as an office or a body."),
				line("url", "アドレス", "Where it can be read."),
				ref("hearing", "FROM_HEARING", "Hearing", "ヒアリング", "The hearing it came of."),
			}, inverse("statements", "Claim", "source", "記述", "What is claimed on its strength.")),
		{Name: ClaimRecord, Plural: "claims", JA: "根拠", Doc: "A statement by a source about a record or one field of it.", Interfaces: []string{NodeInterface}, Order: []string{"date"},
			Fields: join([]*Field{
				{Name: "record", Type: RecordID, Required: true, Immutable: true, Indexed: true, JA: "対象", Doc: "The id of the record the statement is about."},
				line("field", "項目", "The field the statement is about; absent: the record as a whole.").indexed(),
				line("value", "内容", "What the source says the value is."),
				ref("source", "CITES", "Source", "情報源", "The source.").required().immutable(),
				line("saidBy", "発言者", "Who said so, as an office or a body."),
				dated("date", "日付", "When it was said."),
				enum("confidence", ConfidenceEnum, "確度", "How much it is to be trusted."),
				enum("status", StatusEnum, "確認状況", "Confirmed, reported or disputed."),
				text("note", "備考", "A remark."),
			}), Collections: changesAndClaims()[1:]},
		{Name: TieRecord, Plural: "ties", JA: "関係", Doc: "An edge between two stakeholders, for a time.", OwnedBy: []string{"subject", "object"}, Interfaces: []string{NodeInterface}, Span: true, Order: []string{"-strength"},
			Fields: join([]*Field{
				enum("kind", TieKindEnum, "種類", "The kind of tie.").required().immutable().sortable(),
				ref("subject", "", StakeholderInterface, "主体", "Where the tie starts.").required().immutable(),
				ref("object", "", StakeholderInterface, "相手", "Where the tie leads.").required().immutable(),
				number("strength", 1, 5, "強さ", "1 (they have met) to 5 (they work together every week)."),
				dated("lastContact", "最終接触", "When they last had to do with each other."),
				enum("confidence", ConfidenceEnum, "確度", "How much it is to be trusted."),
				enum("status", StatusEnum, "確認状況", "Confirmed, reported or disputed."),
				flag("doNotAsk", "依頼不可", "Whether this tie must not be used to ask for an introduction."),
				text("description", "内容", "What the tie consists of."),
			}, spanFields()), Collections: changesAndClaims()},
		{Name: WithdrawnRecord, Plural: "withdrawn", JA: "取り下げ", Doc: "A record that was taken back: merged into another, or undone. Nothing leads to it but its id.", Interfaces: []string{NodeInterface}, Kept: true,
			Fields: join([]*Field{
				{Name: "into", Type: RecordID, System: true, Indexed: true, JA: "統合先", Doc: "The id of the record it was merged into; null for one that was undone."},
				{Name: "wasKind", Type: String, System: true, JA: "元の種類", Doc: "The kind it had. Example: `Company`."},
				{Name: "was", Type: JSON, System: true, Personal: true, Whole: true, JA: "元の内容", Doc: "The fields it had; read by administrators."},
			}), Collections: changesAndClaims()[1:]},
		{Name: ChangeRecord, Plural: "changes", JA: "変更", Doc: "One entry of the change log: a record before and after.", Interfaces: nil, Log: true,
			Fields: []*Field{
				{Name: "visibility", Type: EnumValue, Enum: VisibilityEnum, System: true, JA: "公開範囲", Doc: "Who may read the entry: the stricter of before and after."},
				{Name: "record", Type: RecordID, System: true, Indexed: true, JA: "対象", Doc: "The id of the record that changed."},
				{Name: "recordKind", Type: String, System: true, JA: "対象の種類", Doc: "The kind of the record."},
				{Name: "revision", Type: Int, System: true, Sortable: true, Indexed: true, JA: "版", Doc: "The revision the change made, as a number: 12 where answers say r12. Where a revision is asked for, either does."},
				{Name: "at", Type: Timestamp, System: true, JA: "日時", Doc: "When it was entered, in UTC."},
				{Name: "actor", Type: String, System: true, JA: "入力者", Doc: "Who entered it: an opaque id, not a name."},
				{Name: "reason", Type: String, System: true, JA: "理由", Doc: "Why, as given with the write."},
				{Name: "action", Type: EnumValue, Enum: ChangeActionEnum, System: true, JA: "操作", Doc: "What was done."},
				{Name: "before", Type: JSON, System: true, JA: "変更前", Doc: "The fields before; null at creation."},
				{Name: "after", Type: JSON, System: true, JA: "変更後", Doc: "The fields after."},
			}},
	}
}

func registry() []*Kind {
	return append(append(stakeholderKinds(), workKinds()...), evidenceKinds()...)
}
