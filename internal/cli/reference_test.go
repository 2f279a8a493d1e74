package cli

import (
	"os"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

func TestIsTheReferenceOfFlagsTrue(t *testing.T) {
	const path = "../../docs/flags.md"
	parser, err := kong.New(&commands{}, kong.Name("musubi"), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	if err := writeReference(&want, parser.Model); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, []byte(want.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != want.String() {
		t.Error("docs/flags.md is out of date: make generate")
	}
	for _, command := range parser.Model.Leaves(true) {
		for _, f := range command.Flags {
			if f.Help == "" {
				t.Errorf("%s --%s has no help", command.Name, f.Name)
			}
		}
	}
}
