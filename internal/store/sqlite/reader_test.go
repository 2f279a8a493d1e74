package sqlite

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/verify/verifytest"
)

// filled is a data file with a small map, closed.
func filled(t testing.TB) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "map.db")
	s := opened(t, path)
	if err := verifytest.Fill(context.Background(), s); err != nil {
		t.Fatal(err)
	}
	closed(t, s)
	return path
}

func TestIsAReadersViewThatOfOneRevision(t *testing.T) {
	path := filled(t)
	s := opened(t, path)
	r := reading(t, path)
	defer func() { _ = r.Close(context.Background()) }()
	for n := range 3 {
		apply(t, s, creation(topic(fmt.Sprint("new-", n), "新")))
	}
	head, err := r.Head(context.Background())
	if err != nil || head != verifytest.Revision {
		t.Errorf("head %d, %v", head, err)
	}
	last := int64(0)
	for c, err := range r.Changes(context.Background(), network.Admin(""), 2) {
		if err != nil {
			t.Fatal(err)
		}
		if last == 0 && c.Revision != 3 {
			t.Errorf("the first entry is of revision %d", c.Revision)
		}
		last = c.Revision
	}
	if last != verifytest.Revision {
		t.Errorf("the log ends at %d", last)
	}
	for c := range r.Changes(context.Background(), network.Viewer{}, 0) {
		if c.Visibility() != network.Public {
			t.Errorf("a viewer sees %s", c.Record)
		}
	}
	if got := verified(t, path).Revision; got != verifytest.Revision+3 {
		t.Errorf("a new reader sees revision %d", got)
	}
}

func TestWhatCannotBeReadAsAMap(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.db")
	newer, foreign := filled(t), filled(t)
	edit(t, newer, `UPDATE meta SET value = '999' WHERE key = 'schema'`)
	edit(t, foreign, `DROP TABLE changes`)
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, code := range map[string]network.ErrorCode{
		filepath.Join(dir, "nowhere.db"): network.NotFound, empty: network.NotFound, newer: network.InvalidValue, foreign: network.InvalidValue,
	} {
		_, err := OpenReader(context.Background(), path)
		wantCode(t, err, code)
	}
	if _, err := os.Stat(filepath.Join(dir, "nowhere.db")); err == nil {
		t.Error("the reader made a file")
	}
}

// A file from before there were receipts is read as it is.
func TestCanAnOlderFileBeRead(t *testing.T) {
	path := filled(t)
	edit(t, path, `DROP TABLE receipts; UPDATE meta SET value = '1' WHERE key = 'schema'`)
	if report := verified(t, path); report.Receipts != 0 || report.Revision != verifytest.Revision {
		t.Errorf("%+v", report)
	}
}

// set changes the fields of a record, in the log too, where nothing but a look at
// the records can find it.
func set(id, field, value string) string {
	change := fmt.Sprintf("json_set(%%s, '$.%s', json('%s'))", field, value)
	return fmt.Sprintf(`UPDATE records SET fields = `+fmt.Sprintf(change, "fields")+` WHERE id = '%[1]s';
		UPDATE changes SET after = `+fmt.Sprintf(change, "after")+` WHERE record = '%[1]s' AND version = (SELECT version FROM records WHERE id = '%[1]s')`, id)
}

func TestWhichFaultsOfAFileAreFound(t *testing.T) {
	for name, c := range map[string]struct{ statement, want string }{
		"a changed field":            {`UPDATE records SET fields = json_set(fields, '$.name', '別') WHERE id = 'school'`, "record school: its fields are not those that the log left it with"},
		"a field that is gone":       {`UPDATE records SET fields = json_remove(fields, '$.area') WHERE id = 'school'`, "record school: its fields are not those"},
		"a version":                  {`UPDATE records SET version = 7 WHERE id = 'school'`, "record school: it has version 7, by the log 2"},
		"another kind":               {`UPDATE records SET kind = 'Company' WHERE id = 'bare'`, "record bare: its fields are not those"},
		"a record that is gone":      {`DELETE FROM records WHERE id = 'claim'`, "record claim: it is in the log and not among the records"},
		"a record from nowhere":      {`INSERT INTO records VALUES ('ghost', 'Topic', 1, '{"name":"霊"}')`, "record ghost: the log knows nothing of it"},
		"a first entry gone":         {`DELETE FROM changes WHERE revision = 2 AND seq = 0`, "revision 2, entry 1, record post: entries are missing before it"},
		"a last entry gone":          {`DELETE FROM changes WHERE revision = 6 AND seq = 1`, "record person: it has version 2, by the log 1"},
		"a revision gone":            {`DELETE FROM changes WHERE revision = 3`, "revision 4, entry 0, record tie-1: entries are missing before it"},
		"the last revision gone":     {`DELETE FROM changes WHERE revision = 8`, "the log ends at revision 7, and the store says it is at 8"},
		"another head":               {`UPDATE meta SET value = '9' WHERE key = 'revision'`, "the log ends at revision 8, and the store says it is at 9"},
		"another before":             {`UPDATE changes SET before = json_set(before, '$.name', '別') WHERE revision = 3`, "revision 3, entry 0, record school: its state before is not"},
		"no before":                  {`UPDATE changes SET before = NULL, kind_before = NULL WHERE revision = 3`, "revision 3, entry 0, record school: its state before is missing"},
		"another actor":              {`UPDATE changes SET actor = 'x' WHERE revision = 2 AND seq = 3`, "revision 2, entry 3, record tie-1: its time, actor or reason"},
		"another action":             {`UPDATE changes SET action = 'CREATE' WHERE revision = 3`, "revision 3, entry 0, record school: it creates a record that is there"},
		"an action that is none":     {`UPDATE changes SET action = 'MEND' WHERE revision = 3`, "revision 3, entry 0, record school: it has no known action"},
		"a state that is no JSON":    {`UPDATE changes SET after = '{' WHERE revision = 3`, "the log cannot be read on after revision 2"},
		"fields that are no JSON":    {`UPDATE records SET fields = '{' WHERE id = 'bare'`, "record bare: its fields cannot be read"},
		"a kind that is none":        {`UPDATE records SET kind = 'Castle' WHERE id = 'bare'`, "record bare: it is of a kind that this program does not know"},
		"a field that is none":       {`UPDATE records SET fields = json_set(fields, '$.colour', 'red') WHERE id = 'bare'`, "record bare: it has a field that its kind does not have: colour"},
		"a doubled unique value":     {set("bare", "schoolCode", `"B120221500026"`), "record school: bare has the same schoolCode, which is unique"},
		"a doubled key of an import": {set("bare", "importKey", `"school-1"`), "record school: bare has the same importKey"},
		"a reference to nothing":     {set("post", "organization", `"nowhere"`), "record post: organization: there is no record nowhere"},
		"a claim about nothing":      {set("claim", "record", `"nowhere"`), "record claim: record: there is no record nowhere"},
		"a reference to a wrong one": {set("post", "organization", `"area"`), "record post: organization: area is a Area, which may not stand there"},
		"a tie that may not be":      {set("tie-1", "kind", `"EMPLOYS"`), "record tie-1: EMPLOYS may not lead from a Company to a School"},
		"a value that is none":       {set("bare", "level", `"CASTLE"`), "record bare: level: INVALID_VALUE"},
		"a required field gone":      {set("bare", "name", `null`), "record bare: name: REQUIRED"},
		"an index that is wrong":     {`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX records_kind ON records (id)' WHERE name = 'records_kind'`, "SQLite's integrity_check: "},
	} {
		t.Run(name, func(t *testing.T) {
			path := filled(t)
			edit(t, path, c.statement)
			r := reading(t, path)
			defer func() { _ = r.Close(context.Background()) }()
			verifytest.WantFault(t, r, c.want)
		})
	}
}
