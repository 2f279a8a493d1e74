package network

// consentFields say that a person agreed to the use of their personal fields.
// They stay in sight of coordinators when the consent has ended.
func consentFields() []*Field {
	fields := []*Field{
		line("consentPurpose", "利用目的", "What the person agreed to have the personal fields used for.").like("キャリア教育の講師の紹介"),
		dated("consentGiven", "同意日", "The day on which the person agreed.").like("2024-02-01"),
		dated("consentUntil", "同意期限", "The first day on which the consent holds no more: from then on nobody reads the personal fields.").like("2027-04-01"),
		dated("consentWithdrawn", "同意撤回日", "The day on which the person took the consent back; once it is entered, nobody reads the personal fields.").like("2025-06-10"),
	}
	for _, f := range fields {
		f.Personal, f.Consent = true, true
	}
	return fields
}

// ConsentEnds is the first day on which nobody reads the personal fields of the
// record: MinDate once the consent is withdrawn, the day it expires, MaxDate when
// it does not. What was withdrawn itself goes by what it was.
func (r *Record) ConsentEnds() Date {
	if r.Kind == WithdrawnRecord {
		if was := r.Was(); was != nil {
			return was.ConsentEnds()
		}
		return MaxDate
	}
	if r.Fields["consentWithdrawn"] != nil {
		return MinDate
	}
	until := r.Date("consentUntil")
	if until.IsZero() || until.Precision() == PrecisionUnknown {
		return MaxDate
	}
	return until.Earliest()
}

// Withheld reports whether the field is one that an ended consent hides.
func (f *Field) Withheld() bool { return f.Personal && !f.Consent }

// checkConsent: who agreed did so for a purpose, and to an end after the beginning.
func checkConsent(r *Record) (errs Errors) {
	given := r.Fields["consentGiven"] != nil || r.Fields["consentUntil"] != nil
	if given && r.Str("consentPurpose") == "" {
		errs = append(errs, Errorf(Required, "say what the person agreed to have the fields used for").At("consentPurpose"))
	}
	if (Span{r.Date("consentGiven"), r.Date("consentUntil")}).Check() != nil {
		errs = append(errs, Errorf(InvalidDate, "it must be after the day on which the person agreed").At("consentUntil"))
	}
	return errs
}
