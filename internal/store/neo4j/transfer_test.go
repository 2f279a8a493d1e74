package neo4j_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
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
	// killsVariable says how often the writer of transfers is killed.
	killsVariable = "MUSUBI_TRANSFER_KILLS"

	movedPeople = 200
	waitLimit   = time.Minute
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
	rounds := kills(t, 3)
	openEmpty(t)
	uri := neo4jtest.Open(t)
	d := neo4jtest.Driver(t, uri)
	u := shuttleOn(t, uri)
	none, whole := 0, 0
	for round := range rounds {
		begun, done := killedTransfers(t, d, uri)
		awaitWriters(t, d, 0) // the server has noticed
		held, err := u.Check(t.Context())
		switch {
		case err != nil:
			t.Fatalf("round %d: %v", round, err)
		case held < done || held > begun:
			t.Fatalf("round %d: %d transfers, %d were acknowledged and %d begun", round, held, done, begun)
		case begun > done && held == done:
			none++
		case begun > done:
			whole++
		}
	}
	t.Logf("%d kills: of the transfer under way nothing was there %d times, all of it %d times; %d times none was under way", rounds, none, whole, rounds-none-whole)
}

// kills is how often the environment says to kill, or else few.
func kills(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv(killsVariable)
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// killedTransfers runs a writer of transfers and kills it at any moment of one,
// once the server is writing it. It gives the last that was begun and the last
// that was acknowledged.
func killedTransfers(t *testing.T, d driver.DriverWithContext, uri string) (begun, done int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestTransferForever$")
	cmd.Env = append(os.Environ(), transferURI+"="+uri)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	return shuttled(t, out, func(took time.Duration) {
		awaitWriters(t, d, 1)
		time.AfterFunc(rand.N(max(took, 1)), func() { _ = cmd.Process.Kill() })
	})
}

// shuttled reads what a shuttle says, to the end, and calls interrupt in one of
// its transfers, with the time that the one before took.
func shuttled(t *testing.T, out io.Reader, interrupt func(took time.Duration)) (begun, done int) {
	t.Helper()
	var at time.Time
	var took time.Duration
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); {
		word, number, _ := strings.Cut(lines.Text(), " ")
		i, err := strconv.Atoi(number)
		switch {
		case err != nil:
			t.Fatalf("the writer says %q", lines.Text())
		case word == "done":
			done, took = i, time.Since(at)
		default:
			begun, at = i, time.Now()
			if n++; n == 3 {
				interrupt(took)
			}
		}
	}
	if begun == 0 {
		t.Fatal("the writer did nothing")
	}
	return begun, done
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
	if testing.Short() {
		t.Skip("it starts a server for each round and one more")
	}
	o := neo4jserver.Options{Dir: filepath.Join(t.TempDir(), "neo4j")}
	server := startServer(t, o)
	for range kills(t, 10) / 10 {
		begun, done, failed := killedServer(t, server)
		server = startServer(t, o)
		held, err := shuttleOn(t, server.URI()).Check(t.Context())
		switch {
		case err != nil:
			t.Fatal(err)
		case held < done || held > begun:
			t.Fatalf("%d transfers, %d were acknowledged and %d begun", held, done, begun)
		case held > done && network.CodeOf(failed) != network.OutcomeUnknown:
			t.Errorf("it was written, and the writer heard: %v", failed)
		}
		t.Logf("%d begun, %d acknowledged, %d there; the writer heard: %v", begun, done, held, failed)
	}
}

// killedServer moves people until the server is killed in the middle of a
// transfer. It gives the last that was begun, the last that was acknowledged and
// what became of the other, as its writer was told.
func killedServer(t *testing.T, server *neo4jserver.Server) (begun, done int, failed error) {
	t.Helper()
	u, d := shuttleOn(t, server.URI()), neo4jtest.Driver(t, server.URI())
	read, write := io.Pipe()
	go func() {
		failed = u.Run(t.Context(), write)
		_ = write.Close()
	}()
	begun, done = shuttled(t, read, func(took time.Duration) {
		awaitWriters(t, d, 1)
		time.AfterFunc(rand.N(max(took/2, 1)), func() { _ = server.Kill() })
	})
	<-server.Done()
	return begun, done, failed
}

// startServer starts a server of the test's own, apart from the one that the
// tests share.
func startServer(t *testing.T, o neo4jserver.Options) *neo4jserver.Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitLimit)
	defer cancel()
	server, err := neo4jserver.Start(ctx, o)
	switch {
	case errors.Is(err, neo4jserver.ErrUnavailable) && os.Getenv("CI") != "true":
		t.Skipf("no Neo4j: %v", err)
	case err != nil:
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), waitLimit)
		defer cancel()
		if err := server.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
	return server
}
