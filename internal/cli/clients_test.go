package cli

import (
	"os"
	"os/exec"
	"testing"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/store/memory"
)

// The clients that everybody uses, graphql-ws and graphql-sse, and what the IDE
// runs a subscription with: see the script.
func TestDoTheOfficialClientsUnderstand(t *testing.T) {
	address, _ := serving(t, memory.New(memory.Options{}), admin)
	runNode(t, address, "subscriptions.test.mjs")
}

// All 61 audits of graphql-http with GET, and without it the 36 that are a MUST or
// a SHOULD.
func TestIsTheServerGraphQLOverHTTP(t *testing.T) {
	t.Run("with GET", func(t *testing.T) {
		address, _ := serving(t, memory.New(memory.Options{}), admin, func(r *graph.Resolver) { r.AllowGet = true })
		runNode(t, address, "audits.test.mjs", "MUSUBI_GET=1")
	})
	t.Run("as it is", func(t *testing.T) {
		address, _ := serving(t, memory.New(memory.Options{}), admin)
		runNode(t, address, "audits.test.mjs")
	})
}

// runNode runs a script of web/test against a server. Without Node, or what make
// test installs for it, the test is skipped.
func runNode(t *testing.T, address, script string, env ...string) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no Node")
	}
	const web = "../../web"
	for _, client := range []string{"graphql-sse", "graphql-http"} {
		if _, err := os.Stat(web + "/node_modules/" + client); err == nil {
			continue
		}
		if os.Getenv("CI") == "true" {
			t.Fatal("the clients are not installed: make test does that")
		}
		t.Skip("the clients are not installed: run npm ci in web")
	}
	cmd := exec.CommandContext(t.Context(), node, "--experimental-websocket", "--test", "test/"+script)
	cmd.Dir = web
	cmd.Env = append(append(os.Environ(), "MUSUBI_URL=http://"+address+"/graphql"), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
