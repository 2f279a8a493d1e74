package neo4j_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	toxiproxy "github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"

	"github.com/musubi-map/musubi/internal/edit/edittest"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

const (
	// outageVariable names, in the environment, how long the server is away.
	outageVariable = "MUSUBI_OUTAGE"

	toxicWriters = 32
	// toxicLimit is the deadline of one write, toxicTime how long a fault lasts.
	toxicLimit = 2 * time.Second
	toxicTime  = time.Second
)

// toxic is a fault of the connection, put on and taken away.
type toxic struct {
	name, json string // json of a toxic of toxiproxy, empty: the proxy is shut
	lasts      time.Duration
}

// mayFail are the codes that a writer may hear while there is a fault; each but
// OutcomeUnknown says that nothing was written.
var mayFail = []network.ErrorCode{network.Unavailable, network.Timeout, network.Conflict, network.OutcomeUnknown}

// Whatever is wrong with the connection, each of many writers gets a result or
// is told what became of the write, nothing acknowledged is lost, and nothing is
// there twice after they have tried again.
func TestWhatIsLostWhileTheConnectionIsAtFault(t *testing.T) {
	outage := 3 * time.Second
	if text := os.Getenv(outageVariable); text != "" {
		var err error
		if outage, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	direct := openEmpty(t)
	if _, err := edittest.NewCrowd(t.Context(), direct); err != nil {
		t.Fatal(err)
	}
	p := newToxiproxy(t, neo4jtest.Open(t))
	behind, err := neo4j.Open(t.Context(), neo4j.Options{URI: "bolt://" + p.Listen})
	if err != nil {
		t.Fatal(err)
	}
	storetest.CloseAfter(t, behind)
	ledger := edittest.NewLedger()
	for _, fault := range []toxic{
		{"latency", `{"type": "latency", "attributes": {"latency": 100, "jitter": 50}}`, toxicTime},
		{"reset", `{"type": "reset_peer", "attributes": {"timeout": 50}}`, toxicTime},
		{"reset after some data", `{"type": "limit_data", "attributes": {"bytes": 3000}}`, toxicTime},
		{"silence", `{"type": "timeout", "attributes": {"timeout": 0}}`, toxicTime + toxicLimit},
		{"slices", `{"type": "slicer", "stream": "upstream", "attributes": {"average_size": 40, "size_variation": 20, "delay": 100}}`, toxicTime},
		{"down", "", outage},
	} {
		t.Run(fault.name, func(t *testing.T) {
			writeThrough(t, ledger, behind, strings.ReplaceAll(fault.name, " ", "_"), func() { fault.on(t, p) }, func() { fault.off(t, p) }, fault.lasts)
		})
	}
	t.Run("commits are cut", func(t *testing.T) {
		s, p := openThrough(t)
		spoil := func() { p.onCommit(func() verdict { return []verdict{pass, pass, cutBefore, cutAfter}[rand.IntN(4)] }) }
		writeThrough(t, ledger, s, "cut", spoil, func() { p.onCommit(func() verdict { return pass }) }, toxicTime)
	})
	verified(t, direct)
}

func newToxiproxy(t *testing.T, uri string) *toxiproxy.Proxy {
	t.Helper()
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.Nop())
	p := toxiproxy.NewProxy(server, "bolt", "127.0.0.1:0", strings.TrimPrefix(uri, "bolt://"))
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Stop)
	return p
}

func (f toxic) on(t *testing.T, p *toxiproxy.Proxy) {
	if f.json == "" {
		p.Stop()
		return
	}
	if _, err := p.Toxics.AddToxicJson(strings.NewReader(f.json)); err != nil {
		t.Error(err)
	}
}

func (f toxic) off(t *testing.T, p *toxiproxy.Proxy) {
	if f.json == "" {
		if err := p.Start(); err != nil {
			t.Error(err)
		}
		return
	}
	p.Toxics.ResetToxics(t.Context())
}

// writeThrough lets a crowd write through a fault, and holds what it heard against the
// store.
func writeThrough(t *testing.T, ledger *edittest.Ledger, s store.Store, name string, spoil, heal func(), lasts time.Duration) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	crowd, err := edittest.NewCrowd(ctx, s)
	if err != nil {
		t.Fatal(err)
	}
	crowd.Limit = toxicLimit
	read, write := io.Pipe()
	go func() {
		crowd.Run(ctx, name, toxicWriters, write)
		_ = write.Close()
	}()
	healed := make(chan time.Time, 1)
	var well time.Time
	back := map[string]bool{} // who has been answered since
	err = ledger.Follow(read, func(key string, answered int) {
		if answered == toxicWriters {
			spoil()
			time.AfterFunc(lasts, func() { heal(); healed <- time.Now() })
		}
		select {
		case well = <-healed:
		default:
		}
		if well.IsZero() {
			return
		}
		person := key[:strings.LastIndex(key, "-")]
		if back[person] = true; len(back) == 1 {
			t.Logf("the first write %v after the fault", time.Since(well).Round(time.Millisecond))
		}
		if len(back) == toxicWriters && ctx.Err() == nil {
			t.Logf("a write of everybody %v after the fault", time.Since(well).Round(time.Millisecond))
			cancel()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	codes := ledger.Codes()
	for code, n := range codes {
		if !slices.Contains(mayFail, code) {
			t.Errorf("%d writers heard %q", n, code)
		}
	}
	settled, err := ledger.Settle(t.Context(), crowd)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v; errors: %s", &settled, described(codes))
}

func described(codes map[network.ErrorCode]int) string {
	var parts []string
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		parts = append(parts, fmt.Sprintf("%s %d", code, codes[code]))
	}
	return strings.Join(parts, ", ")
}
