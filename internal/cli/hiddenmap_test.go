package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// levels are the visibilities of a record, the most open first.
var levels = []network.Visibility{network.Public, network.Members, network.Coordinators, network.Restricted}

// The records of a kind at a level: the first leads to nothing, the next four to
// records of each level, the last to a hidden one that leads to an open one.
const (
	bare = iota
	toPublic
	toMembers
	toCoordinators
	toRestricted
	throughHidden
	variants
)

// hiddenMap has records of every kind of the registry at every level, in each of
// the variants, with a value in every field; ties of every kind, hidden
// themselves or by one of their ends; and open statements on all of them.
func hiddenMap() (out []*network.Record) {
	for _, k := range network.Kinds() {
		if !k.Entered() || k.Name == network.TieRecord || k.Name == network.ClaimRecord {
			continue
		}
		for level := range levels {
			for v := range variants {
				out = append(out, filled(k, level, v))
			}
			out = append(out, statementsOn(k, level)...)
			if k.Is(network.IndividualInterface) {
				out = append(out, shutPerson(k, level, "consentUntil"), shutPerson(k, level, "consentWithdrawn"))
			}
		}
	}
	for _, t := range network.TieKinds() {
		out = append(out, hiddenTies(t)...)
	}
	return out
}

func hiddenID(kind string, level, variant int) network.ID {
	return network.ID(fmt.Sprintf("zq%d-%s-%d", level, strings.ToLower(kind), variant))
}

// marked is the text in a field: it tells the level, and whether it is personal.
func marked(level int, k *network.Kind, f *network.Field, more any) string {
	mark := "zq"
	if f.Personal {
		mark = "zp"
	}
	return fmt.Sprintf("%s%d%s%s%v", mark, level, strings.ToLower(k.Name), strings.ToLower(f.Name), more)
}

// filled is a record of a kind with a value in every field.
func filled(k *network.Kind, level, variant int) *network.Record {
	r := &network.Record{ID: hiddenID(k.Name, level, variant), Kind: k.Name, Fields: map[string]any{}}
	for i, f := range k.Fields {
		if f.System || f.Name == "consentWithdrawn" {
			continue
		}
		if v := valueOf(k, f, level, variant, i); v != nil {
			r.Fields[f.Name] = v
		}
	}
	r.Fields["visibility"] = levels[level].String()
	return r
}

func valueOf(k *network.Kind, f *network.Field, level, variant, n int) any {
	number := 10*level + variant
	switch f.Type {
	case network.String, network.Text, network.Code:
		return marked(level, k, f, variant)
	case network.Int:
		if f.Max > 0 {
			return f.Min + int64(number)%(f.Max-f.Min+1)
		}
		return int64(1000 + number)
	case network.Bool:
		return variant%2 == 0
	case network.EnumValue:
		return f.Enum.Values[number%len(f.Enum.Values)].Value
	case network.Dated:
		return dateOf(f, number)
	case network.Strings:
		return []string{marked(level, k, f, variant)}
	case network.Ref:
		if to := leadsTo(k, f, variant, n); to != "" {
			return to
		}
	case network.Refs:
		if to := leadsTo(k, f, variant, n); to != "" {
			return network.Distinct([]network.ID{to, hiddenID(f.Targets[0], level, bare)})
		}
	case network.HistoryList:
		if variant == bare {
			return nil
		}
		value := marked(level, k, f, variant)
		if f.Enum != nil {
			value = f.Enum.Values[number%len(f.Enum.Values)].Value
		}
		return []network.DatedValue{{Value: value, Span: network.Span{From: network.MustPartialDate("2001-01-01")}}}
	}
	return nil
}

func dateOf(f *network.Field, number int) any {
	switch f.Name {
	case "until":
		return nil
	case "consentUntil":
		return network.MustPartialDate("9990-04-01")
	}
	return network.Day(network.MustDate("2002-01-01").AddDays(10 * number))
}

// leadsTo is what a reference of a variant leads to.
func leadsTo(k *network.Kind, f *network.Field, variant, n int) network.ID {
	kind := f.Targets[n%len(f.Targets)]
	switch variant {
	case bare:
		return ""
	case throughHidden:
		return hiddenID(kind, 3, toPublic)
	}
	return hiddenID(kind, variant-toPublic, bare)
}

// shutPerson is somebody whose consent has ended.
func shutPerson(k *network.Kind, level int, by string) *network.Record {
	r := filled(k, level, bare)
	r.ID = network.ID(string(r.ID) + strings.ToLower(by))
	for _, f := range k.Fields {
		switch {
		case f.Withheld() && f.IsRef():
			r.Fields[f.Name] = hiddenID(f.Targets[0], 0, bare)
		case f.Withheld():
			r.Fields[f.Name] = "zshut" + strings.ToLower(f.Name+by) + fmt.Sprint(level)
		case f.Unique || f.Name == "importKey":
			r.Fields[f.Name] = marked(level, k, f, by)
		}
	}
	r.Fields[by] = network.MustPartialDate("2020-04-01")
	return r
}

// statementsOn are open statements on the fields of a record.
func statementsOn(k *network.Kind, level int) (out []*network.Record) {
	for _, f := range k.Fields {
		if f.Personal || f.Name == "name" {
			out = append(out, statement(hiddenID(k.Name, level, bare), f.Name, marked(level, k, f, "claim")))
		}
	}
	if len(out) == 0 {
		out = append(out, statement(hiddenID(k.Name, level, bare), "", fmt.Sprintf("zq%d%s", level, strings.ToLower(k.Name))))
	}
	return out
}

func statement(about network.ID, field, value string) *network.Record {
	fields := map[string]any{"record": about, "value": value, "source": hiddenID("Source", 0, bare), "visibility": network.Public.String()}
	if field != "" {
		fields["field"] = field
	}
	return &network.Record{ID: network.ID("say-" + string(about) + strings.ToLower(field)), Kind: network.ClaimRecord, Fields: fields}
}

// hiddenTies are ties of a kind, one open at both ends, others hidden themselves
// or at an end, in such a way that hidden ones lead from an open end to another.
func hiddenTies(t *network.TieKind) (out []*network.Record) {
	k := network.TieKindRecord()
	for level := range levels {
		for place := range 3 { // what is hidden: the tie, the subject, the object
			at := [3]int{}
			at[place] = level
			id := network.ID(fmt.Sprintf("zq%d-tie-%s-%d", level, strings.ToLower(t.Name), place))
			r := &network.Record{ID: id, Kind: k.Name, Fields: map[string]any{}}
			for i, f := range k.Fields {
				if v := valueOf(k, f, level, place, i); v != nil && !f.System && !f.IsRef() && f.Enum != network.TieKindEnum {
					r.Fields[f.Name] = v
				}
			}
			r.Fields["kind"], r.Fields["visibility"] = t.Name, levels[at[0]].String()
			r.Fields["importKey"] = string(id)
			r.Fields["subject"] = hiddenID(t.Subjects[level%len(t.Subjects)], at[1], toPublic)
			r.Fields["object"] = hiddenID(t.Objects[place%len(t.Objects)], at[2], bare)
			out = append(out, r, statement(id, "strength", fmt.Sprintf("zq%dtie%s", level, strings.ToLower(t.Name))))
		}
	}
	return out
}

// seenOf leaves out of records what the viewer may not see or read, or nobody may.
func seenOf(records []*network.Record, v network.Viewer) []*network.Record {
	o := &oracle{records: records}
	out := o.onlyWhatIsSeen(v)
	shut := map[network.ID]bool{}
	for _, r := range out {
		if r.ConsentEnds() > network.Today(network.SystemClock()) {
			continue
		}
		shut[r.ID] = true
		for _, f := range network.MustKind(r.Kind).Fields {
			if f.Withheld() {
				delete(r.Fields, f.Name)
			}
		}
	}
	return slices.DeleteFunc(out, func(r *network.Record) bool {
		return network.AboutPersonal(r) && shut[network.ID(r.Str("record"))]
	})
}
