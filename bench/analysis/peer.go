package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/musubi-map/musubi/internal/network"
)

// peer is the Python process. It reads the network once, then answers one
// question a line: which library, which measure.
type peer struct {
	command  *exec.Cmd
	in       io.WriteCloser
	out      *json.Decoder
	versions string
}

// peerInput is the network as the script reads it.
type peerInput struct {
	Nodes          int        `json:"nodes"`
	Edges          [][2]int32 `json:"edges"`
	Pivots         []int32    `json:"pivots"`
	NetworkXPivots int        `json:"networkxPivots"`
	Limit          int        `json:"limit"` // seconds for one call of NetworkX, 0 for none
}

type reply struct {
	Versions string
	Seconds  float64
	Scale    float64 // how many times more work the whole would be
	Stopped  bool    // it reached the limit
	Values   []float64
}

func (r reply) duration() time.Duration { return time.Duration(r.Seconds * float64(time.Second)) }

func startPeer(o options, ours *ours) (*peer, error) {
	p := &peer{command: exec.Command(o.python, o.peers)}
	p.command.Stderr = os.Stderr
	var err error
	if p.in, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = json.NewDecoder(bufio.NewReader(out))
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", o.python, err)
	}
	input := peerInput{Nodes: ours.graph.Len(), Pivots: ours.pivots, NetworkXPivots: o.networkxPivots, Limit: int(o.limit.Seconds())}
	for v := range int32(ours.graph.Len()) {
		for _, u := range ours.graph.Neighbors(v, network.Both) {
			if v < u {
				input.Edges = append(input.Edges, [2]int32{v, u})
			}
		}
	}
	if err := json.NewEncoder(p.in).Encode(input); err != nil {
		return nil, err
	}
	var ready reply
	if err := p.out.Decode(&ready); err != nil {
		return nil, fmt.Errorf("the peers did not start: %w", err)
	}
	p.versions = ready.Versions
	return p, nil
}

func (p *peer) ask(library, measure string) (reply, error) {
	if _, err := fmt.Fprintf(p.in, "%s %s\n", library, measure); err != nil {
		return reply{}, err
	}
	var r reply
	if err := p.out.Decode(&r); err != nil {
		return r, fmt.Errorf("%s, %s: %w", library, measure, err)
	}
	return r, nil
}

func (p *peer) stop() {
	_ = p.in.Close()
	_ = p.command.Wait()
}
