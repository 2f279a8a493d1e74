package neo4j_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/edit/edittest"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
)

const (
	// transferURI names, in the environment of a child, the server on which it
	// moves people.
	transferURI = "MUSUBI_NEO4J_TEST_TRANSFERS"

	movedPeople = 200
	waitLimit   = 5 * time.Minute // a loaded machine starts a server slowly
	askEvery    = 10 * time.Millisecond
)

// TestTransferForever is the child: it moves everybody again and again, and says
// so.
func TestTransferForever(t *testing.T) {
	uri := os.Getenv(transferURI)
	if uri == "" {
		t.Skip("it is run by the test of kills")
	}
	fmt.Println("error:", shuttleOn(t, uri).Run(t.Context(), os.Stdout))
}

func shuttleOn(t *testing.T, uri string) *edittest.Shuttle {
	t.Helper()
	s, err := neo4j.Open(t.Context(), neo4j.Options{URI: uri})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(context.Background()); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	u, err := edittest.NewShuttle(t.Context(), s, movedPeople)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestIsATransferWholeAfterItsClientIsKilled(t *testing.T) {
	rounds, err := edittest.Interruptions(3)
	if err != nil {
		t.Fatal(err)
	}
	openEmpty(t)
	uri := neo4jtest.Open(t)
	d := neo4jtest.Driver(t, uri)
	u := shuttleOn(t, uri)
	var tally edittest.Tally
	for round := range rounds {
		cmd := exec.Command(os.Args[0], "-test.run=^TestTransferForever$")
		cmd.Env = append(os.Environ(), transferURI+"="+uri)
		progress, err := edittest.Kill(cmd, func(took time.Duration, kill func()) {
			awaitWriters(t, d, 1)
			time.AfterFunc(rand.N(max(took, 1)), kill)
		})
		if err != nil {
			t.Fatal(err)
		}
		awaitWriters(t, d, 0) // the server has noticed
		held, err := u.Check(t.Context())
		if err == nil {
			err = tally.Add(held, progress)
		}
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
	}
	verified(t, reopened(t))
	t.Logf("%d kills: %v", rounds, &tally)
}

// awaitWriters returns once there are so many transactions that write.
func awaitWriters(t *testing.T, d driver.DriverWithContext, want int64) {
	t.Helper()
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for limit := time.Now().Add(waitLimit); time.Now().Before(limit); <-tick.C {
		result, err := driver.ExecuteQuery(t.Context(), d, "SHOW TRANSACTIONS YIELD metaData WHERE metaData.app = 'musubi' AND metaData.operation = 'apply' RETURN count(*)", nil,
			driver.EagerResultTransformer, driver.ExecuteQueryWithDatabase("neo4j"))
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := result.Records[0].Values[0].(int64); n == want {
			return
		}
	}
	t.Fatalf("there are not %d writers", want)
}

// The server itself may go in the middle: what it finds on its disk when it
// comes back is a whole number of transfers.
func TestIsATransferWholeAfterTheServerIsKilled(t *testing.T) {
	kills, err := edittest.Interruptions(10)
	if err != nil {
		t.Fatal(err)
	}
	o := neo4jserver.Options{Dir: filepath.Join(t.TempDir(), "neo4j")}
	server := neo4jtest.Start(t, o)
	var tally edittest.Tally
	for range max(1, kills/10) { // each takes a server
		progress, failed := killedServer(t, server)
		server = neo4jtest.Start(t, o)
		held, err := shuttleOn(t, server.URI()).Check(t.Context())
		if err == nil {
			err = tally.Add(held, progress)
		}
		switch {
		case err != nil:
			t.Fatal(err)
		case held > progress.Done && network.CodeOf(failed) != network.OutcomeUnknown:
			t.Errorf("it was written, and the writer heard: %v", failed)
		}
		verified(t, opened(t, server.URI()))
		t.Logf("%v; the writer heard: %v", &tally, failed)
	}
}

// killedServer moves people until the server is killed in the middle of a
// transfer. It gives how far they came, and what the writer was told.
func killedServer(t *testing.T, server *neo4jserver.Server) (progress edittest.Progress, failed error) {
	t.Helper()
	u, d := shuttleOn(t, server.URI()), neo4jtest.Driver(t, server.URI())
	read, write := io.Pipe()
	go func() {
		failed = u.Run(t.Context(), write)
		_ = write.Close()
	}()
	progress, err := edittest.Follow(read, func(took time.Duration) {
		awaitWriters(t, d, 1)
		time.AfterFunc(rand.N(max(took/2, 1)), func() { _ = server.Kill() })
	})
	if err != nil {
		t.Fatal(err)
	}
	<-server.Done()
	return progress, failed
}
