package neo4j

import (
	"github.com/musubi-map/musubi/internal/network"
)

// encoded is a record as it is stored: properties, and links by field.
type encoded struct {
	props map[string]any
	links map[string][]network.ID
}

// encode makes the properties of a record. The error is that of a field the
// kind does not have or that cannot hold the value.
func encode(r *network.Record, k *network.Kind) (*encoded, *network.Error) {
	e := &encoded{props: map[string]any{"id": string(r.ID), "version": r.Version}, links: map[string][]network.ID{}}
	for name, v := range r.Fields {
		f := k.Field(name)
		if f == nil {
			return nil, network.Errorf(network.UnknownField, "%s has no field %s", k.Name, name).At(name)
		}
		if !e.field(f, v, k) {
			return nil, network.Errorf(network.InvalidValue, "%s.%s cannot hold a %T", k.Name, name, v).At(name)
		}
	}
	if e.props["visibility"] == nil {
		e.props["visibility"] = network.Public.String()
		e.props[visibilityDefault] = true
	}
	if k.Name == network.TieRecord {
		return e, nil
	}
	if ends := r.ConsentEnds(); ends < network.MaxDate {
		e.props[consentEnds] = nativeDate(ends)
	}
	e.props["kind"] = k.Name
	if k.Named() {
		if key := r.SortKey(); key != "" {
			e.props["sortKey"] = key
		}
		e.props["searchKey"] = r.SearchKey()
	}
	return e, nil
}

// field stores one value; false when it is not of the field's type.
func (e *encoded) field(f *network.Field, v any, k *network.Kind) (ok bool) {
	switch f.Type {
	case network.Int:
		_, ok = v.(int64)
		e.props[f.Name] = v
	case network.Bool:
		_, ok = v.(bool)
		e.props[f.Name] = v
	case network.Dated:
		var d network.PartialDate
		if d, ok = v.(network.PartialDate); ok {
			e.date(f.Name, d)
		}
	case network.Strings:
		var list []string
		if list, ok = v.([]string); ok {
			e.strings(f.Name, list)
		}
	case network.RecordID:
		var id network.ID
		id, ok = v.(network.ID)
		e.props[f.Name] = string(id)
	case network.Ref:
		var id network.ID
		id, ok = v.(network.ID)
		e.links[f.Name] = []network.ID{id}
	case network.Refs:
		var ids []network.ID
		ids, ok = v.([]network.ID)
		e.links[f.Name] = network.Distinct(ids)
	case network.HistoryList:
		var list []network.DatedValue
		if list, ok = v.([]network.DatedValue); ok && len(list) > 0 {
			e.history(f.Name, list)
		}
	default:
		var s string
		if s, ok = v.(string); !ok || k.Name == network.TieRecord && f.Name == "kind" {
			return ok // the kind of a tie is its type
		}
		e.props[f.Name] = s
		if folds(f) {
			if fold := network.Fold(s); fold != s {
				e.props[f.Name+foldSuffix] = fold
			}
		}
	}
	return ok
}

// folds tells whether folded text stands beside the value.
func folds(f *network.Field) bool {
	switch f.Type {
	case network.String, network.Text, network.Code:
		return true
	}
	return false
}

func (e *encoded) date(name string, d network.PartialDate) {
	if d.IsZero() {
		return
	}
	if d.Precision() != network.PrecisionDay {
		e.props[name+textSuffix] = d.Text()
	}
	switch {
	case d.Precision() == network.PrecisionUnknown:
	case name == "until":
		e.props[name] = nativeDate(network.Span{Until: d}.Stop())
	default:
		e.props[name] = nativeDate(d.Earliest())
	}
}

func (e *encoded) strings(name string, list []string) {
	values, folded, differ := make([]any, len(list)), make([]any, len(list)), false
	for i, s := range list {
		fold := network.Fold(s)
		values[i], folded[i], differ = s, fold, differ || fold != s
	}
	e.props[name] = values
	if differ {
		e.props[name+foldSuffix] = folded
	}
}

func (e *encoded) history(name string, list []network.DatedValue) {
	for _, part := range []struct {
		suffix string
		of     func(network.DatedValue) any
	}{
		{"", func(d network.DatedValue) any { return d.Value }},
		{foldSuffix, func(d network.DatedValue) any { return network.Fold(d.Value) }},
		{extraSuffix, func(d network.DatedValue) any { return d.Extra }},
		{extraFoldSuffix, func(d network.DatedValue) any { return network.Fold(d.Extra) }},
		{noteSuffix, func(d network.DatedValue) any { return d.Note }},
		{fromSuffix, func(d network.DatedValue) any { return nativeDate(d.Span.Start()) }},
		{untilSuffix, func(d network.DatedValue) any { return nativeDate(d.Span.Stop()) }},
		{fromTextSuffix, func(d network.DatedValue) any { return d.Span.From.Text() }},
		{untilTextSuffix, func(d network.DatedValue) any { return d.Span.Until.Text() }},
	} {
		values := make([]any, len(list))
		for i, d := range list {
			values[i] = part.of(d)
		}
		e.props[name+part.suffix] = values
	}
}
