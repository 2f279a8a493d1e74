package cli

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

var (
	variableName = regexp.MustCompile(`MUSUBI_[A-Z0-9_]+`)
	flagName     = regexp.MustCompile("[\\s`(]--[a-z][a-z0-9-]+")
)

// What deploy/ and the pages for administrators set is there to be set.
func TestAreTheSettingsOfTheExamplesThere(t *testing.T) {
	parser, err := kong.New(&commands{}, kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, command := range append(parser.Model.Leaves(false), parser.Model.Node) {
		for _, f := range command.Flags {
			known["--"+f.Name] = true
			for _, name := range f.Envs {
				known[name] = true
			}
		}
	}
	found := 0
	check := func(name string, pattern *regexp.Regexp) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range pattern.FindAllString(string(text), -1) {
			found++
			if word = strings.Trim(word, " \n\t`("); !known[word] {
				t.Errorf("%s: there is no %s", name, word)
			}
		}
	}
	if err := fs.WalkDir(os.DirFS("../../deploy"), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			check("../../deploy/"+path, variableName)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	check("../../docs/operations.md", flagName)
	check("../../SECURITY.md", flagName)
	if found < 40 {
		t.Errorf("only %d settings were found", found)
	}
}
