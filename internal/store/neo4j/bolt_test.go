package neo4j_test

import (
	"bytes"
	"encoding/binary"
	"net"
	"strings"
	"sync"
	"testing"
)

// commitMessage is COMMIT as Bolt sends it, a chunk of two bytes and the end.
var commitMessage = []byte{0, 2, 0xb0, 0x12, 0, 0}

// verdict is what a boltProxy does to a COMMIT.
type verdict int

const (
	pass      verdict = iota
	cutBefore         // the connection breaks, and the server has not heard of it
	cutAfter          // the server commits, and the connection breaks before it says so
	denied            // the server commits, and the client hears a failure
)

// boltProxy stands before a server and spoils commits.
type boltProxy struct {
	listener net.Listener
	server   string
	done     sync.WaitGroup

	mu      sync.Mutex
	verdict func() verdict // on the next commit
	code    string         // the failure that is said when denied
	closed  bool           // to new connections
	conns   map[net.Conn]bool
}

// newBoltProxy stands before the server at a bolt:// address, for the test.
func newBoltProxy(t *testing.T, uri string) *boltProxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &boltProxy{listener: l, server: strings.TrimPrefix(uri, "bolt://"), conns: map[net.Conn]bool{}}
	p.onCommit(func() verdict { return pass })
	p.done.Go(p.accept)
	t.Cleanup(func() {
		_ = l.Close()
		p.refuse(true)
		p.done.Wait()
	})
	return p
}

func (p *boltProxy) uri() string { return "bolt://" + p.listener.Addr().String() }

// onCommit says what to do to each commit from now on.
func (p *boltProxy) onCommit(do func() verdict) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.verdict = do
}

// refuse breaks all connections and lets in no new ones, or lets them in again.
func (p *boltProxy) refuse(closed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = closed
	for c := range p.conns {
		_ = c.Close()
	}
	clear(p.conns)
}

func (p *boltProxy) judge() verdict {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.verdict()
}

func (p *boltProxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.server)
		if err != nil || !p.keep(client, server) {
			_ = client.Close()
			continue
		}
		c := &boltConn{p: p, client: client, server: server}
		p.done.Go(c.up)
		p.done.Go(c.down)
	}
}

func (p *boltProxy) keep(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		if p.closed {
			_ = c.Close()
		} else {
			p.conns[c] = true
		}
	}
	return !p.closed
}

// boltConn is one connection through the proxy.
type boltConn struct {
	p              *boltProxy
	client, server net.Conn

	mu     sync.Mutex
	answer verdict // of the commit that the server is answering
}

func (c *boltConn) close() {
	_ = c.client.Close()
	_ = c.server.Close()
}

func (c *boltConn) expect(v verdict) (before verdict) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, c.answer = c.answer, v
	return before
}

// up carries what the client says. The driver sends a COMMIT by itself, when it
// has read all answers.
func (c *boltConn) up() {
	defer c.close()
	buf := make([]byte, 1<<16)
	for {
		n, err := c.client.Read(buf)
		if err != nil {
			return
		}
		if bytes.Equal(buf[:n], commitMessage) {
			v := c.p.judge()
			if v == cutBefore {
				return
			}
			c.expect(v)
		}
		if _, err := c.server.Write(buf[:n]); err != nil {
			return
		}
	}
}

// down carries what the server says.
func (c *boltConn) down() {
	defer c.close()
	buf := make([]byte, 1<<16)
	for {
		n, err := c.server.Read(buf)
		if err != nil {
			return
		}
		said := buf[:n]
		switch c.expect(pass) {
		case cutAfter:
			return
		case denied:
			said = failureMessage(c.p.code)
		}
		if _, err := c.client.Write(said); err != nil {
			return
		}
	}
}

// failureMessage is FAILURE with a code, in the words of Bolt before and since
// 5.7.
func failureMessage(code string) []byte {
	body := []byte{0xb1, 0x7f, 0xa5}
	for _, pair := range [][2]string{{"code", code}, {"neo4j_code", code}, {"message", "forged"}, {"description", "forged"}, {"gql_status", "50N42"}} {
		for _, text := range pair {
			body = append(append(body, 0xd0, byte(len(text))), text...)
		}
	}
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(body))), append(body, 0, 0)...)
}
