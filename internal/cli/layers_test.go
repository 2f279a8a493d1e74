package cli

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/musubi-map/musubi/"

// layers says what each package may import of this module, besides itself.
var layers = map[string][]string{
	"internal/network":   {},
	"internal/rolemap":   {"internal/network"},
	"internal/analysis":  {"internal/network"},
	"internal/exchange":  {"internal/network"},
	"internal/memo":      {"internal/network"},
	"internal/limit":     {"internal/network"},
	"internal/audit":     {"internal/network"},
	"internal/store":     {"internal/network"},
	"internal/store/ask": {"internal/network", "internal/store"},
	"internal/edit":      {"internal/network", "internal/store", "internal/store/ask"},
	"internal/backup":    {"internal/network", "internal/store"},
	"internal/verify":    {"internal/network", "internal/store", "internal/backup"},
	"internal/wire":      {},
	"internal/auth":      {"internal/network", "internal/store", "internal/wire"},
	"internal/server":    {"web", "internal/wire"},
	"graph/live":         {},
	"docs":               {},
	"internal/telemetry": {"internal/network", "internal/store"},
	"graph/plan":         {"internal/network", "internal/store"},
	"graph/answer":       {"internal/network", "internal/store", "internal/store/ask", "internal/rolemap", "internal/analysis", "internal/edit", "internal/memo", "graph/plan"},
}

// The layers are the ones drawn in docs/architecture.md.
func TestImportsGoOneWay(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(p.ImportPath, module)
		for _, imported := range p.Imports {
			other, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			if allowed, listed := layers[name]; listed && !slices.Contains(allowed, other) {
				t.Errorf("%s imports %s", name, other)
			}
			if strings.HasPrefix(name, "graph") && strings.HasPrefix(other, "internal/store/") && other != "internal/store/ask" {
				t.Errorf("%s imports the engine %s", name, other)
			}
			if strings.HasPrefix(other, "internal/cli") && name != "" && !strings.HasPrefix(name, "github.com") && name != module {
				t.Errorf("%s imports %s", name, other)
			}
		}
		if _, listed := layers[name]; listed {
			seen++
		}
	}
	if seen != len(layers) {
		t.Errorf("%d of %d packages of the table were found", seen, len(layers))
	}
}
