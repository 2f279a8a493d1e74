package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/memory"
)

const (
	// cutMark is the last element of a list that the page cuts short.
	cutMark = "…"
)

// guides are the pages whose queries run. Of a story the prose is held against
// the blocks too; a reference speaks of more than it shows.
var guides = []struct {
	page  string
	story bool
}{{"coordinators.md", true}, {"writing.md", false}}

// The guides are true: every query of a page runs, in order, on a fresh sample,
// and gives the answer that follows it.
//
// The rules, which -update makes true where it can:
//   - the page has three sorts of fenced blocks, in this order: ```graphql, then
//     ```json variables when the operation declares some, then ```json answer;
//   - no answer has errors; every mutation asks for userErrors and gets none, but
//     for one that tells how many rows it refused;
//   - the answer is what "data" holds, whole, in its order, as [printed] prints
//     it; a list may be cut where the page ends it with "…";
//   - an id is used only after the page has shown it in an answer. The id of a
//     record that the page itself creates differs each time: the one shown
//     stands for it from there on;
//   - in a story `code`, 「quotes」 and figures in the prose occur in the blocks of the same
//     section (in a section without any, of the page);
//   - links to files lead to files.
func TestTheGuides(t *testing.T) {
	for _, g := range guides {
		t.Run(g.page, func(t *testing.T) { followGuide(t, filepath.Join("../../docs", g.page), g.story) })
	}
}

func followGuide(t *testing.T, path string, story bool) {
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sections, err := sectionsOf(string(page))
	if err != nil {
		t.Fatal(err)
	}
	s := memory.New(memory.Options{})
	if err := loadSample(&app{ctx: t.Context(), out: io.Discard, errOut: t.Output(), log: slog.New(slog.DiscardHandler)}, s); err != nil {
		t.Fatal(err)
	}
	h := graph.NewHandler(&graph.Resolver{Store: s, Clock: network.SystemClock(), Today: network.MustDate(sampleToday), FixedToday: true,
		Viewer: func(context.Context) network.Viewer { return network.Admin("open") }})
	g := &guide{t: t, shown: map[string]bool{}, real: map[string]string{}, pageID: map[string]string{},
		ask: func(query string, variables json.RawMessage) []byte { return post(h, query, variables) }}
	for _, section := range sections {
		for i := range section.steps {
			g.run(section, &section.steps[i])
		}
	}
	if *update && !t.Failed() {
		if err := os.WriteFile(path, []byte(rewritten(string(page), sections)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if g.links(sections); story {
		g.prose(sections)
	}
}

// section is what stands under one heading.
type section struct {
	heading, prose string
	steps          []step
}

// step is a query with its variables and its answer.
type step struct {
	query, variables string
	answer           string
	at, end          int // of the answer in the page
}

// blocks is everything a section quotes from.
func (s section) blocks() string {
	var b strings.Builder
	for _, st := range s.steps {
		fmt.Fprintln(&b, st.query, st.variables, st.answer)
	}
	return b.String()
}

// sectionsOf reads the page.
func sectionsOf(page string) ([]*section, error) {
	sections := []*section{{}}
	var fence, body string
	var wantsAnswer, wantsVariables bool
	bodyAt, offset := 0, 0
	for n, line := range strings.SplitAfter(page, "\n") {
		at := offset
		offset += len(line)
		now := sections[len(sections)-1]
		text := strings.TrimRight(line, "\n")
		wrong := func(what string) error { return fmt.Errorf("line %d: %s", n+1, what) }
		switch {
		case fence == "" && strings.HasPrefix(text, "```"):
			fence, body, bodyAt = strings.TrimPrefix(text, "```"), "", offset
			if fence == "" {
				return nil, wrong("a block needs its sort")
			}
		case fence != "" && text == "```":
			switch {
			case fence == "graphql" && !wantsAnswer:
				now.steps = append(now.steps, step{query: body})
				wantsAnswer, wantsVariables = true, declaresVariables.MatchString(body)
			case fence == "json variables" && wantsVariables:
				now.steps[len(now.steps)-1].variables = body
				wantsVariables = false
			case fence == "json answer" && wantsAnswer && !wantsVariables:
				last := &now.steps[len(now.steps)-1]
				last.answer, last.at, last.end = body, bodyAt, at
				wantsAnswer = false
			default:
				return nil, wrong("no place for a block of the sort " + fence)
			}
			fence = ""
		case fence != "":
			body += line
		case strings.HasPrefix(text, "#"):
			if wantsAnswer {
				return nil, wrong("the query above has no answer")
			}
			sections = append(sections, &section{heading: text})
		default:
			now.prose += line
		}
	}
	if fence != "" || wantsAnswer {
		return nil, errors.New("the last block is not closed, or has no answer")
	}
	return sections, nil
}

var declaresVariables = regexp.MustCompile(`^\s*(query|mutation)\b[^{]*\(\s*\$`)

// guide runs the steps on one store.
type guide struct {
	t     *testing.T
	ask   func(string, json.RawMessage) []byte
	shown map[string]bool // ids the page has shown in an answer
	// The ids of records that the page creates, by those the page shows, and back.
	real, pageID map[string]string
}

var idShape = regexp.MustCompile(`\b[0-9a-v]{26}\b`)

func (g *guide) run(s *section, st *step) {
	g.t.Helper()
	for _, id := range idShape.FindAllString(st.query+st.variables, -1) {
		if !g.shown[id] {
			g.t.Errorf("%s: the page has not shown where the id %s comes from", s.heading, id)
		}
	}
	var variables json.RawMessage
	if st.variables != "" {
		variables = json.RawMessage(g.swap(st.variables, g.real))
	}
	raw := g.ask(g.swap(st.query, g.real), variables)
	answer, err := ordered(raw)
	if err != nil {
		g.t.Fatalf("%s: %v\n%s", s.heading, err, raw)
	}
	top, _ := answer.(object)
	data, _ := top.get("data").(object)
	if top.get("errors") != nil || data == nil {
		g.t.Fatalf("%s: %s", s.heading, raw)
	}
	if strings.HasPrefix(strings.TrimSpace(st.query), "mutation") {
		g.wrote(s, data)
	}
	given, err := ordered([]byte(st.answer))
	if err != nil && !*update {
		g.t.Fatalf("%s: the answer on the page: %v", s.heading, err)
	}
	g.bind(given, data)
	want := printed(shortened(data, given)) + "\n"
	if want = g.swap(want, g.pageID); want != st.answer {
		if !*update {
			g.t.Errorf("%s: %s; the answer is\n%s", s.heading, firstDifference(st.answer, want), want)
		}
		st.answer = want
	}
	for _, id := range idShape.FindAllString(st.answer, -1) {
		g.shown[id] = true
	}
}

// firstDifference is where the answer on the page leaves the real one.
func firstDifference(page, truth string) string {
	a, b := strings.Split(page, "\n"), strings.Split(truth, "\n")
	i := 0
	for i < min(len(a), len(b))-1 && a[i] == b[i] {
		i++
	}
	return fmt.Sprintf("the page says %q for %q", strings.TrimSpace(a[i]), strings.TrimSpace(b[i]))
}

// wrote holds a mutation to its userErrors.
func (g *guide) wrote(s *section, data object) {
	for _, m := range data {
		payload, _ := m.value.(object)
		_, byRow := payload.get("refused").(json.Number)
		if problems, asked := payload.get("userErrors").([]any); !asked || len(problems) > 0 && !byRow {
			g.t.Fatalf("%s: %s has userErrors, or does not ask for them: %s", s.heading, m.name, printed(m.value))
		}
	}
}

// bind pairs an id on the page that nobody has shown yet with the real one that
// stands in its place, when that one is new too.
func (g *guide) bind(page, truth any) {
	switch p := page.(type) {
	case object:
		if r, ok := truth.(object); ok {
			for _, m := range p {
				g.bind(m.value, r.get(m.name))
			}
		}
	case []any:
		r, _ := truth.([]any)
		for i := 0; i < min(len(p), len(r)); i++ {
			g.bind(p[i], r[i])
		}
	case string:
		r, _ := truth.(string)
		if p != r && made.MatchString(p) && made.MatchString(r) && !g.shown[p] && g.pageID[r] == "" {
			g.real[p], g.pageID[r] = r, p
		}
	}
}

// made is the shape of the id of a record entered here, which begins with the
// time; those of the sample are digests.
var made = regexp.MustCompile(`^0[0-9a-v]{25}$`)

func (g *guide) swap(text string, ids map[string]string) string {
	return idShape.ReplaceAllStringFunc(text, func(id string) string {
		if other, known := ids[id]; known {
			return other
		}
		return id
	})
}

var (
	inlineCode = regexp.MustCompile("`([^`\n]+)`")
	quoted     = regexp.MustCompile(`「([^」]+)」|“([^”]+)”`)
	figure     = regexp.MustCompile(`[0-9]+`)
	fileLink   = regexp.MustCompile(`\]\(([^):#]+)[#)]`)
)

// links looks for the files that links lead to.
func (g *guide) links(sections []*section) {
	for _, s := range sections {
		for _, m := range fileLink.FindAllStringSubmatch(s.prose, -1) {
			if _, err := os.Stat(filepath.Join("../../docs", m[1])); err != nil {
				g.t.Errorf("%s: %v", s.heading, err)
			}
		}
	}
}

// prose holds what the text says against the blocks.
func (g *guide) prose(sections []*section) {
	var whole strings.Builder
	for _, s := range sections {
		whole.WriteString(s.blocks())
	}
	for _, s := range sections {
		source := s.blocks()
		if source == "" {
			source = whole.String()
		}
		figures := figure.FindAllString(source, -1)
		for _, m := range inlineCode.FindAllStringSubmatch(s.prose, -1) {
			if !strings.Contains(source, m[1]) {
				g.t.Errorf("%s: `%s` is in none of its blocks", s.heading, m[1])
			}
		}
		text := inlineCode.ReplaceAllString(s.prose, "")
		for _, m := range quoted.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(source, m[1]+m[2]) {
				g.t.Errorf("%s: %s is in none of its blocks", s.heading, m[0])
			}
		}
		for _, n := range figure.FindAllString(fileLink.ReplaceAllString(text, ""), -1) {
			if !slices.ContainsFunc(figures, func(f string) bool { return strings.TrimLeft(f, "0") == strings.TrimLeft(n, "0") }) {
				g.t.Errorf("%s: the figure %s is in none of its blocks", s.heading, n)
			}
		}
	}
}

// rewritten is the page with the answers of the steps.
func rewritten(page string, sections []*section) string {
	var b strings.Builder
	from := 0
	for _, s := range sections {
		for _, st := range s.steps {
			b.WriteString(page[from:st.at] + st.answer)
			from = st.end
		}
	}
	return b.String() + page[from:]
}

// object is a JSON object in its order.
type object []member

type member struct {
	name  string
	value any
}

func (o object) get(name string) any {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// ordered reads one JSON value: object, []any, string, json.Number, bool or nil.
func ordered(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := next(d)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("more than one value")
		}
	}
	return v, err
}

func next(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		o := object{}
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return nil, err
			}
			v, err := next(d)
			if err != nil {
				return nil, err
			}
			o = append(o, member{name.(string), v})
		}
		_, err = d.Token()
		return o, err
	case json.Delim('['):
		list := []any{}
		for d.More() {
			v, err := next(d)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		_, err = d.Token()
		return list, err
	}
	return token, nil
}

// shortened is the value with the lists cut where the page cuts them. A list
// that is no longer than what the page keeps of it stays whole.
func shortened(v, page any) any {
	switch v := v.(type) {
	case object:
		p, _ := page.(object)
		out := make(object, len(v))
		for i, m := range v {
			out[i] = member{m.name, shortened(m.value, p.get(m.name))}
		}
		return out
	case []any:
		p, _ := page.([]any)
		kept := len(v)
		if n := len(p) - 1; n >= 0 && p[n] == cutMark {
			kept = min(n, kept)
		}
		out := make([]any, 0, len(v))
		for i, x := range v[:kept] {
			var like any
			if i < len(p) {
				like = p[i]
			}
			out = append(out, shortened(x, like))
		}
		if kept < len(v) {
			out = append(out, cutMark)
		}
		return out
	}
	return v
}

// lineWidth is how many columns an answer on the page may take; a Japanese
// character takes two.
const lineWidth = 120

// printed is JSON on as few lines as fit.
func printed(v any) string { return printedAt(v, "", 0) }

// printedAt continues a line at a column; further lines are indented. What has
// one member only opens and closes on the lines of that member.
func printedAt(v any, indent string, column int) string {
	flat := printedFlat(v)
	if column+width(flat) <= lineWidth {
		return flat
	}
	inner := indent + "  "
	var lines []string
	switch v := v.(type) {
	case object:
		if len(v) == 1 {
			name := quote(v[0].name) + ": "
			return "{" + name + printedAt(v[0].value, indent, column+1+width(name)) + "}"
		}
		for _, m := range v {
			line := inner + quote(m.name) + ": "
			lines = append(lines, line+printedAt(m.value, inner, width(line)))
		}
		return "{\n" + strings.Join(lines, ",\n") + "\n" + indent + "}"
	case []any:
		if len(v) == 1 {
			return "[" + printedAt(v[0], indent, column+1) + "]"
		}
		for _, x := range v {
			lines = append(lines, inner+printedAt(x, inner, len(inner)))
		}
		return "[\n" + strings.Join(lines, ",\n") + "\n" + indent + "]"
	}
	return flat
}

// width counts columns.
func width(s string) int {
	n := 0
	for _, r := range s {
		n++
		if r > 0x2000 {
			n++
		}
	}
	return n
}

func printedFlat(v any) string {
	var parts []string
	switch v := v.(type) {
	case object:
		for _, m := range v {
			parts = append(parts, quote(m.name)+": "+printedFlat(m.value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case []any:
		for _, x := range v {
			parts = append(parts, printedFlat(x))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return quote(v)
}

// quote is a scalar as JSON, without escapes that a page does not need.
func quote(v any) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return strings.TrimSuffix(b.String(), "\n")
}
