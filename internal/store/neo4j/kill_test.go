package neo4j_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/edit/edittest"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

const (
	// crowdURI and crowdName tell a child the server, and how its keys begin.
	crowdURI  = "MUSUBI_NEO4J_TEST_CROWD"
	crowdName = "MUSUBI_NEO4J_TEST_CROWD_NAME"

	killedCrowd = 8
	// killedLimit is the deadline of one write.
	killedLimit = 10 * time.Second
)

// TestCrowdForever is the child: people who write until they are killed.
func TestCrowdForever(t *testing.T) {
	uri := os.Getenv(crowdURI)
	if uri == "" {
		t.Skip("it is run by the test of kills")
	}
	_, crowd := crowdOn(t, uri)
	crowd.Run(t.Context(), os.Getenv(crowdName), killedCrowd, os.Stdout)
}

func crowdOn(t *testing.T, uri string) (*neo4j.Store, *edittest.Crowd) {
	t.Helper()
	s, err := neo4j.Open(t.Context(), neo4j.Options{URI: uri})
	if err != nil {
		t.Fatal(err)
	}
	storetest.CloseAfter(t, s)
	crowd, err := edittest.NewCrowd(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return s, crowd
}

func TestIsEveryWriteThereOnceAfterItsClientIsKilled(t *testing.T) {
	rounds, err := edittest.Interruptions(20)
	if err != nil {
		t.Fatal(err)
	}
	openEmpty(t)
	uri := neo4jtest.Open(t)
	s, crowd := crowdOn(t, uri)
	ledger := edittest.NewLedger()
	var tally edittest.Settled
	for round := range rounds {
		cmd := exec.Command(os.Args[0], "-test.run=^TestCrowdForever$")
		cmd.Env = append(os.Environ(), crowdURI+"="+uri, crowdName+"="+fmt.Sprint("r", round))
		if err := edittest.KillCrowd(cmd, ledger, 1+rand.IntN(40)); err != nil {
			t.Fatal(err)
		}
		settled, err := ledger.Settle(t.Context(), crowd)
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		tally.Add(settled)
	}
	verified(t, s)
	t.Logf("%d kills: %v", rounds, &tally)
}

// The people go on while the server is killed and started again, with the same
// store: it finds its way back by itself.
func TestIsEveryWriteThereOnceAfterTheServerIsKilled(t *testing.T) {
	rounds, err := edittest.Interruptions(20)
	if err != nil {
		t.Fatal(err)
	}
	o := neo4jserver.Options{Dir: filepath.Join(t.TempDir(), "neo4j")}
	server := neo4jtest.Start(t, o)
	o.BoltPort = portOf(t, server)
	s, crowd := crowdOn(t, server.URI())
	crowd.Limit = killedLimit
	k := &killing{t: t, crowd: crowd, ledger: edittest.NewLedger(), options: o, server: server, codes: map[network.ErrorCode]int{}}
	for round := range rounds {
		k.round(fmt.Sprint("r", round))
	}
	verified(t, s)
	t.Logf("%d kills: %v; the longest until somebody could write again %v; errors: %s", rounds, &k.settled, k.slowest.Round(time.Millisecond), described(k.codes))
}

// killing is a crowd on a server that is killed again and again.
type killing struct {
	t       *testing.T
	crowd   *edittest.Crowd
	ledger  *edittest.Ledger
	options neo4jserver.Options
	server  *neo4jserver.Server
	settled edittest.Settled
	slowest time.Duration // recovery
	codes   map[network.ErrorCode]int
}

// round lets the crowd write, kills the server, starts it, and sends the crowd
// home when somebody has written to it.
func (k *killing) round(name string) {
	k.t.Helper()
	ctx, cancel := context.WithCancel(k.t.Context())
	defer cancel()
	read, write := io.Pipe()
	go func() {
		k.crowd.Run(ctx, name, killedCrowd, write)
		_ = write.Close()
	}()
	kill, up := 1+rand.IntN(3*killedCrowd), make(chan time.Time, 1)
	killed := make(chan struct{})
	heard := make(chan error, 1)
	go func() {
		heard <- k.ledger.Follow(read, func(_ string, answered int) {
			if answered == kill {
				time.AfterFunc(rand.N(50*time.Millisecond), func() {
					_ = k.server.Kill()
					close(killed)
				})
			}
			select {
			case at := <-up:
				k.slowest = max(k.slowest, time.Since(at))
				cancel()
			default:
			}
		})
	}()
	<-killed
	k.server = neo4jtest.Start(k.t, k.options)
	up <- time.Now()
	if err := <-heard; err != nil {
		k.t.Fatal(err)
	}
	for code, n := range k.ledger.Codes() {
		k.codes[code] += n
	}
	settled, err := k.ledger.Settle(k.t.Context(), k.crowd)
	if err != nil {
		k.t.Fatalf("%s: %v", name, err)
	}
	k.settled.Add(settled)
}

func portOf(t *testing.T, server *neo4jserver.Server) int {
	t.Helper()
	u, err := url.Parse(server.URI())
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
