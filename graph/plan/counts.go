package plan

import (
	"slices"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

const (
	maxDimensions = 4
	maxPeriods    = 60
)

// Counts plans the root field stakeholderCounts.
func Counts(op *graphql.OperationContext, f graphql.CollectedField, who Asker) (*Planned, error) {
	return counting(op, f, who, network.Concrete(network.StakeholderInterface), "", stakeholderDimensions)
}

// TieCounts plans the root field tieCounts.
func TieCounts(op *graphql.OperationContext, f graphql.CollectedField, who Asker) (*Planned, error) {
	return counting(op, f, who, []*network.Kind{network.TieKindRecord()}, "Tie", tieDimensions)
}

// counting plans a root field that counts records of some kinds by the
// dimensions named in groupBy; prefix stands before the names of its types.
func counting(op *graphql.OperationContext, f graphql.CollectedField, who Asker, kinds []*network.Kind, prefix string, dimensions map[string]dimension) (*Planned, error) {
	fr, err := newFrame(op, f, who)
	if err != nil {
		return nil, err
	}
	counted, err := tableOf(fr.args, dimensions)
	if err != nil {
		return nil, err
	}
	t, err := templateFor(op, f, who, "", func(c *compiler) (*list, writer, error) {
		return &list{col: store.Collection{Source: store.Source{Op: store.Scan}, Kinds: kinds}}, c.countTable(f, prefix), nil
	})
	if err != nil {
		return nil, err
	}
	planned, err := t.run(fr, func(col *store.Collection) error { return counted.narrow(col, fr.args) })
	if err != nil {
		return nil, err
	}
	planned.render = func(r *store.Result) []byte { return t.render(fr, r, counted.rows(r.Values[0].([]any))) }
	return planned, nil
}

// narrow has a collection count what the arguments say.
func (t *table) narrow(col *store.Collection, args map[string]any) error {
	col.Group = t.group()
	var err error
	if col.During, err = during(args); err != nil {
		return err
	}
	if t.periods != nil {
		if col.During != nil {
			return network.Errorf(network.InvalidValue, "dates and fiscalYears say when; leave out during").At("during")
		}
		col.During = t.span()
	}
	if raw, ok := args["filter"].(map[string]any); ok {
		col.Filter, err = filter(col.Kinds, raw)
	}
	return at(err, "filter")
}

// table is what records are counted by.
type table struct {
	names      []string
	dimensions []dimension
	periods    []period // nil: none
}

// period is a day or a fiscal year for which records are counted.
type period struct {
	value, label string
	days         network.DateRange
}

func tableOf(args map[string]any, dimensions map[string]dimension) (*table, error) {
	t := &table{names: stringsOf(args["groupBy"])}
	if len(t.names) == 0 || len(t.names) > maxDimensions {
		return nil, network.Errorf(network.OutOfRange, "give 1 to %d dimensions", maxDimensions).At("groupBy")
	}
	for i, name := range t.names {
		if slices.Contains(t.names[:i], name) {
			return nil, network.Errorf(network.InvalidValue, "%s is given twice", name).At("groupBy", strconv.Itoa(i))
		}
	}
	if err := t.readPeriods(args); err != nil {
		return nil, err
	}
	for _, name := range t.names {
		if name == byDate || name == byFiscalYear {
			t.dimensions = append(t.dimensions, t.inPeriods())
			continue
		}
		t.dimensions = append(t.dimensions, dimensions[name])
	}
	return t, nil
}

// The dimensions that are periods, each with an argument that gives them.
const (
	byDate       = "DATE"
	byFiscalYear = "FISCAL_YEAR"
)

// readPeriods reads the days or fiscal years to count for.
func (t *table) readPeriods(args map[string]any) error {
	for _, p := range []struct {
		dimension, argument string
		read                func(any) (period, error)
	}{{byDate, "dates", dayPeriod}, {byFiscalYear, "fiscalYears", yearPeriod}} {
		given, wanted := args[p.argument] != nil, slices.Contains(t.names, p.dimension)
		switch {
		case given != wanted:
			return network.Errorf(network.InvalidValue, "%s in groupBy and %s go together: give both or neither", p.dimension, p.argument).At(p.argument)
		case given && t.periods != nil:
			return network.Errorf(network.InvalidValue, "count by dates or by fiscal years, not by both").At(p.argument)
		case !given:
			continue
		}
		list, ok := args[p.argument].([]any)
		if !ok {
			list = []any{args[p.argument]}
		}
		if len(list) == 0 || len(list) > maxPeriods {
			return network.Errorf(network.OutOfRange, "give 1 to %d", maxPeriods).At(p.argument)
		}
		for i, v := range list {
			one, err := p.read(v)
			if err != nil {
				return at(err, p.argument, strconv.Itoa(i))
			}
			t.periods = append(t.periods, one)
		}
	}
	slices.SortFunc(t.periods, func(a, b period) int { return int(a.days.From - b.days.From) })
	t.periods = slices.Compact(t.periods)
	return nil
}

func dayPeriod(v any) (period, error) {
	text, _ := v.(string)
	day, err := network.ParseDate(text)
	if err != nil {
		return period{}, err
	}
	return period{day.String(), network.Day(day).Label(), network.DateRange{From: day, Until: day.AddDays(1)}}, nil
}

func yearPeriod(v any) (period, error) {
	n, _ := intOf(v)
	if n < 1 || n > 9998 {
		return period{}, network.Errorf(network.OutOfRange, "a fiscal year is 1 to 9998, as in 2023")
	}
	year := network.FiscalYear(n)
	return period{strconv.Itoa(int(n)), year.Label(), network.DateRange{From: year.Start(), Until: year.End()}}, nil
}

// inPeriods is the dimension of the periods.
func (t *table) inPeriods() dimension {
	days := make([]network.DateRange, len(t.periods))
	for i, p := range t.periods {
		days[i] = p.days
	}
	return dimension{of: []store.Dimension{{Periods: days}}, key: func(values, _ []any) (any, any) { return values[0], nil }}
}

// span is all the days from the first to the last period.
func (t *table) span() *network.DateRange {
	out := t.periods[0].days
	for _, p := range t.periods {
		out.Until = max(out.Until, p.days.Until)
	}
	return &out
}

func (t *table) group() []store.Dimension {
	var out []store.Dimension
	for _, d := range t.dimensions {
		out = append(out, d.of...)
	}
	return out
}
