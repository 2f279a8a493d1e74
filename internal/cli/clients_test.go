package cli

import (
	"os"
	"os/exec"
	"testing"

	"github.com/musubi-map/musubi/internal/store/memory"
)

// The clients that everybody uses, graphql-ws and graphql-sse, and what the IDE
// runs a subscription with: see the script.
func TestDoTheOfficialClientsUnderstand(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("there is no Node")
	}
	const web = "../../web"
	if _, err := os.Stat(web + "/node_modules/graphql-sse"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("the clients are not installed: make test does that")
		}
		t.Skip("the clients are not installed: run npm ci in web")
	}
	address, _ := serving(t, memory.New(memory.Options{}), admin)
	cmd := exec.CommandContext(t.Context(), node, "--experimental-websocket", "--test", "test/subscriptions.test.mjs")
	cmd.Dir = web
	cmd.Env = append(os.Environ(), "MUSUBI_URL=http://"+address+"/graphql")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
