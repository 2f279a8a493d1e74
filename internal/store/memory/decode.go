package memory

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/musubi-map/musubi/internal/network"
)

// read makes a record of a row, with the ID as it is there. Fields that the
// registry no longer has are left out.
func (d *drafter) read(row *KeptRecord, r *rec) error {
	k, err := d.row(row)
	if err == nil {
		err = d.finish(r, k, row.Version)
	}
	r.id = row.ID
	return row.failed(err)
}

// readState is read for what a record said once: it needs no names.
func (d *drafter) readState(row *KeptRecord, s *state) error {
	k, err := d.row(row)
	if err == nil {
		err = d.state(s, k, row.Version, "")
	}
	return row.failed(err)
}

func (row *KeptRecord) failed(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("record %s, version %d: %w", row.ID, row.Version, err)
}

// row sets the fields of a row.
func (d *drafter) row(row *KeptRecord) (*network.Kind, error) {
	k := network.KindOf(row.Kind)
	if k == nil || k.Log {
		return nil, network.Errorf(network.Internal, "it is of the unknown kind %q", row.Kind)
	}
	d.begin()
	return k, d.fields(row.Fields, k)
}

// fields sets the fields that a JSON object gives.
func (d *drafter) fields(text string, k *network.Kind) error {
	all := gjson.Parse(text)
	if !gjson.Valid(text) || !all.IsObject() {
		return network.Errorf(network.Internal, "its fields are no JSON object")
	}
	var err error
	all.ForEach(func(name, value gjson.Result) bool {
		f := k.Field(name.Str)
		if f == nil {
			return true
		}
		var v any
		if v, err = decoded(f, value); err == nil {
			d.set(f, v)
		}
		return err == nil
	})
	return err
}

// decoded is a value as network.Record has it. Whatever is out of the ordinary is
// left to the decoder of the registry.
func decoded(f *network.Field, value gjson.Result) (any, error) {
	switch {
	case f.Type == network.Int:
		if n, err := strconv.ParseInt(value.Raw, 10, 64); err == nil {
			return n, nil
		}
	case f.Type == network.Bool && value.IsBool():
		return value.Bool(), nil
	case f.Type == network.Strings:
		if list, ok := plainTexts[string](value); ok {
			return list, nil
		}
	case f.Type == network.Refs:
		if list, ok := plainTexts[network.ID](value); ok {
			return list, nil
		}
	case !isPlain(value) || f.Type == network.HistoryList:
	case f.Type == network.Dated:
		return network.ParsePartialDate(value.Str)
	case f.Type == network.Ref, f.Type == network.RecordID:
		return network.ID(value.Str), nil
	default:
		return value.Str, nil
	}
	return f.Decode([]byte(value.Raw))
}

// isPlain tells whether a value is a text without escapes.
func isPlain(v gjson.Result) bool {
	return v.Type == gjson.String && strings.IndexByte(v.Raw, '\\') < 0
}

// plainTexts is a list of texts without escapes; false when it is anything else.
func plainTexts[T ~string](v gjson.Result) ([]T, bool) {
	list, ok := []T{}, v.IsArray()
	v.ForEach(func(_, item gjson.Result) bool {
		ok = ok && isPlain(item)
		list = append(list, T(item.Str))
		return ok
	})
	return list, ok
}
