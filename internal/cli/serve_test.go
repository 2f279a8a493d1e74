package cli

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/limit"
	"github.com/musubi-map/musubi/internal/network"
)

// parsed is the command line of serve.
func parsed(t *testing.T, args ...string) *serveCommand {
	t.Helper()
	var c commands
	parser, err := kong.New(&c, kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parser.Parse(append([]string{"serve"}, args...)); err != nil {
		t.Fatal(err)
	}
	return &c.Serve
}

func TestHasEveryOptionOfServeAVariable(t *testing.T) {
	parser, err := kong.New(&commands{}, kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range parser.Model.Leaves(true) {
		if command.Name != "serve" {
			continue
		}
		for _, f := range command.Flags {
			if want := "MUSUBI_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_")); !slices.Contains(f.Envs, want) {
				t.Errorf("--%s has the variables %v, not %s", f.Name, f.Envs, want)
			}
		}
		return
	}
	t.Fatal("there is no serve")
}

func TestAreLimitsTakenFromOptionAndVariable(t *testing.T) {
	const text = "tokens=7/8;time=250ms"
	t.Setenv("MUSUBI_LIMIT", text)
	inEnvironment := parsed(t)
	if err := os.Unsetenv("MUSUBI_LIMIT"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []*serveCommand{inEnvironment, parsed(t, "--limit", text), parsed(t, "--limit=tokens=7/8", "--limit=time=250ms")} {
		r := &graph.Resolver{}
		if err := c.restrict(r); err != nil {
			t.Fatal(err)
		}
		if r.Limits.Of(network.RoleViewer, limit.Tokens) != 7 || r.Limits.Of(network.RoleAdmin, limit.Tokens) != 8 || r.Limits.Longest(limit.Time).Milliseconds() != 250 || r.Limits.Most(limit.Depth) != 16 {
			t.Errorf("%v", c.Limit)
		}
		if got := c.edge(r.Limits); got.RequestTimeout.Milliseconds() != 250 || got.MaxBody != 8<<20 {
			t.Errorf("%+v", got)
		}
	}
	for _, wrong := range []string{"nothing=1", "tokens=many"} {
		if err := parsed(t, "--limit", wrong).restrict(&graph.Resolver{}); err == nil {
			t.Errorf("%s was taken", wrong)
		}
	}
	if err := parsed(t, "--trusted-documents", filepath.Join(t.TempDir(), "none")).restrict(&graph.Resolver{}); err == nil {
		t.Error("a list that is not there was taken")
	}
	r := &graph.Resolver{}
	if err := parsed(t, "--trusted-documents", "../../docs/queries").restrict(r); err != nil || r.Trusted == nil {
		t.Errorf("the published questions: %v", err)
	}
}
