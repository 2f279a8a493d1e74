package memory

import (
	"fmt"

	"github.com/musubi-map/musubi/internal/network"
)

// maxFields is how many fields a kind may have.
const maxFields = 64

// layout is where a kind has what is asked of every record. A kind that does not
// have a field has it in a slot that is never given.
type layout struct {
	visibility, from, until int
	histories, keyed        uint64 // one bit for each slot of a history, of a field that records are found by
}

// layouts are those of the kinds, by index.
var layouts = func() []layout {
	out := make([]layout, len(network.Kinds()))
	for i, k := range network.Kinds() {
		if len(k.Fields) >= maxFields {
			panic(fmt.Sprintf("memory: %s has too many fields, %d", k.Name, len(k.Fields)))
		}
		l := layout{visibility: slotOf(k, "visibility"), from: slotOf(k, "from"), until: slotOf(k, "until")}
		for slot, f := range k.Fields {
			if f.Type == network.HistoryList {
				l.histories |= 1 << slot
			}
			if keyed(f) {
				l.keyed |= 1 << slot
			}
		}
		out[i] = l
	}
	return out
}()

func slotOf(k *network.Kind, name string) int {
	if f := k.Field(name); f != nil {
		return f.Slot()
	}
	return maxFields - 1
}
