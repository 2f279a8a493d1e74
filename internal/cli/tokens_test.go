package cli

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Nobody who reads the file, its log or a backup can use a token.
func TestIsATokenAnywhereInTheFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "map.db")
	s, err := storeFlags{Data: path}.open(t.Context(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	out, errOut := musubi(t, 0, "tokens", "create", "--data", path, "--name", "目印", "--role", "admin")
	token := strings.TrimSpace(out)
	secret := token[strings.LastIndex(token, "_")+1:]
	if strings.Contains(errOut, secret) {
		t.Error("the secret is told twice")
	}
	musubi(t, 0, "backup", "--data", path, "-o", filepath.Join(dir, "backup"))
	scan := func(when string) {
		t.Helper()
		named := false
		entries, _ := os.ReadDir(dir)
		for _, e := range entries {
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			named = named || bytes.Contains(data, []byte("目印"))
			for _, part := range []string{secret, secret[:26], secret[26:]} {
				if bytes.Contains(data, []byte(part)) {
					t.Errorf("%s: %s has the secret", when, e.Name())
				}
			}
		}
		if !named {
			t.Errorf("%s: the token is nowhere at all", when)
		}
	}
	scan("open")
	if err := s.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	scan("closed")
}

func TestWhichCommandsOnTokensAreRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "map.db")
	create := func(args ...string) []string { return append([]string{"tokens", "create", "--data", path}, args...) }
	for _, c := range []struct {
		name, want string
		exit       int
		args       []string
	}{
		{"a list where there is no map", "no map", 1, []string{"tokens", "list", "--data", path}},
		{"an end where there is no map", "no map", 1, []string{"tokens", "revoke", "--data", path, "x"}},
		{"no name", "--name", 2, create("--role", "viewer")},
		{"no role", "--role", 2, create("--name", "a")},
		{"another role", "viewer", 2, create("--name", "a", "--role", "root")},
		{"for no day", "a minute to 366 days", 1, create("--name", "a", "--role", "viewer", "--days", "0")},
		{"for two years", "a minute to 366 days", 1, create("--name", "a", "--role", "viewer", "--days", "730")},
		{"for an organisation of no map", "no map", 1, create("--name", "a", "--role", "viewer", "--organization", "x")},
	} {
		if _, errOut := musubi(t, c.exit, c.args...); !strings.Contains(errOut, c.want) {
			t.Errorf("%s: %s", c.name, errOut)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a refused command has made a file")
	}
	musubi(t, 0, create("--name", "a", "--role", "viewer")...)
	if _, errOut := musubi(t, 1, "tokens", "revoke", "--data", path, "nobody's"); !strings.Contains(errOut, "no token with this id") {
		t.Error(errOut)
	}
}
