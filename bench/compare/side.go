package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
)

// The sides.
const (
	embedded     = "ours-embedded"
	onNeo4j      = "ours-neo4j"
	ourStatement = "our-statement"
	bare         = "bare-driver"
	neo4jGraphQL = "neo4j-graphql"
	postgraphile = "postgraphile"
)

// side is one server that is asked.
type side struct {
	name, addr string
	pid        int
	// counted tells whether it says what its requests cost.
	counted bool
	// written numbers its writes, so that none is sent twice.
	written atomic.Int64
}

// cost is what a server of ours has used since it began.
type cost struct {
	Allocated  uint64 // bytes
	Statements int64  // sent to the database; 0 for a side that has none
}

func (x *side) cost(ctx context.Context) (c cost, err error) {
	if !x.counted {
		return c, nil
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+x.addr+"/graphql", strings.NewReader("{}"))
	if err != nil {
		return c, err
	}
	request.Header.Set(costHeader, "so far")
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return c, err
	}
	defer func() { _ = response.Body.Close() }()
	return c, json.NewDecoder(response.Body).Decode(&c)
}

// startSelf starts this program again as a server.
func (s *setting) startSelf(ctx context.Context, name string, args ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	addr, err := freeAddr(ctx)
	if err != nil {
		return err
	}
	p, err := start(ctx, exec.Command(self, append([]string{"-serve", name, "-at", addr, "-limit", s.limit.String()}, args...)...))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s.stops = append(s.stops, p.stop)
	s.sides = append(s.sides, &side{name: name, addr: addr, pid: p.pid(), counted: true})
	return nil
}

// startNode starts a peer. One that is not installed is left out, and the run says
// so.
func (s *setting) startNode(ctx context.Context, name, script, database string) error {
	_, noNode := exec.LookPath("node")
	if _, err := os.Stat(filepath.Join(s.peers, "node_modules")); err != nil || noNode != nil {
		fmt.Printf("- **%s is left out**: Node 20 and `npm ci` in bench/peers are needed\n", name)
		return nil
	}
	addr, err := freeAddr(ctx)
	if err != nil {
		return err
	}
	_, port, _ := net.SplitHostPort(addr)
	command := exec.Command("node", script, database, port)
	command.Dir = s.peers
	command.Env = append(os.Environ(), "NODE_ENV=production", "GRAPHILE_ENV=production")
	p, err := start(ctx, command)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s.stops = append(s.stops, p.stop)
	s.sides = append(s.sides, &side{name: name, addr: addr, pid: p.pid()})
	return nil
}

func freeAddr(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// nodeVersions are those of Node and of the peers.
func nodeVersions(peers string) (out []string) {
	if v, err := exec.Command("node", "--version").Output(); err == nil {
		out = append(out, "Node "+string(v[:len(v)-1]))
	}
	data, err := os.ReadFile(filepath.Join(peers, "package.json"))
	var manifest struct{ Dependencies map[string]string }
	if err != nil || json.Unmarshal(data, &manifest) != nil {
		return out
	}
	for _, name := range []string{"@neo4j/graphql", "graphql-yoga", "postgraphile"} {
		out = append(out, name+" "+manifest.Dependencies[name])
	}
	return out
}
