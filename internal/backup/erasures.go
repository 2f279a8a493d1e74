package backup

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// A list of erasures is text: an object a line, as a backup has them, without
// anything else: {"id":"fgumhkf8ep3mg8el2h26qqhudo","at":"2024-06-10T02:00:00Z"}.

// WriteErasures writes a list of erasures.
func WriteErasures(w io.Writer, list []store.Erasure) error {
	out := json.NewEncoder(w)
	for _, e := range list {
		if err := out.Encode(erasedLine{e.ID, timeText(e.At)}); err != nil {
			return err
		}
	}
	return nil
}

// ReadErasures reads a list of erasures. InvalidValue is for what is none: a list
// that is damaged must not pass for a shorter one.
func ReadErasures(r io.Reader) ([]store.Erasure, error) {
	in := bufio.NewScanner(r)
	var out []store.Erasure
	for n := 1; in.Scan(); n++ {
		var l erasedLine
		err := strictly(in.Bytes(), &l)
		at, wrong := time.Parse(time.RFC3339Nano, l.At)
		_, noID := network.ParseID(string(l.ID))
		if errors.Join(err, wrong, noID) != nil {
			return nil, network.Errorf(network.InvalidValue, "line %d is not that of a list of erasures", n)
		}
		out = append(out, store.Erasure{ID: l.ID, At: at})
	}
	if err := in.Err(); err != nil {
		return nil, network.Errorf(network.Unavailable, "the list of erasures cannot be read: %v", err)
	}
	return store.MergeErasures(out), nil
}
