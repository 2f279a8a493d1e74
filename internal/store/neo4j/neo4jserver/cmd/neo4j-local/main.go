//go:build unix

// Command neo4j-local runs a Neo4j server on this machine, for trying things
// out and around tests of several packages.
//
//	neo4j-local --dir ./neo4j                              until Ctrl-C
//	neo4j-local --exec -- go test ./...                    until the command ends
//
// When the server answers it prints one line, MUSUBI_NEO4J_URI=bolt://…, to
// standard output. With --exec that line goes to standard error instead, the
// command finds the address in MUSUBI_NEO4J_URI and MUSUBI_TEST_NEO4J_URI, gets
// the signals SIGINT and SIGTERM, and gives neo4j-local its exit code.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
)

const (
	startTimeout = 10 * time.Minute // the first start downloads
	stopTimeout  = 30 * time.Second

	exitFailed = 1
	exitUsage  = 2
	// exitSignalled plus a signal's number is what shells make of it.
	exitSignalled = 128
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	options := neo4jserver.Options{Log: stderr}
	flags := flag.NewFlagSet("neo4j-local", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&options.Dir, "dir", "", "`directory` for data and logs, kept; a temporary one when empty")
	flags.IntVar(&options.BoltPort, "port", 0, "Bolt `port` on 127.0.0.1; a free one when 0")
	flags.IntVar(&options.HeapMB, "heap", 0, "heap in `MiB` (default 768)")
	flags.IntVar(&options.PageCacheMB, "page-cache", 0, "page cache in `MiB` (default 64)")
	flags.BoolVar(&options.FullJIT, "full-jit", false, "run the JVM as in production: slower to start, for benchmarks")
	execute := flags.Bool("exec", false, "run the command that follows -- beside the server")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return exitUsage
	case *execute != (flags.NArg() > 0):
		fmt.Fprintln(stderr, "neo4j-local: --exec and a command go together: --exec -- command args…")
		return exitUsage
	}

	// Two: SIGINT and SIGTERM may come at once.
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	defer signal.Stop(signals)

	server, err := start(options, signals)
	if err != nil {
		fmt.Fprintln(stderr, "neo4j-local:", err)
		return exitFailed
	}
	var code int
	if *execute {
		code = runBeside(server, flags.Args(), signals, stdout, stderr)
	} else {
		code = wait(server, signals, stdout, stderr)
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := server.Stop(ctx); err != nil {
		fmt.Fprintln(stderr, "neo4j-local:", err)
		return max(code, exitFailed)
	}
	return code
}

// start starts the server; a signal calls it off.
func start(options neo4jserver.Options, signals <-chan os.Signal) (*neo4jserver.Server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	started := make(chan struct{})
	defer close(started)
	go func() {
		select {
		case <-signals:
			cancel()
		case <-started:
		}
	}()
	return neo4jserver.Start(ctx, options)
}

// wait returns when somebody asks it to, or the server is gone.
func wait(server *neo4jserver.Server, signals <-chan os.Signal, stdout, stderr io.Writer) int {
	fmt.Fprintf(stdout, "MUSUBI_NEO4J_URI=%s\n", server.URI())
	select {
	case <-signals:
		return 0
	case <-server.Done():
		fmt.Fprintf(stderr, "neo4j-local: the server ended by itself, see %s/logs\n", server.Dir())
		return exitFailed
	}
}

// runBeside runs a command while the server is there and returns its exit code.
func runBeside(server *neo4jserver.Server, args []string, signals <-chan os.Signal, stdout, stderr io.Writer) int {
	fmt.Fprintf(stderr, "MUSUBI_NEO4J_URI=%s\n", server.URI())
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, stdout, stderr
	cmd.Env = append(os.Environ(),
		"MUSUBI_NEO4J_URI="+server.URI(), "MUSUBI_TEST_NEO4J_URI="+server.URI())
	// A group of its own: a terminal would send it Ctrl-C as well, and a second
	// SIGINT makes many programs give up their orderly shutdown.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(stderr, "neo4j-local:", err)
		return exitFailed
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case s := <-signals:
			// To the group, as a terminal does.
			_ = syscall.Kill(-cmd.Process.Pid, s.(syscall.Signal))
		case err := <-ended:
			return exitCode(err, stderr)
		}
	}
}

func exitCode(err error, stderr io.Writer) int {
	var failed *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &failed):
		fmt.Fprintln(stderr, "neo4j-local:", err)
		return exitFailed
	}
	if status, ok := failed.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return exitSignalled + int(status.Signal())
	}
	return failed.ExitCode()
}
