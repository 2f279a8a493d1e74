package store

import "github.com/musubi-map/musubi/internal/network"

// Expr is a condition on a record. Conditions are two-valued: a comparison with
// an absent value is false, and Not of it true.
type Expr interface{ expr() }

// And holds when all do; the empty And holds.
type And []Expr

// Or holds when one does; the empty Or does not.
type Or []Expr

// Not turns a condition round.
type Not struct{ X Expr }

// Op is a comparison.
type Op uint8

// The comparisons. Contains and StartsWith fold both sides (network.Fold) and
// look at strings; on Strings fields a comparison holds when one element does.
const (
	EQ Op = iota
	NE    // present and different
	IN    // Value is []any
	LT
	LTE
	GT
	GTE
	Contains
	StartsWith
	Null // Value is bool: true for absent
)

// Compare holds a field against a value: string, int64, bool or network.Date by
// the type of the field. A Dated field compares by Earliest for from-like
// fields and by Stop for "until"; an unknown date is absent. A field with a
// History compares its value as of the plan's date. Ref fields compare the ID;
// on Refs, one element.
type Compare struct {
	Field *network.Field
	Op    Op
	Value any
}

// HasID holds for records with one of the IDs.
type HasID struct{ IDs []network.ID }

// IsKind holds for records of one of the kinds.
type IsKind struct{ Kinds []*network.Kind }

// Text holds when every folded term occurs in one of the record's names ever.
type Text struct{ Terms []string }

// Named holds when the record's present name folds (network.Fold) to one of the
// names, which are folded.
type Named struct{ Names []string }

// Within holds when Field (a Ref or Refs to Up's kind) leads to ID or to a
// record below it along Up: an area with its parts.
type Within struct {
	Field *network.Field
	Up    *network.Field
	ID    network.ID
}

// Above holds for the record ID and for those it lies in, along Up: an area with
// the areas it is a part of.
type Above struct {
	Up *network.Field
	ID network.ID
}

// Quant says how many members must satisfy a nested condition.
type Quant uint8

// The quantifiers. Every holds for an empty set.
const (
	Some Quant = iota
	Every
	Nothing
)

// Has is a nested condition on the members of a collection: those the viewer
// sees, that hold at AsOf.
type Has struct {
	Source Source
	Kinds  []*network.Kind
	Quant  Quant
	Where  Expr // nil: any member
}

func (And) expr()     {}
func (Or) expr()      {}
func (Not) expr()     {}
func (Compare) expr() {}
func (HasID) expr()   {}
func (IsKind) expr()  {}
func (Text) expr()    {}
func (Named) expr()   {}
func (Within) expr()  {}
func (Above) expr()   {}
func (Has) expr()     {}
