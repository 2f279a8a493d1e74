// Command analysis measures internal/analysis beside python-igraph and NetworkX
// on one network, in turn within one run, and holds their answers against each
// other. It prints a Markdown table.
package main

import (
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"runtime"
	"time"
)

type options struct {
	nodes, each     int
	pivots          int
	networkxPivots  int
	rounds          int
	python, peers   string
	withoutNetworkX bool
	limit           time.Duration
}

func main() {
	var o options
	flag.IntVar(&o.nodes, "nodes", 5000, "nodes of the scale-free network")
	flag.IntVar(&o.each, "each", 5, "ties each new node brings")
	flag.IntVar(&o.pivots, "pivots", 0, "start betweenness and closeness from so many nodes only, on all sides; 0 for all")
	flag.IntVar(&o.networkxPivots, "networkx-pivots", 0, "let NetworkX start from so many only and scale its time up; 0 for as many as the others")
	flag.IntVar(&o.rounds, "rounds", 5, "rounds of ours and igraph, more when they are short; the best counts; NetworkX runs once")
	flag.StringVar(&o.python, "python", "python3", "a Python with igraph and networkx")
	flag.StringVar(&o.peers, "peers", "analysis/peers.py", "the script that runs them")
	flag.BoolVar(&o.withoutNetworkX, "without-networkx", false, "leave NetworkX out")
	flag.DurationVar(&o.limit, "limit", 10*time.Minute, "stop a call of NetworkX after so long, in whole seconds")
	flag.Parse()
	if err := run(o); err != nil {
		log.Fatal(err)
	}
}

func run(o options) error {
	edges := scaleFree(o.nodes, o.each)
	ours, err := newOurs(o, edges)
	if err != nil {
		return err
	}
	peer, err := startPeer(o, ours)
	if err != nil {
		return err
	}
	defer peer.stop()
	fmt.Printf("%d nodes, %d ties, scale-free; %d cores for ours, 1 for the others; %s\n\n", ours.graph.Len(), ours.graph.Edges(), runtime.GOMAXPROCS(0), peer.versions)
	fmt.Println("| measure | ours | igraph | NetworkX | igraph ÷ ours | NetworkX ÷ ours | answers |")
	fmt.Println("|---|---|---|---|---|---|---|")
	for _, m := range measures {
		row, err := compare(o, m, ours, peer)
		if err != nil {
			return err
		}
		fmt.Println(row)
	}
	return nil
}

// shortRun is how long more rounds than asked for go on when they are short: a
// busy machine disturbs those most.
const shortRun = 5 * time.Second

// compare runs one measure, ours and igraph in turn, NetworkX at the end.
func compare(o options, m measure, ours *ours, peer *peer) (string, error) {
	best := [2]time.Duration{math.MaxInt64, math.MaxInt64}
	var mine, theirs []float64
	started := time.Now()
	for round := 0; round < o.rounds || round < 10*o.rounds && time.Since(started) < shortRun; round++ {
		begin := time.Now()
		values, err := m.ours(ours)
		if err != nil {
			return "", err
		}
		best[0], mine = min(best[0], time.Since(begin)), values
		reply, err := peer.ask("igraph", m.name)
		if err != nil {
			return "", err
		}
		best[1], theirs = min(best[1], reply.duration()), reply.Values
	}
	row := fmt.Sprintf("| %s | %s | %s |", m.name, show(best[0]), show(best[1]))
	if o.withoutNetworkX {
		return fmt.Sprintf("%s | %s | | %s |", row, ratio(best[1], best[0]), m.judge(mine, theirs)), nil
	}
	reply, err := peer.ask("networkx", m.name)
	if err != nil {
		return "", err
	}
	slow := time.Duration(float64(reply.duration()) * reply.Scale)
	text, factor := show(slow), ratio(slow, best[0])
	switch {
	case reply.Stopped:
		text, factor = "> "+text, "> "+factor
	case reply.Scale > 1:
		text += fmt.Sprintf(" (from %.3g× fewer nodes, scaled up)", reply.Scale)
	}
	return fmt.Sprintf("%s %s | %s | %s | %s |", row, text, ratio(best[1], best[0]), factor, m.judge(mine, theirs)), nil
}

func show(d time.Duration) string {
	switch {
	case d >= 10*time.Second:
		return fmt.Sprintf("%.0f s", d.Seconds())
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
	return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000)
}

func ratio(a, b time.Duration) string { return fmt.Sprintf("%.3g×", float64(a)/float64(b)) }

func init() { log.SetFlags(0); log.SetOutput(os.Stderr) }
