package network

import (
	"fmt"
	"sort"
)

// FieldType says how a field's value is stored and what Go type it has in
// [Record].Fields.
type FieldType uint8

// The field types, each with the Go type of its value.
const (
	String      FieldType = iota // string, one line
	Text                         // string, several lines
	Int                          // int64
	Bool                         // bool
	EnumValue                    // string, one of Field.Enum
	Code                         // string, checked and normalised by Field.Parse
	Dated                        // PartialDate
	Strings                      // []string
	Ref                          // ID of a record of one of Field.Targets
	Refs                         // []ID, in the order given, without repeats
	RecordID                     // ID of any record, node or tie; kept as a property, not as a link
	HistoryList                  // []DatedValue, in order of time
	Timestamp                    // string, RFC 3339 in UTC; log records only
	JSON                         // string, a JSON object; log records only
)

// Field is one field of a kind.
type Field struct {
	Name string
	Type FieldType
	Enum *Enum
	// Parse normalises and checks a Code.
	Parse func(string) (string, error)
	// Targets are the concrete kinds a Ref or Refs may point to.
	Targets []string
	// Rel is the relationship type of a Ref or Refs in Neo4j.
	Rel string
	// History names the HistoryList field whose entry valid at asOf overrides
	// this field: the name a section had then, the stage it was in.
	History string
	// HistoryPart says which part of the entry is taken: 0 Value, 1 Extra.
	HistoryPart int
	Min, Max    int64 // bounds of an Int; both 0: unbounded
	Required    bool
	Unique      bool // unique among the records of the kind that declares it
	Indexed     bool
	Searchable  bool
	Sortable    bool
	Personal    bool   // needs coordinator to read, filter, sort or group by
	Whole       bool   // holds a record as it was, with all it led to: needs admin
	Consent     bool   // part of the consent to the use of the personal fields
	Immutable   bool   // given at creation, never changed
	System      bool   // set by the store, never by a user
	Doc         string // English, one sentence, for analysts
	JA          string // the Japanese term
	Example     string

	slot int
}

// Slot is the position of the field among its kind's fields.
func (f *Field) Slot() int { return f.slot }

// IsRef tells whether the field links to other records (Ref or Refs).
func (f *Field) IsRef() bool { return f.Type == Ref || f.Type == Refs }

// Leads tells whether the field holds IDs of other records: as links, or as the ID of
// any record.
func (f *Field) Leads() bool { return f.IsRef() || f.Type == RecordID }

// Hop is one step from a record to others: along a Ref or Refs field, or
// against it (Inverse) from the target to the records that point to it.
type Hop struct {
	Kind    string // the kind that declares Field
	Field   string
	Inverse bool
}

// Collection is a list reached from a record of a kind: by hops, or as ties.
type Collection struct {
	Name string
	Hops []Hop
	// TieKinds and Direction make it a list of ties; Ties is set then.
	Ties      bool
	TieKinds  []string // empty: every kind
	Direction Direction
	// Element names the GraphQL type of the elements: a kind or an interface.
	Element string
	Doc, JA string
}

// Kind is one kind of record.
type Kind struct {
	Name string
	// Plural is the root field or collection name ("schools").
	Plural     string
	Interfaces []string
	Fields     []*Field
	// Collections are lists reached from a record of this kind.
	Collections []*Collection
	// Span: records carry from and until and hold only between them.
	Span bool
	// Log: written by the store only (the change log).
	Log bool
	// Kept: written by verbs only, never from an input or a file.
	Kept bool
	// OwnedBy says whose editors may change a record of the kind, beside the
	// coordinators: those of the record itself for "id", of what one of the fields
	// leads to for others (of its owner, when that is of another kind). Empty: nobody's.
	OwnedBy []string
	// Order is the default order; field names, "-" in front for descending.
	Order   []string
	Doc, JA string
	Example string

	byName map[string]*Field
	// leading and unique are those of Fields that LeadingFields and UniqueFields give.
	leading, unique []*Field
	index           int
}

// Entered tells whether users enter records of the kind.
func (k *Kind) Entered() bool { return !k.Log && !k.Kept }

// Field returns the field of that name, or nil.
func (k *Kind) Field(name string) *Field { return k.byName[name] }

// LeadingFields are the fields that hold IDs of other records, in their order. They
// must not be changed.
func (k *Kind) LeadingFields() []*Field { return k.leading }

// UniqueFields are the fields whose value only one record of the kind can have, in
// their order; importKey is not among them. They must not be changed.
func (k *Kind) UniqueFields() []*Field { return k.unique }

// Index is the kind's position in [Kinds].
func (k *Kind) Index() int { return k.index }

// Collection returns the collection of that name, or nil.
func (k *Kind) Collection(name string) *Collection {
	for _, c := range k.Collections {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Is tells whether the kind is, or implements the interface, of that name.
func (k *Kind) Is(name string) bool {
	if k.Name == name {
		return true
	}
	for _, i := range k.Interfaces {
		if i == name {
			return true
		}
	}
	return false
}

// Named tells whether records of the kind carry a name.
func (k *Kind) Named() bool { return k.byName["name"] != nil }

// The interfaces of the schema that the registry derives.
const (
	NodeInterface         = "Node"
	StakeholderInterface  = "Stakeholder"
	OrganizationInterface = "Organization"
	IndividualInterface   = "Individual"
)

// RoleHolder is the union of what may hold a role: a stakeholder or a post.
const RoleHolder = "RoleHolder"

// TieRecord is the name of the kind of all ties; ClaimRecord of statements about
// records; ChangeRecord of log entries.
const (
	TieRecord    = "Tie"
	ClaimRecord  = "Claim"
	ChangeRecord = "Change"
	// WithdrawnRecord is what a record becomes that is taken back.
	WithdrawnRecord = "Withdrawn"
)

var (
	kinds      []*Kind
	kindByName = map[string]*Kind{}
	concrete   = map[string][]*Kind{}

	personalNames []string
)

// Kinds lists every kind in registry order.
func Kinds() []*Kind { return kinds }

// KindOf returns the kind of that name, or nil.
func KindOf(name string) *Kind { return kindByName[name] }

// MustKind is KindOf for names written in code; it panics when there is none.
func MustKind(name string) *Kind {
	k := kindByName[name]
	if k == nil {
		panic("network: no kind " + name)
	}
	return k
}

// Concrete lists the kinds that are, or implement, the type of that name, in
// registry order: Concrete("Organization") is School, CityDepartment, ….
func Concrete(name string) []*Kind { return concrete[name] }

// PersonalNames are the names of the fields that are personal in some kind, in
// order of the registry: a statement about one of them is personal too.
func PersonalNames() []string { return personalNames }

// TieKindRecord is the kind of ties.
func TieKindRecord() *Kind { return kindByName[TieRecord] }

func init() {
	kinds = registry()
	for i, k := range kinds {
		k.index = i
		k.byName = make(map[string]*Field, len(k.Fields))
		for slot, f := range k.Fields {
			if k.byName[f.Name] != nil {
				panic(fmt.Sprintf("network: %s.%s declared twice", k.Name, f.Name))
			}
			f.slot = slot
			k.byName[f.Name] = f
			if f.Leads() {
				k.leading = append(k.leading, f)
			}
			if f.Unique {
				k.unique = append(k.unique, f)
			}
			if f.Personal && !contains(personalNames, f.Name) {
				personalNames = append(personalNames, f.Name)
			}
		}
		kindByName[k.Name] = k
		concrete[k.Name] = []*Kind{k}
		for _, in := range k.Interfaces {
			concrete[in] = append(concrete[in], k)
		}
	}
	concrete[RoleHolder] = append(append([]*Kind{}, concrete[StakeholderInterface]...), kindByName["Post"])
	for _, k := range kinds {
		for _, f := range k.Fields {
			f.Targets = expand(f.Targets)
		}
	}
	initTieKinds()
}

// expand replaces interface and union names by the concrete kinds.
func expand(names []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, n := range names {
		ks := concrete[n]
		if len(ks) == 0 {
			panic("network: unknown target " + n)
		}
		for _, k := range ks {
			if !seen[k.Name] {
				seen[k.Name] = true
				out = append(out, k.Name)
			}
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return kindByName[out[i]].index < kindByName[out[j]].index })
	return out
}

// InverseField is a Ref, Refs or RecordID field seen from its target.
type InverseField struct {
	Kind  *Kind
	Field *Field
}

// Inverses lists the fields that may point to records of the kind, in registry
// order.
func Inverses(k *Kind) []InverseField {
	var out []InverseField
	for _, o := range kinds {
		for _, f := range o.leading {
			if !f.IsRef() {
				continue
			}
			for _, t := range f.Targets {
				if t == k.Name {
					out = append(out, InverseField{o, f})
				}
			}
		}
	}
	return out
}
