package limit

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of docs/limits.md anew")

func TestIsTheReferenceTheTable(t *testing.T) {
	const path, begin, end = "../../docs/limits.md", "<!-- table -->\n", "<!-- end of table -->\n"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(page), begin)
	table, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		t.Fatal("the marks of the table are missing")
	}
	if *update {
		if err := os.WriteFile(path, []byte(before+begin+Reference()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != Reference() {
		t.Error("the table is out of date: go test ./internal/limit -update")
	}
}
