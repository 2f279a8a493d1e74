package neo4j_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/edit/edittest"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

const (
	killedCrowd = 8
	// killedLimit is the deadline of one write.
	killedLimit = 10 * time.Second
)

// The people go on while the server is killed and started again, with the same
// store: it finds its way back by itself.
func TestIsEveryWriteThereOnceAfterTheServerIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts a server for each round and one more")
	}
	rounds, err := edittest.Interruptions(20)
	if err != nil {
		t.Fatal(err)
	}
	o := neo4jserver.Options{Dir: filepath.Join(t.TempDir(), "neo4j")}
	server := startServer(t, o)
	o.BoltPort = portOf(t, server)
	s, err := neo4j.Open(t.Context(), neo4j.Options{URI: server.URI()})
	if err != nil {
		t.Fatal(err)
	}
	storetest.CloseAfter(t, s)
	crowd, err := edittest.NewCrowd(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	crowd.Limit = killedLimit
	k := &killing{t: t, crowd: crowd, ledger: edittest.NewLedger(), options: o, server: server, codes: map[network.ErrorCode]int{}}
	for round := range rounds {
		k.round(fmt.Sprint("r", round))
	}
	if err := edittest.Agree(t.Context(), s); err != nil {
		t.Error(err)
	}
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
	k.server = startServer(k.t, k.options)
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
