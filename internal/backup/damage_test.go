package backup_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/backup"
	"github.com/musubi-map/musubi/internal/backup/backuptest"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/memory"
	"github.com/musubi-map/musubi/internal/verify"
)

// gzipHeader is how many bytes of a file come before what is compressed. The
// last seven say when and where it was compressed: nothing of the map.
const gzipHeader = 10

// refused wants that a file is refused, for what it is, and nothing written.
func refused(t *testing.T, data []byte, what string) {
	t.Helper()
	s := memory.New(memory.Options{})
	_, err := backup.Restore(t.Context(), s, bytes.NewReader(data), nil, nil)
	if network.CodeOf(err) != network.InvalidValue {
		t.Errorf("%s: %v", what, err)
	}
	if got := backuptest.Of(t, s); got.Head != 0 || len(got.Receipts) != 0 {
		t.Fatalf("%s: it was written", what)
	}
}

func TestIsADamagedFileRefused(t *testing.T) {
	data, want := backuptest.Example(t)
	random := rand.New(rand.NewPCG(1, 2))
	for i := range data {
		broken := bytes.Clone(data)
		broken[i] ^= 1 << random.IntN(8)
		if i < gzipHeader && i > 2 {
			if s := memory.New(memory.Options{}); whole(t, broken) {
				backuptest.Restored(t, s, broken)
				backuptest.Same(t, backuptest.Of(t, s), want)
			}
			continue
		}
		refused(t, broken, fmt.Sprintf("a bit of byte %d", i))
	}
	for n := range data {
		refused(t, data[:n], fmt.Sprintf("the first %d bytes", n))
	}
	refused(t, append(bytes.Clone(data), 0), "a byte too many")
	refused(t, append(bytes.Clone(data), data...), "twice")
	refused(t, packed(unpacked(t, data)[:2]), "without an end")
	refused(t, []byte("ID,Type,Label\n"), "a CSV file")
}

func whole(t *testing.T, data []byte) bool {
	_, err := backup.Read(bytes.NewReader(data), nil)
	if err != nil {
		wantCode(t, err, network.InvalidValue)
	}
	return err == nil
}

// unpacked are the lines of a backup, each with its end.
func unpacked(t testing.TB, data []byte) []string {
	t.Helper()
	zip, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	return strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n")
}

func packed(lines []string) []byte {
	var out bytes.Buffer
	zip := gzip.NewWriter(&out)
	for _, l := range lines {
		_, _ = io.WriteString(zip, strings.TrimSuffix(l, "\n")+"\n")
	}
	_ = zip.Close()
	return out.Bytes()
}

// sealed are lines with an end that fits them, but for counts.
func sealed(lines []string, counts string) []byte {
	text := strings.Join(lines, "")
	sum := sha256.Sum256([]byte(text))
	return packed(append(lines, fmt.Sprintf(`{"end":{%s,"sha256":%q}}`, counts, hex.EncodeToString(sum[:]))))
}

const (
	header = `{"header":{"format":"musubi-backup","version":1,"createdAt":"2024-02-02T00:00:00Z","store":"embedded","revision":1}}` + "\n"
	commit = `{"commit":{"revision":1,"at":"2024-02-01T03:00:00Z"}}` + "\n"
	topic  = `{"change":{"action":"CREATE","id":"t","kind":"Topic","version":1,"after":{"name":"分野"}}}` + "\n"
	ticket = `{"receipt":{"key":"k","fingerprint":"f","outcome":"{}","at":"2024-02-01T03:00:00Z"}}` + "\n"
	one    = `"commits":1,"changes":1,"receipts":0`
)

// Lines that were taken out, doubled or moved, whole as they are.
func TestAreLinesMissedAndMoved(t *testing.T) {
	data, _ := backuptest.Example(t)
	lines := unpacked(t, data)
	for i := range lines {
		without := append(append([]string{}, lines[:i]...), lines[i+1:]...)
		refused(t, packed(without), fmt.Sprintf("without line %d", i+1))
		twice := append(append([]string{}, lines[:i+1]...), lines[i:]...)
		refused(t, packed(twice), fmt.Sprintf("line %d twice", i+1))
		if i > 0 {
			moved := append([]string{}, lines...)
			moved[i], moved[i-1] = moved[i-1], moved[i]
			refused(t, packed(moved), fmt.Sprintf("line %d before the one before", i+1))
		}
	}
}

// Files whose check sum is right, made by another hand or another version.
func TestWhichFilesAreNotUnderstood(t *testing.T) {
	good := []string{header, commit, topic}
	s := memory.New(memory.Options{})
	if backuptest.Restored(t, s, sealed(good, one)); backuptest.Of(t, s).Head != 1 {
		t.Fatal("the example is not restored")
	}
	swap := func(old, new string) []string {
		text := strings.Replace(strings.Join(good, ""), old, new, 1)
		return strings.SplitAfter(strings.TrimSuffix(text, "\n"), "\n")
	}
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"a newer version":             {sealed(swap(`"version":1`, `"version":3,"more":true`), one), "newer musubi (format 3; this one reads up to 2)"},
		"a version that is none":      {sealed(swap(`"version":1`, `"version":0`), one), "its header"},
		"another format":              {sealed(swap(`musubi-backup`, `other`), one), "no backup of musubi"},
		"more in the header":          {sealed(swap(`"store"`, `"x":1,"store"`), one), "its header"},
		"more in a line":              {sealed(swap(`"action"`, `"x":1,"action"`), one), "line 3 cannot be read"},
		"a line of another sort":      {sealed(append(good, `{"more":{}}`+"\n"), one), "line 4 cannot be read"},
		"a line of no sort":           {sealed(append(good, "{}\n"), one), "line 4 cannot be read"},
		"two values in a line":        {sealed(append(good, "{}{}\n"), one), "line 4 cannot be read"},
		"a kind that is none":         {sealed(swap(`"Topic"`, `"Castle"`), one), "the kind Castle, which this musubi does not know"},
		"an entry of the log":         {sealed(swap(`"Topic"`, `"Change"`), one), "the kind Change"},
		"a field that is none":        {sealed(swap(`"name"`, `"colour"`), one), "the field Topic.colour, which this musubi does not know"},
		"a value of another type":     {sealed(swap(`"分野"`, `7`), one), "line 3 cannot be read"},
		"a version below 1":           {sealed(swap(`"version":1,"after"`, `"version":0,"after"`), one), "line 3 cannot be read"},
		"a revision left out":         {sealed(swap(`"revision":1,"at"`, `"revision":2,"at"`), one), "revision 2 stands after revision 0"},
		"fewer revisions than told":   {sealed(swap(`"revision":1}`, `"revision":2}`), one), "not as many lines"},
		"other counts":                {sealed(good, `"commits":1,"changes":2,"receipts":0`), "not as many lines"},
		"a time that is none":         {sealed(swap(`2024-02-01T03:00:00Z`, `yesterday`), one), "line 2 cannot be read"},
		"a commit of nothing":         {sealed([]string{header, commit}, `"commits":1,"changes":0,"receipts":0`), "revision 1 has no changes"},
		"a change before its commit":  {sealed([]string{header, topic, commit}, one), "line 2 is in the wrong place"},
		"a change behind its receipt": {sealed([]string{header, commit, ticket, topic}, `"commits":1,"changes":1,"receipts":1`), "line 4 is in the wrong place"},
		"another check sum":           {packed(append(good, `{"end":{`+one+`,"sha256":"00"}}`)), "check sum"},
		"no JSON":                     {packed([]string{header, "map"}), "line 2 cannot be read"},
		"something behind the end":    {packed(append(unpacked(t, sealed(good, one)), "{}")), "something follows"},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, c.data, name)
			if _, err := verify.File(t.Context(), bytes.NewReader(c.data)); network.CodeOf(err) != network.InvalidValue {
				t.Errorf("verified: %v", err)
			}
			if _, err := backup.Read(bytes.NewReader(c.data), nil); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
		})
	}
}

// Whatever a file holds, it is read or refused.
func FuzzRead(f *testing.F) {
	data, _ := backuptest.Example(f)
	f.Add(strings.Join(unpacked(f, data), ""))
	f.Add(header + commit + topic + ticket)
	f.Fuzz(func(t *testing.T, text string) {
		for _, data := range [][]byte{[]byte(text), packed(strings.SplitAfter(text, "\n")), sealed(strings.SplitAfter(text, "\n"), one)} {
			if _, err := verify.File(t.Context(), bytes.NewReader(data)); err != nil {
				wantCode(t, err, network.InvalidValue)
			}
		}
	})
}
