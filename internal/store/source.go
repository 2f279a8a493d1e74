package store

import "github.com/musubi-map/musubi/internal/network"

// SourceOf is how the members of a collection of the registry are reached.
func SourceOf(c *network.Collection) Source {
	if c.Ties {
		return Source{Op: Ties, Ties: c.TieKinds, Dir: c.Direction}
	}
	var hops []Hop
	for _, h := range c.Hops {
		k := network.MustKind(h.Kind)
		hops = append(hops, Hop{Kind: k, Field: k.Field(h.Field), Inverse: h.Inverse})
	}
	return Source{Op: Follow, Hops: hops}
}

// The fields by which a post joins who holds it and the organisation that has it,
// for [SubgraphQuery].Posts.
var (
	HeldBy = hopOver("Occupancy", "person")
	OfPost = hopOver("Occupancy", "post")
	PostIn = hopOver("Post", "organization")
)

func hopOver(kind, field string) Hop {
	k := network.MustKind(kind)
	return Hop{Kind: k, Field: k.Field(field)}
}

// Back is the hop the other way.
func (h Hop) Back() Hop {
	h.Inverse = !h.Inverse
	return h
}

// SourceOfField is how a field of the kind that leads to other records is
// followed; the ends of a tie are its parties.
func SourceOfField(k *network.Kind, f *network.Field) Source {
	if k.Name == network.TieRecord {
		switch f.Name {
		case "subject":
			return Source{Op: Party, End: Subject}
		case "object":
			return Source{Op: Party, End: Object}
		}
	}
	return Source{Op: Follow, Hops: []Hop{{Kind: k, Field: f}}}
}
