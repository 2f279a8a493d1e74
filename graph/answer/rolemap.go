package answer

import (
	"slices"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
	"github.com/musubi-map/musubi/internal/store/ask"
)

// RoleMap is the role map of an initiative; with proposals, as it would be if
// they were agreed. Null when there is no such initiative.
func (q *Question) RoleMap(initiative network.ID, withProposals bool) (*Answer, error) {
	a := q.query()
	found := a.ByID(divisionSel(), initiative)
	revision, err := q.run(a)
	if err != nil || !found.First().Found() {
		return &Answer{Revision: revision}, err
	}
	in := division(found.First(), q.AsOf)
	judged := in
	if withProposals {
		judged = in.WithProposals()
	}
	m := rolemap.Build(judged)
	return answer(revision, "RoleMap", map[string]any{
		"initiative": held(initiative, "Initiative"),
		"activities": list(in.Activities, activityValue), "functions": functions(in),
		"gaps": findings(m.Gaps), "overlaps": findings(m.Overlaps), "conflicts": findings(m.Conflicts),
		"load": list(m.Load, loadValue), "coverage": coverageValue(m.Coverage),
	})
}

func activityValue(a rolemap.Activity) any {
	return object("RoleMapActivity", map[string]any{
		"activity":    held(a.ID, "Activity"),
		"responsible": entries(a.Roles, "RESPONSIBLE"), "accountable": entries(a.Roles, "ACCOUNTABLE"),
		"consulted": entries(a.Roles, "CONSULTED"), "informed": entries(a.Roles, "INFORMED"),
	})
}

func coverageValue(c rolemap.Coverage) any {
	return object("RoleMapCoverage", map[string]any{
		"activities": c.Activities, "withResponsible": c.WithResponsible, "withAccountable": c.WithAccountable, "complete": c.Complete,
		"share": shareValue(c.Share()), "sound": c.Sound, "soundShare": shareValue(c.SoundShare()),
	})
}

// shareValue is null where there is nothing to have a share of.
func shareValue(x float64, known bool) any {
	if !known {
		return nil
	}
	return number(x)
}

func entries(roles []rolemap.Role, responsibility string) []any {
	out := []any{}
	for _, r := range roles {
		if r.Responsibility == responsibility {
			out = append(out, entry(r))
		}
	}
	return out
}

func entry(r rolemap.Role) any {
	return object("RoleMapEntry", map[string]any{
		"holder": held(r.Holder.ID, network.RoleHolder), "vacant": r.Holder.Unheld(),
		"role": held(r.ID, "RoleAssignment"),
	})
}

// functions lists those that are filled or needed, in the order of the enum.
func functions(in rolemap.Input) []any {
	needed := map[string]bool{}
	for _, f := range rolemap.RequiredFunctions(in.InitiativeType) {
		needed[f] = true
	}
	out := []any{}
	for _, f := range network.FunctionEnum.Values {
		filled := []any{}
		for _, r := range in.Functions {
			if r.Function == f.Value {
				filled = append(filled, entry(r))
			}
		}
		if len(filled) > 0 || needed[f.Value] {
			out = append(out, object("RoleMapFunction", map[string]any{"function": f.Value, "label": f.JA, "entries": filled}))
		}
	}
	return out
}

func findings(fs []rolemap.Finding) []any {
	return list(fs, func(f rolemap.Finding) any {
		return object("RoleMapFinding", map[string]any{
			"rule": f.Rule.Name, "activity": held(f.Activity, "Activity"), "function": orNil(f.Function), "party": held(f.Party, network.StakeholderInterface),
			"roles": holds(f.Roles, "RoleAssignment"), "message": localized(f.Message()), "suggestion": localized(f.Rule.Suggestion),
		})
	})
}

func loadValue(l rolemap.Load) any {
	var staff any
	if l.Holder.Staff != nil {
		staff = *l.Holder.Staff
	}
	return object("RoleMapLoad", map[string]any{
		"holder": held(l.Holder.ID, network.RoleHolder), "responsible": l.Responsible, "accountable": l.Accountable, "staff": staff,
	})
}

// RoleMapDiff is what changed in the division of an initiative from a day until
// asOf; with proposals, the later side counts what is only proposed. Null when there
// is no such initiative.
func (q *Question) RoleMapDiff(initiative network.ID, before string, withProposals bool) (*Answer, error) {
	earlier, err := network.ParseDate(before)
	if err != nil {
		return nil, at(err, "before")
	}
	if earlier > q.AsOf {
		return nil, network.Errorf(network.InvalidDate, "before must not be later than after").At("before")
	}
	a := q.query()
	found := a.ByID(divisionSel(ask.Always()), initiative)
	revision, err := q.run(a)
	if err != nil || !found.First().Found() {
		return &Answer{Revision: revision}, err
	}
	was, is := division(found.First(), earlier), division(found.First(), q.AsOf)
	if withProposals {
		is = is.WithProposals()
	}
	d := rolemap.Compare(was, is)
	return answer(revision, "RoleMapDiff", map[string]any{
		"initiative": held(initiative, "Initiative"),
		"begun":      list(d.Begun, placedValue), "ended": list(d.Ended, placedValue),
		"moved": list(d.Moved, func(m rolemap.Moved) any {
			return object("RoleMapMove", map[string]any{
				"activity": held(m.Activity, "Activity"), "responsibility": orNil(m.From.Responsibility), "function": orNil(m.From.Function),
				"from": entry(m.From), "into": entry(m.Into),
			})
		}),
		"activitiesBegun": holds(d.ActivitiesNew, "Activity"), "activitiesEnded": holds(d.ActivitiesGone, "Activity"),
		"newFindings": findings(d.NewFindings), "resolvedFindings": findings(d.GoneFindings),
		"coverageBefore": coverageValue(d.CoverageThen), "coverageAfter": coverageValue(d.CoverageSoon),
	})
}

func placedValue(p rolemap.Placed) any {
	return object("RoleMapChange", map[string]any{"activity": held(p.Activity, "Activity"), "entry": entry(p.Role)})
}

// at puts a path in front of a typed error.
func at(err error, path ...string) error {
	if e, ok := err.(*network.Error); ok {
		return e.At(path...)
	}
	return err
}

// RoleCoverage is the coverage of several initiatives on several days. Those
// that never had an activity are left out.
func (q *Question) RoleCoverage(initiatives ask.Option, dates []string) (*Answer, error) {
	if len(dates) < 1 || len(dates) > 24 {
		return nil, network.Errorf(network.OutOfRange, "give 1 to 24 dates").At("dates")
	}
	days := make([]network.Date, len(dates))
	for i, s := range dates {
		d, err := network.ParseDate(s)
		if err != nil {
			return nil, at(err, "dates")
		}
		days[i] = d
	}
	a := q.query()
	sel := ask.Of("Initiative", "initiativeType", "from", "until").
		Many("activities", activitySel(ask.Always()), ask.By("position", "name"), ask.Always()).
		Many("roles", roleSel(ask.Always()), ask.Always()).
		Many("parties", ask.Of(network.StakeholderInterface, "from", "until"))
	found := a.Scan(sel, initiatives, ask.Always(), ask.By("name"))
	revision, err := q.run(a)
	if err != nil {
		return nil, err
	}
	rows := slices.DeleteFunc(slices.Clone(found.Rows()), func(r ask.Row) bool { return len(r.Many("activities")) == 0 })
	return answer(revision, "RoleCoverage", map[string]any{"rows": list(rows, func(row ask.Row) any {
		return object("RoleCoverageRow", map[string]any{
			"initiative": held(row.ID(), "Initiative"),
			"points": list(days, func(d network.Date) any {
				return object("RoleCoveragePoint", map[string]any{"date": d.String(), "coverage": coverageOn(row, d)})
			}),
		})
	})})
}

// coverageOn is null before the initiative began and after it ended.
func coverageOn(row ask.Row, on network.Date) any {
	if !row.Span().Holds(on) {
		return nil
	}
	return coverageValue(rolemap.Build(division(row, on)).Coverage)
}
