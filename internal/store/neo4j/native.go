package neo4j

import (
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/musubi-map/musubi/internal/network"
)

// native gives a value the type that the driver knows.
func native(v any) any {
	switch v := v.(type) {
	case network.Date:
		return nativeDate(v)
	case network.ID:
		return string(v)
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = native(e)
		}
		return out
	}
	return v
}

func nativeDate(d network.Date) dbtype.Date {
	return dbtype.Date(time.Date(d.Year(), time.Month(d.Month()), d.Day(), 0, 0, 0, 0, time.UTC))
}

// dateOf reads a native date; false when v is none.
func dateOf(v any) (network.Date, bool) {
	d, ok := v.(dbtype.Date)
	if !ok {
		return 0, false
	}
	return network.DateOf(d.Time()), true
}

func idList(ids []network.ID) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}
