package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/audit"
	"github.com/musubi-map/musubi/internal/exchange"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/ask"
)

type exportCommand struct {
	storeFlags
	auditFlags
	Format   string   `required:"" enum:"gexf,graphml,kumu,cytoscape,node-link,gephi-csv" help:"gexf, graphml, kumu, cytoscape, node-link or gephi-csv; docs/exchange.md says what each carries."`
	Output   string   `short:"o" required:"" help:"File to write, - for standard output; for gephi-csv a directory." placeholder:"FILE|DIR"`
	AsOf     string   `help:"The day the network is told of; today when not given." placeholder:"DATE"`
	AllTime  bool     `help:"Stakeholders and ties of all times, whether or not they hold on that day."`
	Kinds    []string `help:"Only stakeholders of these kinds, as School,企業,Organization, and the ties between them." placeholder:"KIND"`
	TieKinds []string `help:"Only ties of these kinds, as FUNDS,委託." placeholder:"KIND"`
	Area     string   `help:"Only stakeholders of this area and its parts: a name, a code or an id." placeholder:"AREA"`
	Personal bool     `help:"With the personal fields, as contacts and registration numbers, which are left out otherwise."`
}

// Run writes the network to the file or the directory.
func (c *exportCommand) Run(a *app) error {
	q, err := c.query(network.SystemClock())
	if err != nil {
		return err
	}
	s, err := c.openThere(a)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(a.ctx)) }()
	if c.Area != "" {
		if q.area, err = areaID(a.ctx, s, c.Area); err != nil {
			return err
		}
	}
	n, err := q.load(a.ctx, s)
	if err != nil {
		return err
	}
	if err := c.tell(n); err != nil {
		return err
	}
	if err := c.write(a, exchange.FormatNamed(c.Format), n); err != nil {
		return err
	}
	c.report(a, n)
	return nil
}

// tell puts the personal fields that the network holds into the audit log.
func (c *exportCommand) tell(n *exchange.Network) error {
	e := audit.Entry{What: audit.Read, Command: "export", Revision: n.Revision}
	for id, fields := range n.Personal() {
		e.Records = append(e.Records, audit.Record{ID: id, Fields: fields})
	}
	if e.Records == nil {
		return nil
	}
	return c.record(c.storeFlags, e)
}

// openThere opens the store, but makes no new file: a wrong name would give an
// empty network.
func (c *exportCommand) openThere(a *app) (store.Store, error) {
	if c.Neo4jURI == "" {
		if _, err := os.Stat(c.Data); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("there is no map in %s", c.Data)
		}
	}
	return c.open(a.ctx, a.log)
}

// report says what was written and what a reader must know of it. The summary
// leaves standard output free for the network.
func (c *exportCommand) report(a *app, n *exchange.Network) {
	to, out := c.Output, a.out
	if to == "-" {
		to, out = "standard output", a.errOut
	}
	when := "as of " + n.AsOf.Text()
	if n.AllTime {
		when = "of all times, names " + when
	}
	fmt.Fprintf(out, "%d stakeholders and %d ties %s written to %s (revision %d)\n", len(n.Nodes), len(n.Ties), when, to, n.Revision)
	if c.Personal {
		fmt.Fprintf(a.errOut, "the export holds personal fields (%s): keep it where only those see it who may\n", personalFields())
	} else {
		fmt.Fprintf(a.errOut, "personal fields (%s) were left out; --personal exports them\n", personalFields())
	}
	if hidden := n.NotPublic(); hidden > 0 {
		fmt.Fprintf(a.errOut, "%d of the stakeholders and ties are not PUBLIC: see their visibility before you pass the export on\n", hidden)
	}
}

func personalFields() string {
	var names []string
	for _, f := range slices.Concat(exchange.NodeFields(true), exchange.TieFields(true)) {
		if f.Personal {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
}

// write writes the parts of a format.
func (c *exportCommand) write(a *app, f *exchange.Format, n *exchange.Network) error {
	directory := f.Parts[0].Name != ""
	switch {
	case c.Output == "-" && directory:
		return fmt.Errorf("%s consists of several files: name a directory", f.Name)
	case c.Output == "-":
		return f.Parts[0].Write(a.out, n)
	case directory:
		if err := os.MkdirAll(c.Output, 0o750); err != nil {
			return err
		}
	}
	for _, p := range f.Parts {
		if err := replace(filepath.Join(c.Output, p.Name), func(w io.Writer) error { return p.Write(w, n) }); err != nil {
			return err
		}
	}
	return nil
}

// replace writes a file beside the one there is, readable by its owner only, and
// puts it in its place when it is whole.
func replace(name string, write func(io.Writer) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	if err = write(f); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// query checks the flags.
func (c *exportCommand) query(clock network.Clock) (*networkQuery, error) {
	q := &networkQuery{asOf: network.Today(clock), allTime: c.AllTime, personal: c.Personal}
	if c.AsOf != "" {
		d, err := network.ParsePartialDate(c.AsOf)
		if err != nil {
			return nil, err
		}
		if d.Precision() != network.PrecisionDay {
			return nil, fmt.Errorf("--as-of must be a day, as 2024-02-01")
		}
		q.asOf = d.Date()
	}
	for _, name := range c.Kinds {
		kinds := exchange.StakeholderKinds(name)
		if len(kinds) == 0 {
			return nil, fmt.Errorf("%q is no kind of stakeholder; use School, CityDepartment, …, a Japanese term, Organization or Individual", name)
		}
		q.kinds = append(q.kinds, kinds...)
	}
	for _, name := range c.TieKinds {
		kind, ok := network.TieKindEnum.Parse(strings.TrimSpace(name))
		if !ok {
			return nil, fmt.Errorf("%q is no kind of tie; use FUNDS, COMMISSIONS, …, or a Japanese term", name)
		}
		q.tieKinds = append(q.tieKinds, kind)
	}
	return q, nil
}

// areaID finds an area by its id, code or name.
func areaID(ctx context.Context, s store.Store, text string) (network.ID, error) {
	q := ask.New(network.Admin("export"), network.MaxDate)
	areas := q.Scan(ask.Of("Area", "name", "areaCode"))
	if _, err := q.Run(ctx, s); err != nil {
		return "", err
	}
	var found []string
	for _, r := range areas.Rows() {
		if string(r.ID()) == text || r.Str("areaCode") == text {
			return r.ID(), nil
		}
		if network.Fold(r.Str("name")) == network.Fold(text) {
			found = append(found, string(r.ID()))
		}
	}
	switch len(found) {
	case 0:
		return "", fmt.Errorf("there is no area %q; give its name, code or id", text)
	case 1:
		return network.ID(found[0]), nil
	}
	return "", fmt.Errorf("there is more than one area %q; give the id: %s", text, strings.Join(found, ", "))
}

// networkQuery is what to load of the map.
type networkQuery struct {
	asOf              network.Date
	allTime, personal bool
	kinds             []*network.Kind // of stakeholders; none: all
	tieKinds          []any
	area              network.ID
}

// load reads the network in one plan, so at one revision. A tie is in it when
// both its ends are.
func (q *networkQuery) load(ctx context.Context, s store.Store) (*exchange.Network, error) {
	plan := ask.New(network.Admin("export"), q.asOf)
	nodes := newReading(plan, network.StakeholderInterface, exchange.NodeFields(q.personal))
	ties := newReading(plan, network.TieRecord, exchange.TieFields(q.personal))
	nodeRows := plan.Scan(nodes.selection("name", "from", "until"), q.options(q.nodeFilter())...)
	tieRows := plan.Scan(ties.selection("kind", "subject", "object", "from", "until"), q.options(q.tieFilter())...)
	revision, err := plan.Run(ctx, s)
	if err != nil {
		return nil, err
	}
	n := &exchange.Network{Revision: revision, AsOf: network.Day(q.asOf), AllTime: q.allTime, NodeAttributes: nodes.attributes(), TieAttributes: ties.attributes()}
	at := map[network.ID]int32{}
	for _, r := range nodeRows.Rows() {
		at[r.ID()] = int32(len(n.Nodes))
		n.Nodes = append(n.Nodes, exchange.Node{ID: r.ID(), Kind: r.Kind().Name, Label: r.Str("name"), Span: r.Span(), Values: nodes.values(r)})
	}
	for _, r := range tieRows.Rows() {
		subject, inS := at[r.Ref("subject")]
		object, inO := at[r.Ref("object")]
		if inS && inO {
			kind := r.Str("kind")
			n.Ties = append(n.Ties, exchange.Tie{ID: r.ID(), Kind: kind, Subject: subject, Object: object, Mutual: network.TieKindOf(kind).Mutual, Span: r.Span(), Values: ties.values(r)})
		}
	}
	n.DropUnused()
	return n, nil
}

func (q *networkQuery) options(filter store.And) []ask.Option {
	options := []ask.Option{ask.Where(filter)}
	if q.allTime {
		options = append(options, ask.Always())
	}
	return options
}

func (q *networkQuery) nodeFilter() (all store.And) {
	if q.kinds != nil {
		all = append(all, store.IsKind{Kinds: q.kinds})
	}
	if q.area != "" {
		area, up := network.Concrete(network.StakeholderInterface)[0].Field("area"), network.MustKind("Area").Field("parent")
		all = append(all, store.Within{Field: area, Up: up, ID: q.area})
	}
	return all
}

func (q *networkQuery) tieFilter() (all store.And) {
	if q.tieKinds != nil {
		all = append(all, store.Compare{Field: network.TieKindRecord().Field("kind"), Op: store.IN, Value: q.tieKinds})
	}
	return all
}

// reading reads the fields of the records of a type. What references lead to is
// read beside the records and not below each of their kinds, which would make a
// statement that takes a database minutes to plan.
type reading struct {
	of     string
	fields []*network.Field
	names  map[string]*ask.Answer   // by type: what references lead to
	lists  map[string][]*ask.Answer // by field: records with their list
	lookup map[string]map[network.ID][]string
}

func newReading(plan *ask.Query, of string, fields []*network.Field) *reading {
	r := &reading{of, fields, map[string]*ask.Answer{}, map[string][]*ask.Answer{}, map[string]map[network.ID][]string{}}
	for _, f := range fields {
		switch f.Type {
		case network.Ref:
			if to := f.TypeName(); r.names[to] == nil {
				r.names[to] = plan.Scan(ask.Of(to, "name"), ask.Always())
			}
		case network.Refs:
			for _, holder := range holders(of, f.Name) {
				list := ask.Of(holder).Many(f.Name, ask.Of(f.TypeName(), "name"), ask.By("name"))
				r.lists[f.Name] = append(r.lists[f.Name], plan.Scan(list, ask.Always()))
			}
		}
	}
	return r
}

// holders are the types whose records have the field: the type as a whole, or
// some of its kinds.
func holders(of, field string) []string {
	var names []string
	kinds := network.Concrete(of)
	for _, k := range kinds {
		if k.Field(field) != nil {
			names = append(names, k.Name)
		}
	}
	if len(names) == len(kinds) {
		return []string{of}
	}
	return names
}

func (r *reading) attributes() []exchange.Attribute {
	out := make([]exchange.Attribute, len(r.fields))
	for i, f := range r.fields {
		out[i] = exchange.AttributeOf(f)
	}
	return out
}

// selection asks for the fields; a reference gives an id.
func (r *reading) selection(more ...string) *ask.Sel {
	for _, f := range r.fields {
		if f.Type != network.Refs {
			more = append(more, f.Name)
		}
	}
	return ask.Of(r.of, more...)
}

// values are those of the fields; nil where there is none. A flag that is not
// set is none.
func (r *reading) values(row ask.Row) []any {
	out := make([]any, len(r.fields))
	for i, f := range r.fields {
		out[i] = r.value(row, f)
	}
	return out
}

func (r *reading) value(row ask.Row, f *network.Field) any {
	switch f.Type {
	case network.Ref:
		for _, name := range r.found(f.TypeName())[row.Ref(f.Name)] {
			return name
		}
	case network.Refs:
		return r.found(f.Name)[row.ID()]
	case network.Strings:
		return row.Strings(f.Name)
	case network.Dated:
		if d := row.Date(f.Name); !d.IsZero() {
			return d
		}
	case network.Int:
		if n, ok := row.Int(f.Name); ok {
			return n
		}
	case network.Bool:
		if row.Bool(f.Name) {
			return true
		}
	default:
		return row.Str(f.Name)
	}
	return nil
}

// found are the names read for a type, by id, or those in a field, by record.
func (r *reading) found(of string) map[network.ID][]string {
	if known := r.lookup[of]; known != nil {
		return known
	}
	out := map[network.ID][]string{}
	if answer := r.names[of]; answer != nil {
		for _, row := range answer.Rows() {
			out[row.ID()] = []string{row.Str("name")}
		}
	}
	for _, answer := range r.lists[of] {
		for _, row := range answer.Rows() {
			for _, to := range row.Many(of) {
				out[row.ID()] = append(out[row.ID()], to.Str("name"))
			}
		}
	}
	r.lookup[of] = out
	return out
}
