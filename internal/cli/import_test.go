package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func run(args ...string) (code int, out, errOut string) {
	var o, e bytes.Buffer
	code = Run(args, &o, &e)
	return code, o.String(), e.String()
}

func write(t *testing.T, dir, name, text string) string {
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestImportIsIdempotentAndAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "map.db")
	nodes := write(t, dir, "nodes.csv", "ID,Type,Label,School Code\nschool-a,School,架空小学校（架空）,\nco-b,Company,架空社（架空）,\n")
	ties := write(t, dir, "ties.csv", "From,To,Type,Strength,Start\nco-b,school-a,SUPPORTS,3,令和5年度\n")
	steps := []struct {
		name, want string
		code       int
		args       []string
	}{
		{"a dry run writes nothing", "3 new, 0 changed, 0 as they were; a dry run", 0, []string{"--dry-run", nodes, ties}},
		{"the import writes", "3 new, 0 changed, 0 as they were; written (revision 1)", 0, []string{nodes, ties}},
		{"again changes nothing", "0 new, 0 changed, 3 as they were; written (revision 1)", 0, []string{nodes, ties}},
		{"a row that is gone is reported, not ended", "not in the files any more, and left as it is: Company co-b", 0,
			[]string{write(t, dir, "less.csv", "ID,Type,Label\nschool-a,School,架空小学校（架空）\nco-c,Company,別の社（架空）\n")}},
	}
	for _, s := range steps {
		code, out, errOut := run(append([]string{"import", "--data", data}, s.args...)...)
		if code != s.code || !strings.Contains(out, s.want) {
			t.Fatalf("%s: %d %s %s", s.name, code, out, errOut)
		}
	}
}

func TestImportNamesFileRowAndColumnAndWritesNothing(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "map.db")
	good := write(t, dir, "a-good.csv", "ID,Type,Label\nschool-a,School,架空小学校（架空）\n")
	cases := []struct{ name, text, want string }{
		{"a wrong code", "ID,Type,Label,School Code\nx,School,架空（架空）,B120221500027\n", "bad.csv:2: School Code"},
		{"a date outside its era", "ID,Type,Label,Start\nx,School,架空（架空）,令和元年4月1日\n", "bad.csv:2: Start"},
		{"an unknown kind", "ID,Type,Label\nx,Castle,架空（架空）\n", "bad.csv:2: Type"},
		{"a missing end of a tie", "From,To,Type\nschool-a,nobody,KNOWS\n", "bad.csv:2: To"},
		{"a tie that may not be", "From,To,Type\nschool-a,school-a,KNOWS\n", "bad.csv:2"},
		{"an unknown column", "ID,Type,Label,Colour\nx,School,架空（架空）,red\n", "bad.csv:1: Colour"},
	}
	for _, c := range cases {
		code, _, errOut := run("import", "--data", data, good, write(t, dir, "bad.csv", c.text))
		if code != 1 || !strings.Contains(errOut, c.want) || strings.Contains(errOut, "（架空）") {
			t.Errorf("%s: %d %s", c.name, code, errOut)
		}
	}
	if _, out, _ := run("import", "--data", data, good); !strings.Contains(out, "1 new") || !strings.Contains(out, "revision 1)") {
		t.Errorf("something had been written: %s", out)
	}
}

func TestServeRefusesOtherAddressesWithoutAuthentication(t *testing.T) {
	code, _, errOut := run("serve", "--addr", "0.0.0.0:0", "--data", filepath.Join(t.TempDir(), "map.db"))
	if code != 1 || !strings.Contains(errOut, "loopback") {
		t.Errorf("%d %s", code, errOut)
	}
}
