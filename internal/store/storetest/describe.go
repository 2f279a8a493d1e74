package storetest

import (
	"fmt"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// describe shows a plan to the person who has to find out what went wrong.
func describe(p *store.Plan) string {
	var b strings.Builder
	fmt.Fprintf(&b, "as %s on %s\n", p.Viewer.Role, p.AsOf)
	for _, c := range p.Roots {
		describeList(&b, c, "")
	}
	if q := p.Network; q != nil {
		fmt.Fprintf(&b, "network: centers %v, hops %d, toward %v, back %d, between %d, posts %t, direction %d, limit %d, ties %s, nodes %s, of ties %s, of nodes %s, of seats %s\n",
			q.Centers, q.Hops, q.Toward, q.Back, q.Between, q.Posts, q.Direction, q.Limit, exprText(q.Ties), exprText(q.Nodes),
			fieldNames(q.TieFields), fieldNames(q.NodeFields), fieldNames(q.SeatFields))
	}
	return b.String()
}

func fieldNames(fs []*network.Field) string {
	names := make([]string, len(fs))
	for i, f := range fs {
		names[i] = f.Name
	}
	return strings.Join(names, " ")
}

func kindNames(ks []*network.Kind) string {
	names := make([]string, len(ks))
	for i, k := range ks {
		names[i] = k.Name
	}
	return strings.Join(names, "|")
}

func sourceText(s store.Source) string {
	switch s.Op {
	case store.ByID:
		return fmt.Sprintf("byID%v", s.IDs)
	case store.Search:
		return fmt.Sprintf("search%q", s.Terms)
	case store.Ties:
		return fmt.Sprintf("ties%v direction %d", s.Ties, s.Dir)
	case store.Party:
		return [...]string{"subject", "object", "other"}[s.End]
	case store.Follow:
		var hops []string
		for _, h := range s.Hops {
			arrow := "→"
			if h.Inverse {
				arrow = "←"
			}
			hops = append(hops, arrow+h.Kind.Name+"."+h.Field.Name)
		}
		return strings.Join(hops, "")
	}
	return "scan"
}

func describeList(b *strings.Builder, c *store.Collection, indent string) {
	fmt.Fprintf(b, "%s%s of %s", indent, sourceText(c.Source), kindNames(c.Kinds))
	for _, o := range c.Order {
		fmt.Fprintf(b, " order %s desc=%t", o.Field.Name, o.Desc)
	}
	for _, d := range c.Group {
		b.WriteString(" group ")
		if d.Periods != nil {
			fmt.Fprint(b, d.Periods)
			continue
		}
		if d.Via != nil {
			b.WriteString(d.Via.Name + ".")
		}
		if d.Field == nil {
			b.WriteString("kind")
			continue
		}
		b.WriteString(d.Field.Name)
		if d.Rise != nil {
			b.WriteString(" up to " + d.Rise.Value)
		}
	}
	fmt.Fprintf(b, " limit %d", c.Limit)
	for name, set := range map[string]bool{"backward": c.Backward, "ever": c.Ever, "single": c.Single, "rows": c.Rows, "more": c.More, "total": c.Total, "other": c.Other, "cursor": c.Cursor} {
		if set {
			b.WriteString(" " + name)
		}
	}
	if c.After != nil {
		fmt.Fprintf(b, " after %+v", *c.After)
	}
	if c.Before != nil {
		fmt.Fprintf(b, " before %+v", *c.Before)
	}
	if c.During != nil {
		fmt.Fprintf(b, " during %s..%s", c.During.From, c.During.Until)
	}
	b.WriteString("\n")
	if c.Filter != nil {
		fmt.Fprintf(b, "%s  where %s\n", indent, exprText(c.Filter))
	}
	for _, s := range c.Shapes {
		fmt.Fprintf(b, "%s  on %s:", indent, kindNames(s.Kinds))
		for _, col := range s.Columns {
			switch {
			case col.Field != nil:
				b.WriteString(" " + col.Field.Name)
			case col.Child == nil:
				b.WriteString(" " + [...]string{"none", "id", "version", "facing", "rank"}[col.Builtin])
			default:
				b.WriteString(" {\n")
				describeList(b, col.Child, indent+"    ")
				b.WriteString(indent + "  }")
			}
		}
		b.WriteString("\n")
	}
}

func exprText(e store.Expr) string {
	switch e := e.(type) {
	case nil:
		return "all"
	case store.And:
		return "and" + exprTexts(e)
	case store.Or:
		return "or" + exprTexts(e)
	case store.Not:
		return "not(" + exprText(e.X) + ")"
	case store.Compare:
		op := [...]string{"=", "≠", "in", "<", "≤", ">", "≥", "contains", "startsWith", "null"}[e.Op]
		return fmt.Sprintf("%s %s %v", e.Field.Name, op, e.Value)
	case store.HasID:
		return fmt.Sprintf("id%v", e.IDs)
	case store.IsKind:
		return "is " + kindNames(e.Kinds)
	case store.Text:
		return fmt.Sprintf("text%q", e.Terms)
	case store.Within:
		return fmt.Sprintf("%s within %s", e.Field.Name, e.ID)
	case store.Above:
		return fmt.Sprintf("above %s", e.ID)
	case store.Has:
		quant := [...]string{"some", "every", "none"}[e.Quant]
		return fmt.Sprintf("%s{%s of %s: %s}", quant, sourceText(e.Source), kindNames(e.Kinds), exprText(e.Where))
	}
	return fmt.Sprintf("%T", e)
}

func exprTexts(es []store.Expr) string {
	out := make([]string, len(es))
	for i, e := range es {
		out[i] = exprText(e)
	}
	return "(" + strings.Join(out, ", ") + ")"
}
