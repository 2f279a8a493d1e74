package neo4jserver

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// abandoned makes the test binary a process that starts a server and waits to
// be killed.
const abandoned = "MUSUBI_TEST_ABANDONED_SERVER"

func TestMain(m *testing.M) {
	if os.Getenv(abandoned) != "" {
		server, err := Start(context.Background(), Options{})
		fmt.Println(server.URI(), err)
		select {}
	}
	os.Exit(m.Run())
}

// needJava skips the test, or in CI fails it, where no server can run. The jars
// are there afterwards.
func needJava(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("no Neo4j with -short")
	}
	_, _, err := findJava(t.Context())
	cache, noCache := os.UserCacheDir()
	if err = errors.Join(err, noCache); err == nil {
		_, err = jars(t.Context(), cache, io.Discard)
	}
	switch {
	case errors.Is(err, ErrUnavailable) && os.Getenv("CI") != "true":
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
}

// start starts a server that the test's end stops.
func start(t *testing.T, o Options) *Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	needJava(t)
	begun := time.Now()
	server, err := Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("up after %v", time.Since(begun).Round(10*time.Millisecond))
	t.Cleanup(func() { stop(t, server) })
	return server
}

func stop(t *testing.T, server *Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := server.Stop(ctx); err != nil {
		t.Error(err)
	}
}

// query returns the first column of the first row as text.
func query(t *testing.T, uri string, auth neo4j.AuthToken, cypher string) (string, error) {
	t.Helper()
	driver, err := neo4j.NewDriverWithContext(uri, auth)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = driver.Close(t.Context()) }()
	result, err := neo4j.ExecuteQuery(t.Context(), driver, cypher, nil,
		neo4j.EagerResultTransformer, neo4j.ExecuteQueryWithDatabase("neo4j"))
	if err != nil || len(result.Records) == 0 {
		return "", err
	}
	return fmt.Sprint(result.Records[0].Values[0]), nil
}

func TestDataAndPasswordOutliveACrash(t *testing.T) {
	t.Parallel()
	o := Options{
		Dir:      filepath.Join(t.TempDir(), "ホーム dir"), // spaces and Japanese are allowed
		Password: "correct-horse",
	}
	auth := neo4j.BasicAuth(User, o.Password, "")
	server := start(t, o)
	for _, uri := range []string{server.URI(), strings.Replace(server.URI(), "bolt:", "neo4j:", 1)} {
		if _, err := query(t, uri, auth, "CREATE (:Person {name: '塩尻'})"); err != nil {
			t.Fatalf("%s: %v", uri, err)
		}
	}
	if _, err := query(t, server.URI(), neo4j.NoAuth(), "RETURN 1"); err == nil {
		t.Error("let in without a password")
	}
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	if listens(server.URI()) {
		t.Error("a killed server listens")
	}

	o.FullJIT = true
	server = start(t, o)
	got, err := query(t, server.URI(), auth, "MATCH (n:Person {name: '塩尻'}) RETURN count(n)")
	if err != nil || got != "2" {
		t.Errorf("after a crash: %q, %v", got, err)
	}
	stop(t, server)
	stop(t, server) // a second time does nothing
	if _, err := os.Stat(filepath.Join(o.Dir, "data")); err != nil {
		t.Errorf("a directory that was given has to stay: %v", err)
	}
}

func TestStopRemovesTheDirectoryThatStartMade(t *testing.T) {
	dir := t.TempDir()
	gone := make(chan struct{})
	close(gone)
	stop(t, &Server{temp: dir, done: gone})
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
}

func TestServerAndItsFilesGoWithAKilledParent(t *testing.T) {
	t.Parallel()
	needJava(t)
	temp := t.TempDir()
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), abandoned+"=1", "TMPDIR="+temp)
	parent.Stderr = os.Stderr
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	uri, problem, _ := strings.Cut(strings.TrimSpace(line), " ")
	if err != nil || problem != "<nil>" {
		t.Fatalf("the other process said %q, %v", line, err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()

	eventually(t, "the server to end", func() bool { return !listens(uri) })
	eventually(t, "its directory to go", func() bool {
		left, err := filepath.Glob(filepath.Join(temp, "musubi-neo4j-*"))
		return err == nil && len(left) == 0
	})
}

func listens(uri string) bool {
	conn, err := net.Dial("tcp", strings.TrimPrefix(uri, "bolt://"))
	if err == nil {
		_ = conn.Close()
	}
	return err == nil
}

// eventually polls, because no event reaches a process that is not the parent.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(20 * time.Second)
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

func TestStartThatFailsSaysWhyAndLeavesNothing(t *testing.T) {
	t.Parallel()
	needJava(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for name, o := range map[string]Options{
		"Address already in use": {BoltPort: taken.Addr().(*net.TCPAddr).Port},
		"no.such.setting":        {Settings: map[string]string{"no.such.setting": "1"}},
		"at least 8":             {Password: "short"},
		"spans lines":            {Settings: map[string]string{"a": "1\nb=2"}},
	} {
		server, err := Start(ctx, o)
		if err == nil {
			stop(t, server)
			t.Errorf("%s: it started", name)
		} else if !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
