package neo4jserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Server is a running Neo4j. Its methods may be called from any goroutine.
type Server struct {
	options Options
	temp    string // the directory to remove, when Start made it
	cmd     *exec.Cmd
	output  *tail
	done    chan struct{} // closed once the process is gone
}

// Start runs a server and returns when it has answered a query over Bolt. The
// context bounds the start only, the one-time download included: allow minutes
// for that, else some seconds. On an error nothing is left running.
func Start(ctx context.Context, o Options) (*Server, error) {
	java, release, err := findJava(ctx)
	if err != nil {
		return nil, err
	}
	o, err = o.withDefaults()
	if err != nil {
		return nil, err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, fmt.Errorf("neo4j: %w", err)
	}
	lib, err := jars(ctx, cache, o.Log)
	if err != nil {
		return nil, err
	}
	if !o.FullJIT {
		o.archive = archive(ctx, java, release, lib)
	}
	s := &Server{options: o, done: make(chan struct{}), output: &tail{also: o.Log}}
	if err := s.launch(java, lib); err != nil {
		return nil, errors.Join(err, s.removeTemp())
	}
	if err := s.awaitBolt(ctx); err != nil {
		_ = s.Kill()
		logged := endOf(filepath.Join(s.Dir(), "logs", "neo4j.log"))
		return nil, errors.Join(fmt.Errorf("neo4j: did not start: %w\n%s%s", err, s.output, logged), s.removeTemp())
	}
	return s, nil
}

// launch starts the process.
func (s *Server) launch(java, lib string) error {
	var err error
	if s.options.Dir == "" {
		if s.temp, err = os.MkdirTemp("", "musubi-neo4j-"); err != nil {
			return fmt.Errorf("neo4j: %w", err)
		}
		s.options.Dir = s.temp
	}
	if s.options.Dir, err = filepath.Abs(s.options.Dir); err != nil {
		return fmt.Errorf("neo4j: %w", err)
	}
	if err := s.options.writeConfig(); err != nil {
		return err
	}
	s.cmd = exec.Command(java, s.options.javaArgs(lib)...)
	s.cmd.Dir = s.options.Dir
	s.cmd.Stdout, s.cmd.Stderr = s.output, s.output
	ownGroup(s.cmd)
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("neo4j: %w", err)
	}
	callOff, err := endWithParent(s.cmd.Process.Pid, s.temp)
	if err != nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
		return err
	}
	go func() {
		_ = s.cmd.Wait() // 0 or 143 after an orderly stop; Stop knows
		callOff()
		close(s.done)
	}()
	return nil
}

// URI is the address for a driver, bolt://127.0.0.1:PORT. The same with neo4j://
// works too.
func (s *Server) URI() string {
	return fmt.Sprintf("bolt://127.0.0.1:%d", s.options.BoltPort)
}

// PID is the process to measure or to signal.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Dir is the server's home; the logs are in its directory logs.
func (s *Server) Dir() string { return s.options.Dir }

// Done is closed when the process has ended, for whatever reason.
func (s *Server) Done() <-chan struct{} { return s.done }

// Stop shuts the server down in order and removes the directory if Start made
// it. When ctx ends first the server is killed, and Stop says so. Stopping a
// stopped or killed server only cleans up.
func (s *Server) Stop(ctx context.Context) error {
	select {
	case <-s.done:
		return s.removeTemp()
	default:
	}
	var late error
	if err := askToEnd(s.cmd.Process); err != nil && !errors.Is(err, os.ErrProcessDone) {
		late = fmt.Errorf("neo4j: stop: %w", err)
	}
	select {
	case <-s.done:
	case <-ctx.Done():
		late = fmt.Errorf("neo4j: killed, since it did not stop in time: %w", ctx.Err())
		_ = s.Kill()
	}
	return errors.Join(late, s.removeTemp())
}

// Kill ends the server at once, as a crash would (SIGKILL), and returns when it
// is gone. The directory stays, for a Start that has to recover it.
func (s *Server) Kill() error {
	if err := s.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("neo4j: kill: %w", err)
	}
	<-s.done
	return nil
}

func (s *Server) removeTemp() error {
	if s.temp == "" {
		return nil
	}
	if err := os.RemoveAll(s.temp); err != nil {
		return fmt.Errorf("neo4j: %w", err)
	}
	return nil
}
