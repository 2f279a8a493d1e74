package cli

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

func TestIsTheLogWrittenAsAsked(t *testing.T) {
	serve := []string{"serve", "--addr", "203.0.113.1:80", "--data", filepath.Join(t.TempDir(), "map.db")} // refused: it does not stay
	for name, c := range map[string]struct {
		args         []string
		json, stored bool
	}{
		"text":     {nil, false, true},
		"json":     {[]string{"--log-format=json"}, true, true},
		"warnings": {[]string{"--log-format=json", "--log-level=warn"}, true, false},
	} {
		_, errOut := musubi(t, 1, append(c.args, serve...)...)
		first, _, _ := strings.Cut(errOut, "\n")
		if json.Valid([]byte(first)) != c.json || strings.Contains(errOut, "map.db") != c.stored || !strings.Contains(errOut, "OPEN MODE") {
			t.Errorf("%s: %s", name, errOut)
		}
	}
	if _, errOut := musubi(t, 2, append([]string{"--log-format=xml"}, serve...)...); !strings.Contains(errOut, "log-format") {
		t.Errorf("xml: %s", errOut)
	}
}
