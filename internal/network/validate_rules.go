package network

import "net/url"

// rule is what holds for the records of a kind, or of an interface, beyond the
// types of their fields. It sees values that have been cleaned.
type rule struct {
	kind  string
	check func(*Record) Errors
}

var rules = []rule{
	{"RoleAssignment", checkRole},
	{TieRecord, checkTieEnds},
	{"School", checkSchoolCode},
	{StakeholderInterface, func(r *Record) Errors { return checkURL(r, "website") }},
	{"Source", func(r *Record) Errors { return checkURL(r, "url") }},
	{"Source", checkHearingSource},
	{IndividualInterface, checkConsent},
}

// checkRole: a responsibility on an activity, or a function in an initiative.
func checkRole(r *Record) Errors {
	activity, initiative := r.Str("activity") != "", r.Str("initiative") != ""
	if activity == initiative {
		return Errors{Errorf(InvalidValue, "give either activity, with a responsibility, or initiative, with a function").At("activity")}
	}
	need, refuse, target := "responsibility", "function", "an activity"
	if initiative {
		need, refuse, target = "function", "responsibility", "an initiative"
	}
	var errs Errors
	if r.Str(need) == "" {
		errs = append(errs, Errorf(Required, "a role on %s needs a %s", target, need).At(need))
	}
	if r.Str(refuse) != "" {
		errs = append(errs, Errorf(InvalidValue, "a role on %s has a %s, not a %s; leave it out", target, need, refuse).At(refuse))
	}
	return errs
}

func checkTieEnds(r *Record) Errors {
	if s := r.Str("subject"); s != "" && s == r.Str("object") {
		return Errors{Errorf(InvalidValue, "a tie joins two different stakeholders; subject and object are the same").At("object")}
	}
	return nil
}

// schoolLevels are the levels by the type in the school code; types without a
// level (universities) say nothing.
var schoolLevels = map[string]string{
	"A1": "KINDERGARTEN", "A2": "CERTIFIED_CHILD_CENTRE", "B1": "ELEMENTARY", "C1": "JUNIOR_HIGH", "C2": "COMPULSORY_EDUCATION",
	"D1": "HIGH", "D2": "SECONDARY", "E1": "SPECIAL_NEEDS", "G1": "TECHNICAL_COLLEGE", "H1": "VOCATIONAL", "H2": "VOCATIONAL",
}

// checkSchoolCode: level and establisher, where given, are those of the code.
func checkSchoolCode(r *Record) Errors {
	typ, _, establisher := SchoolCodeInfo(r.Str("schoolCode"))
	if typ == "" {
		return nil
	}
	var errs Errors
	disagree := func(field, want string) {
		if got := r.Str(field); got != "" && want != "" && got != want {
			errs = append(errs, Errorf(InvalidValue, "by its school code it is %s; correct one of the two", want).At(field))
		}
	}
	disagree("level", schoolLevels[typ])
	if establisher >= 1 && establisher <= len(EstablisherEnum.Values) {
		disagree("establisher", EstablisherEnum.Values[establisher-1].Value)
	}
	return errs
}

// checkURL lets web addresses through only: dashboards make links of them.
func checkURL(r *Record, field string) Errors {
	s := r.Str(field)
	if s == "" {
		return nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return Errors{Errorf(InvalidValue, "it must be a web address beginning with https:// or http://").At(field)}
	}
	return nil
}

func checkHearingSource(r *Record) Errors {
	if r.Str("hearing") != "" && r.Str("sourceType") != "" && r.Str("sourceType") != "HEARING" {
		return Errors{Errorf(InvalidValue, "only a source of the type HEARING comes of a hearing; leave it out or change the type").At("hearing")}
	}
	return nil
}
