package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/graph/model"
	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/rolemap"
)

// RoleMap is the role map of an initiative: one statement loads the division of
// roles, a second the selected fields of every record in the answer.
func (r queryResolver) RoleMap(ctx context.Context, initiative string, _ *string) (*model.RoleMap, error) {
	return answer[model.RoleMap](ctx, r.Resolver, func(who plan.Asker, asOf network.Date) (*plan.Computed, int64, error) {
		result, err := r.Store.Fetch(ctx, plan.RoleMapPlan(who, asOf, network.ID(initiative)))
		if err != nil {
			return nil, 0, err
		}
		in, ok := plan.RoleMapInput(result, asOf)
		if !ok {
			return nil, 0, nil
		}
		v := roleMapValue(network.ID(initiative), in, rolemap.Build(in))
		v.Values["revision"] = plan.FormatRevision(result.Revision)
		return &v, result.Revision, nil
	})
}

func roleMapValue(initiative network.ID, in rolemap.Input, m rolemap.Map) plan.Computed {
	var rows []any
	for _, a := range in.Activities {
		rows = append(rows, plan.Computed{Type: "RoleMapActivity", Values: map[string]any{
			"activity":    plan.Held{ID: a.ID, Type: "Activity"},
			"responsible": entries(a.Roles, "RESPONSIBLE"), "accountable": entries(a.Roles, "ACCOUNTABLE"),
			"consulted": entries(a.Roles, "CONSULTED"), "informed": entries(a.Roles, "INFORMED"),
		}})
	}
	c := m.Coverage
	return plan.Computed{Type: "RoleMap", Values: map[string]any{
		"initiative": plan.Held{ID: initiative, Type: "Initiative"},
		"activities": list(rows), "functions": functions(in),
		"gaps": findings(m.Gaps), "overlaps": findings(m.Overlaps), "conflicts": findings(m.Conflicts), "load": loads(m.Load),
		"coverage": plan.Computed{Type: "RoleMapCoverage", Values: map[string]any{
			"activities": c.Activities, "withResponsible": c.WithResponsible, "withAccountable": c.WithAccountable, "complete": c.Complete, "share": c.Share(),
		}},
	}}
}

// list is never null.
func list(items []any) []any {
	if items == nil {
		return []any{}
	}
	return items
}

func held(id network.ID, typeName string) any {
	if id == "" {
		return nil
	}
	return plan.Held{ID: id, Type: typeName}
}

func entries(roles []rolemap.Role, responsibility string) []any {
	var out []any
	for _, r := range roles {
		if r.Responsibility == responsibility {
			out = append(out, entry(r))
		}
	}
	return list(out)
}

func entry(r rolemap.Role) plan.Computed {
	return plan.Computed{Type: "RoleMapEntry", Values: map[string]any{
		"holder": held(r.Holder.ID, network.RoleHolder), "vacant": r.Holder.Vacant || r.Holder.Expired,
		"role": plan.Held{ID: r.ID, Type: "RoleAssignment"},
	}}
}

// functions lists those that are filled or needed, in the order of the enum.
func functions(in rolemap.Input) []any {
	needed := map[string]bool{}
	for _, f := range rolemap.RequiredFunctions(in.InitiativeType) {
		needed[f] = true
	}
	var out []any
	for _, f := range network.FunctionEnum.Values {
		var filled []any
		for _, r := range in.Functions {
			if r.Function == f.Value {
				filled = append(filled, entry(r))
			}
		}
		if filled != nil || needed[f.Value] {
			out = append(out, plan.Computed{Type: "RoleMapFunction", Values: map[string]any{"function": f.Value, "label": f.JA, "entries": list(filled)}})
		}
	}
	return list(out)
}

func findings(fs []rolemap.Finding) []any {
	var out []any
	for _, f := range fs {
		var roles []any
		for _, id := range f.Roles {
			roles = append(roles, plan.Held{ID: id, Type: "RoleAssignment"})
		}
		var function any
		if f.Function != "" {
			function = f.Function
		}
		out = append(out, plan.Computed{Type: "RoleMapFinding", Values: map[string]any{
			"rule": f.Rule.Name, "activity": held(f.Activity, "Activity"), "function": function, "party": held(f.Party, network.StakeholderInterface),
			"roles":      list(roles),
			"message":    plan.Localized{"JA": f.Rule.MessageJA, "EN": f.Rule.Message},
			"suggestion": plan.Localized{"JA": f.Rule.SuggestionJA, "EN": f.Rule.Suggestion},
		}})
	}
	return list(out)
}

func loads(ls []rolemap.Load) []any {
	var out []any
	for _, l := range ls {
		var staff any
		if l.Holder.Staff != nil {
			staff = *l.Holder.Staff
		}
		out = append(out, plan.Computed{Type: "RoleMapLoad", Values: map[string]any{
			"holder": held(l.Holder.ID, network.RoleHolder), "responsible": l.Responsible, "accountable": l.Accountable, "staff": staff,
		}})
	}
	return list(out)
}

// attempts bounds how often a computed answer is begun again because the map
// changed between its two statements.
const attempts = 5

// answer computes a value from one statement and fetches the fields of its
// records with a second; when the revision moved between the two it starts
// again. A nil value is null.
func answer[T any, P raw[T]](ctx context.Context, r *Resolver, compute func(plan.Asker, network.Date) (*plan.Computed, int64, error)) (*T, error) {
	who := r.asker(ctx)
	op, field := graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field
	asOf, err := plan.AsOf(op, field, who)
	if err != nil {
		return nil, err
	}
	for range attempts {
		v, revision, err := compute(who, asOf)
		if err != nil || v == nil {
			return nil, err
		}
		planned, err := plan.ComputedPlan(op, field, who, *v)
		if err != nil {
			return nil, err
		}
		result, err := r.Store.Fetch(ctx, planned.Plan)
		if err != nil {
			return nil, err
		}
		if result.Revision == revision {
			out := new(T)
			P(out).SetJSON(planned.Render(result))
			return out, nil
		}
	}
	return nil, network.Errorf(network.Conflict, "the map kept changing while it was read; try again")
}
