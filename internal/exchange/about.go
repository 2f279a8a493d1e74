package exchange

import "fmt"

// fact is something said of the network as a whole.
type fact struct {
	Attribute
	value any
}

// about are the facts that every format writes down in its own place.
func (n *Network) about() []fact {
	out := []fact{{Attribute{"revision", IntegerValue}, n.Revision}}
	if !n.AsOf.IsZero() {
		out = append(out, fact{Attribute{"asOf", DateValue}, n.AsOf})
	}
	if n.AllTime {
		out = append(out, fact{Attribute{"allTime", BooleanValue}, true})
	}
	return out
}

// title says the same for people.
func (n *Network) title() string {
	when := ""
	switch {
	case n.AllTime:
		when = " of all times"
	case !n.AsOf.IsZero():
		when = " as of " + n.AsOf.Text()
	}
	return fmt.Sprintf("Stakeholder network%s, revision %d", when, n.Revision)
}
