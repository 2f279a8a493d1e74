package network

// What stands in place of names that were erased.
const (
	ErasedPerson = "消去された人"
	ErasedRecord = "消去された記録"
)

// erasedOn is the field that marks a person who was erased.
const erasedOn = "erasedOn"

// erasedField says of a person that they were erased, and when.
func erasedField() *Field {
	return &Field{Name: erasedOn, Type: Dated, System: true, JA: "消去日", Example: "2024-06-10",
		Doc: "The day on which the person was erased: what is left is their place in the network. Null for everybody else."}
}

// ErasedField says of records of the kind on which day they were erased; nil when
// they cannot be.
func (k *Kind) ErasedField() *Field { return k.Field(erasedOn) }

// Erased tells whether the record is the anonymous place of a person who was
// erased. Nothing is entered about them any more.
func (r *Record) Erased() bool {
	if r.Kind == WithdrawnRecord {
		was := r.Was()
		return was != nil && was.Erased()
	}
	return r.Fields[erasedOn] != nil
}

// Blank is the record without what it says: nothing is left of it but who may
// read it, what it joins or leads to, when it holds, and values of closed lists. Of
// a person no more than the visibility and the time are left; the day is when
// they are erased, unless they were before. What is blank already stays as it is.
func (r *Record) Blank(on Date) *Record {
	k := MustKind(r.Kind)
	out := &Record{ID: r.ID, Kind: r.Kind, Version: r.Version, Fields: map[string]any{}}
	for name, v := range r.Fields {
		if f := k.Field(name); f != nil && f.outlives(k) {
			out.Fields[name] = v
		}
	}
	switch {
	case k.Is(IndividualInterface):
		out.Fields["name"] = ErasedPerson
		if out.Fields[erasedOn] == nil {
			out.Fields[erasedOn] = Day(on)
		}
	case k.Named():
		out.Fields["name"] = ErasedRecord
	case k.Name == TieRecord:
		out.Fields["doNotAsk"] = true
	case k.Name == WithdrawnRecord:
		out.Fields["was"] = "{}"
		if was := r.Was(); was != nil {
			// What Blank makes can be written.
			data, _ := was.Blank(on).MarshalFields()
			out.Fields["was"] = string(data)
		}
	}
	return out
}

// outlives tells whether the field stays when a record of the kind is erased.
func (f *Field) outlives(k *Kind) bool {
	switch {
	case k.Is(IndividualInterface):
		return f.Name == "visibility" || f.Name == "from" || f.Name == "until" || f.Name == erasedOn
	case k.Name == WithdrawnRecord && f.Name == "wasKind":
		return true
	case f.Personal:
		return false
	}
	switch f.Type {
	case Int, Bool, Dated, EnumValue, Ref, Refs, RecordID:
		return true
	}
	return false
}

// IsBlank tells whether nothing would be left out of the record by [Record.Blank].
func (r *Record) IsBlank() bool {
	if MustKind(r.Kind).Is(IndividualInterface) && !r.Erased() {
		return false
	}
	return r.Blank(0).SameFields(r)
}

// ErrErased is said of what would be entered about a person who was erased.
func ErrErased() *Error {
	return Errorf(InvalidValue, "the person was erased: nothing is entered about them any more")
}

// checkErased: an erased person keeps their place, and nothing is added to it.
func (r *Record) checkErased() (errs Errors) {
	blank := r.Blank(0)
	for _, name := range sortedKeys(r.Fields) {
		if !SameValue(blank.Fields[name], r.Fields[name]) {
			errs = append(errs, ErrErased().At(name))
		}
	}
	return errs
}
