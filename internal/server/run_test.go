package server

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// patience is for what must happen soon; nothing waits that long when all is well.
const patience = 10 * time.Second

// start runs a server and gives its address, a way to stop it, and what Run returned.
func start(t *testing.T, cfg Config, graphql http.Handler) (addr string, stop context.CancelFunc, result <-chan error) {
	t.Helper()
	s, _ := newServer(t, cfg, graphql)
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	listening := make(chan net.Addr, 1)
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, func(a net.Addr) { listening <- a }) }()
	select {
	case a := <-listening:
		return a.String(), cancel, done
	case err := <-done:
		t.Fatalf("Run: %v", err)
	}
	return "", nil, nil
}

func receive[T any](t *testing.T, what string, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(patience):
		t.Fatalf("%s: nothing happened", what)
		panic("unreachable")
	}
}

func TestShutdownFinishesWhatIsInFlight(t *testing.T) {
	entered, release := make(chan struct{}), make(chan struct{})
	addr, stop, result := start(t, Config{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(entered)
		<-release
		if r.Context().Err() != nil {
			t.Errorf("context of a request in flight: %v", r.Context().Err())
		}
		_, _ = io.WriteString(w, "finished")
	}))
	answer := make(chan string, 1)
	go func() {
		resp, err := http.Post("http://"+addr+"/graphql", "application/json", strings.NewReader("{}"))
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		answer <- string(text)
	}()
	receive(t, "request", entered)
	stop()
	waitRefused(t, addr)
	close(release)
	if got := receive(t, "answer", answer); got != "finished" {
		t.Errorf("answer = %q", got)
	}
	if err := receive(t, "Run", result); err != nil {
		t.Errorf("Run = %v", err)
	}
}

// waitRefused returns once nobody listens on addr.
func waitRefused(t *testing.T, addr string) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		_ = conn.Close()
	}
	t.Fatal("still listening")
}

func TestShutdownCutsOffWhatTakesTooLong(t *testing.T) {
	entered := make(chan struct{})
	addr, stop, result := start(t, Config{DrainTimeout: 20 * time.Millisecond}, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done()
	}))
	go func() {
		if resp, err := http.Post("http://"+addr+"/graphql", "application/json", strings.NewReader("{}")); err == nil {
			resp.Body.Close()
		}
	}()
	receive(t, "request", entered)
	stop()
	if err := receive(t, "Run", result); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Run = %v", err)
	}
}

func TestShutdownEndsStreams(t *testing.T) {
	for name, header := range map[string]string{
		"server-sent events": "POST /graphql HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
		"WebSocket":          "GET /graphql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			addr, stop, result := start(t, Config{DrainTimeout: patience}, http.HandlerFunc(streamUntilDone))
			conn := dial(t, addr)
			fmt.Fprint(conn, header)
			lines := bufio.NewReader(conn)
			if err := readUntil(lines, "hello"); err != nil {
				t.Fatal(err)
			}
			stop()
			if err := readUntil(lines, "bye"); err != nil {
				t.Error(err)
			}
			if err := receive(t, "Run", result); err != nil {
				t.Errorf("Run = %v", err)
			}
		})
	}
}

// streamUntilDone says hello, waits for the end, and says bye; over the hijacked connection when that was asked for.
func streamUntilDone(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		defer conn.Close()
		fmt.Fprint(conn, "HTTP/1.1 101 Switching Protocols\r\n\r\nhello\n")
		<-r.Context().Done()
		fmt.Fprint(conn, "bye\n")
		return
	}
	_, _ = io.Copy(io.Discard, r.Body)
	_, _ = io.WriteString(w, "hello\n")
	w.(http.Flusher).Flush()
	<-r.Context().Done()
	_, _ = io.WriteString(w, "bye\n")
}

func readUntil(lines *bufio.Reader, want string) error {
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return fmt.Errorf("waiting for %q: %w", want, err)
		}
		if strings.TrimSpace(line) == want {
			return nil
		}
	}
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patience))
	return conn
}

func TestSlowHeaderIsCutOff(t *testing.T) {
	addr, _, _ := start(t, Config{ReadHeaderTimeout: 20 * time.Millisecond}, echo)
	conn := dial(t, addr)
	fmt.Fprint(conn, "POST /graphql HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
	// The server hangs up, with or without a word; a timeout of our own would mean that it waited.
	if _, err := io.ReadAll(conn); errors.Is(err, context.DeadlineExceeded) || isTimeout(err) {
		t.Errorf("still open after %v", patience)
	}
}

func TestSlowBodyIsCutOff(t *testing.T) {
	addr, _, _ := start(t, Config{ReadHeaderTimeout: time.Second, ReadTimeout: 20 * time.Millisecond}, echo)
	conn := dial(t, addr)
	fmt.Fprint(conn, "POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{")
	if _, err := io.ReadAll(conn); isTimeout(err) {
		t.Errorf("still open after %v", patience)
	}
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.As(err, &timeout) && timeout.Timeout()
}

func TestLongHeaderIsRefused(t *testing.T) {
	addr, _, _ := start(t, Config{MaxHeader: 1 << 10}, echo)
	req, _ := http.NewRequest("GET", "http://"+addr+"/healthz", nil)
	req.Header.Set("X-Long", strings.Repeat("x", 16<<10))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status = %d", resp.StatusCode)
	}
}

// The read timeout is for reading the request, not for answering it.
func TestReadTimeoutDoesNotEndASlowAnswer(t *testing.T) {
	const readTimeout = 20 * time.Millisecond
	addr, _, _ := start(t, Config{ReadTimeout: readTimeout}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-r.Context().Done():
			_, _ = io.WriteString(w, "ended")
		case <-time.After(3 * readTimeout):
			_, _ = io.WriteString(w, "answered")
		}
	}))
	resp, err := http.Post("http://"+addr+"/graphql", "application/json", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); string(text) != "answered" {
		t.Errorf("got %q", text)
	}
}
