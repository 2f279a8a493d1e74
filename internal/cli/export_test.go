package cli

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/exchange"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// exported are the parts of a network in a format.
func exported(t *testing.T, f *exchange.Format, n *exchange.Network) (out [][]byte) {
	for _, p := range f.Parts {
		var b bytes.Buffer
		if err := p.Write(&b, n); err != nil {
			t.Fatal(err)
		}
		out = append(out, b.Bytes())
	}
	return out
}

// networkQueries are what is exported of the sample.
func networkQueries() map[string]*networkQuery {
	day := network.MustDate(sampleToday)
	return map[string]*networkQuery{
		"as of a day": {asOf: day},
		"all":         {asOf: day, allTime: true, personal: true},
		"a part":      {asOf: day, allTime: true, kinds: exchange.StakeholderKinds("Organization"), tieKinds: []any{"SUPPORTS", "HOSTS"}},
	}
}

// The sample comes back from every format as it went out.
func TestTheSampleIsReadBack(t *testing.T) {
	s := memory.New(memory.Options{})
	if err := loadSample(&app{ctx: t.Context(), out: io.Discard, errOut: t.Output(), log: slog.New(slog.DiscardHandler)}, s); err != nil {
		t.Fatal(err)
	}
	for name, q := range networkQueries() {
		n, err := q.load(t.Context(), s)
		if err != nil || len(n.Nodes) < 80 || len(n.Ties) < 20 || n.Revision != 1 {
			t.Fatalf("%s: %d nodes, %d ties: %v", name, len(n.Nodes), len(n.Ties), err)
		}
		for _, f := range exchange.Formats() {
			parts := exported(t, f, n)
			var readers []io.Reader
			for _, p := range parts {
				readers = append(readers, bytes.NewReader(p))
			}
			back, err := f.Read(readers...)
			if err != nil {
				t.Fatal(name, f.Name, err)
			}
			if again := exported(t, f, back); !reflect.DeepEqual(again, parts) {
				t.Errorf("%s, %s: written anew it differs", name, f.Name)
			}
			if full := exchange.FormatNamed("node-link"); !reflect.DeepEqual(exported(t, full, back), exported(t, full, n)) {
				t.Errorf("%s: %s carries something else", name, f.Name)
			}
		}
	}
}

// Both stores give the same bytes, in one statement.
func TestExportIsTheSameOnBothStores(t *testing.T) {
	o := newOracle(t, 5)
	records := pruned(o.records)
	near, far := o.load(records), openNeo4j(t)
	writes := make([]store.Write, len(records))
	for i, r := range records {
		writes[i] = store.Write{Action: store.Create, After: r}
	}
	if _, err := far.Apply(t.Context(), &store.Batch{Actor: "oracle", At: time.Unix(0, 0), Writes: writes}); err != nil {
		t.Fatal(err)
	}
	area, err := areaID(t.Context(), near, "塩尻市")
	if err != nil {
		t.Fatal(err)
	}
	queries := map[string]*networkQuery{
		"all":    {asOf: network.MustDate(sampleToday), allTime: true, personal: true},
		"a part": {asOf: network.MustDate("2022-06-01"), kinds: exchange.StakeholderKinds("Organization"), tieKinds: []any{"SUPPORTS", "HOSTS"}, area: area},
	}
	statements := far.(interface{ Statements() int64 })
	for name, q := range queries {
		want, err := q.load(t.Context(), near)
		if err != nil {
			t.Fatal(err)
		}
		before := statements.Statements()
		got, err := q.load(t.Context(), far)
		if err != nil {
			t.Fatal(err)
		}
		if used := statements.Statements() - before; used != 1 {
			t.Errorf("%s: %d statements", name, used)
		}
		for _, f := range exchange.Formats() {
			if !reflect.DeepEqual(exported(t, f, got), exported(t, f, want)) {
				t.Errorf("%s: %s differs", name, f.Name)
			}
		}
	}
}

// exportMap is a small map with an ended stakeholder, a restricted one, areas
// and personal fields.
func exportMap(t *testing.T) (dir, data string) {
	dir = t.TempDir()
	data = filepath.Join(dir, "map.db")
	nodes := write(t, dir, "nodes.csv", "ID,Type,Label,Parent,Level,Area,End,Visibility,Contact,Residence,Registration Number\n"+
		"area-n,Area,架空県,,PREFECTURE,,,,,,\narea-s,Area,架空市,area-n,MUNICIPALITY,,,,,,\narea-o,Area,架空市,,MUNICIPALITY,,,,,,\n"+
		"school-a,School,架空小学校（架空）,,,area-s,,,school@example.invalid,,\n"+
		"co-b,Company,架空社（架空）,,,area-n,2023-03-31,,,,\n"+
		"p-c,CareerConsultant,架空 花子（架空）,,,,,RESTRICTED,,area-o,98765432\n")
	ties := write(t, dir, "ties.csv", "From,To,Type,Strength\nco-b,school-a,SUPPORTS,3\np-c,school-a,KNOWS,5\n")
	if code, _, errOut := run("import", "--data", data, nodes, ties); code != 0 {
		t.Fatal(errOut)
	}
	return dir, data
}

func TestExport(t *testing.T) {
	dir, data := exportMap(t)
	file := filepath.Join(dir, "out")
	cases := []struct {
		name string
		args []string
		out  string // what the command says
		has  []string
		not  []string
	}{
		{"as of a day", []string{"--format", "node-link", "--as-of", "2024-02-01"}, "2 stakeholders and 1 ties as of 2024-02-01 written to",
			[]string{`"revision": 1`, `"asOf": "2024-02-01"`, "架空小学校", `"RESTRICTED"`}, []string{"架空社", "example.invalid", "98765432", "contact", "residence", "registrationNumber"}},
		{"of all times, with what is personal", []string{"--format", "graphml", "--all-time", "--personal", "--as-of", "2024-02-01"}, "3 stakeholders and 2 ties of all times",
			[]string{"架空社", "2023-03-31", "school@example.invalid", "98765432"}, nil},
		{"on a day before", []string{"--format", "gexf", "--as-of", "R5.3.31"}, "3 stakeholders and 2 ties as of 2023-03-31", []string{`<spell end="2023-03-31"/>`}, nil},
		{"kinds of stakeholder", []string{"--format", "kumu", "--all-time", "--kinds", "学校,Company"}, "2 stakeholders and 1 ties", []string{"SUPPORTS"}, []string{"KNOWS"}},
		{"kinds of tie", []string{"--format", "cytoscape", "--all-time", "--tie-kinds", "面識"}, "3 stakeholders and 1 ties", []string{"KNOWS"}, []string{"SUPPORTS"}},
		{"an area with its parts", []string{"--format", "kumu", "--all-time", "--area", "架空県"}, "2 stakeholders and 1 ties", nil, nil},
	}
	for _, c := range cases {
		code, out, errOut := run(append([]string{"export", "--data", data, "-o", file}, c.args...)...)
		text, err := os.ReadFile(file)
		if code != 0 || err != nil || !strings.Contains(out, c.out) {
			t.Errorf("%s: %d %s %s %v", c.name, code, out, errOut, err)
		}
		for _, s := range c.has {
			if !bytes.Contains(text, []byte(s)) {
				t.Errorf("%s: there is no %s in\n%s", c.name, s, text)
			}
		}
		for _, s := range c.not {
			if bytes.Contains(text, []byte(s)) {
				t.Errorf("%s: there is %s in\n%s", c.name, s, text)
			}
		}
		said := "personal fields (contact, residence, origin, consentPurpose, consentGiven, consentUntil, consentWithdrawn, registrationNumber) were left out"
		if slices.Contains(c.args, "--personal") {
			said = "the export holds personal fields"
		}
		if !strings.Contains(errOut, said) {
			t.Errorf("%s: %s", c.name, errOut)
		}
	}
}

func TestExportSaysWhatIsNotPublic(t *testing.T) {
	dir, data := exportMap(t)
	_, _, errOut := run("export", "--data", data, "-o", filepath.Join(dir, "out"), "--format", "kumu")
	if !strings.Contains(errOut, "1 of the stakeholders and ties are not PUBLIC") {
		t.Error(errOut)
	}
}

func TestExportToADirectoryAndToStandardOutput(t *testing.T) {
	dir, data := exportMap(t)
	to := filepath.Join(dir, "deep", "gephi")
	if code, _, errOut := run("export", "--data", data, "--format", "gephi-csv", "-o", to, "--all-time"); code != 0 {
		t.Fatal(errOut)
	}
	var names []string
	entries, _ := os.ReadDir(to)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if !slices.Equal(names, []string{"about.json", "edges.csv", "nodes.csv"}) {
		t.Error(names)
	}
	code, out, errOut := run("export", "--data", data, "--format", "node-link", "-o", "-")
	if code != 0 || !strings.HasPrefix(out, "{") || !strings.HasSuffix(out, "]}\n") || !strings.Contains(errOut, "written to standard output") {
		t.Errorf("%s %s", out, errOut)
	}
}

func TestExportRefuses(t *testing.T) {
	dir, data := exportMap(t)
	missing, file := filepath.Join(dir, "missing.db"), filepath.Join(dir, "out")
	cases := []struct {
		name, want string
		code       int
		args       []string
	}{
		{"a format there is not", "must be one of", 2, []string{"--format", "dot"}},
		{"no format", "--format", 2, nil},
		{"a map there is not", "there is no map in", 1, []string{"--format", "gexf", "--data", missing}},
		{"a kind there is not", `"Castle" is no kind of stakeholder`, 1, []string{"--format", "gexf", "--kinds", "Castle"}},
		{"a kind that is no stakeholder", `"Post" is no kind of stakeholder`, 1, []string{"--format", "gexf", "--kinds", "Post"}},
		{"a tie there is not", `"LOVES" is no kind of tie`, 1, []string{"--format", "gexf", "--tie-kinds", "LOVES"}},
		{"a month", "--as-of must be a day", 1, []string{"--format", "gexf", "--as-of", "2024-02"}},
		{"no date", "is not a date", 1, []string{"--format", "gexf", "--as-of", "yesterday"}},
		{"an area there is not", `there is no area "月"`, 1, []string{"--format", "gexf", "--area", "月"}},
		{"one of two areas", `there is more than one area "架空市"; give the id: `, 1, []string{"--format", "gexf", "--area", "架空市"}},
		{"several files to one output", "name a directory", 1, []string{"--format", "gephi-csv", "-o", "-"}},
	}
	for _, c := range cases {
		code, out, errOut := run(append([]string{"export", "--data", data, "-o", file}, c.args...)...)
		if code != c.code || !strings.Contains(errOut, c.want) || strings.Contains(out, "written") {
			t.Errorf("%s: %d %s %s", c.name, code, out, errOut)
		}
	}
	for _, name := range []string{missing, file} {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s was made", name)
		}
	}
}

// A file that cannot be written whole leaves the one before it.
func TestExportReplacesAFileOnlyWhenWhole(t *testing.T) {
	dir := t.TempDir()
	name := write(t, dir, "map.gexf", "the one before")
	full := errors.New("the disk is full")
	err := replace(name, func(w io.Writer) error { _, _ = io.WriteString(w, "half"); return full })
	if text, _ := os.ReadFile(name); !errors.Is(err, full) || string(text) != "the one before" {
		t.Errorf("%s %v", text, err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Error(entries)
	}
}
