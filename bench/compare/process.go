package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// process is a server of ours or of a peer. It ends when its standard input does,
// so that none outlives a run that was killed.
type process struct {
	command *exec.Cmd
	in      io.Closer
	done    chan struct{}
}

// start runs a server until it says that it is ready.
func start(ctx context.Context, command *exec.Cmd) (*process, error) {
	in, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	var said strings.Builder
	command.Stderr = &said
	if err := command.Start(); err != nil {
		return nil, err
	}
	p := &process{command, in, make(chan struct{})}
	ready := make(chan bool, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if lines.Text() == "ready" {
				ready <- true
			}
		}
		_ = command.Wait()
		close(p.done)
	}()
	select {
	case <-ready:
		return p, nil
	case <-p.done:
		return nil, fmt.Errorf("it ended: %s", said.String())
	case <-ctx.Done():
		return nil, errors.Join(ctx.Err(), p.stop(ctx))
	}
}

func (p *process) pid() int { return p.command.Process.Pid }

func (p *process) stop(ctx context.Context) error {
	_ = p.in.Close()
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		_ = p.command.Process.Kill()
		<-p.done
		return fmt.Errorf("%s was killed, since it did not end", p.command.Path)
	}
}

// memoryOf is how many MiB a process and its children take, what they share
// counted once. Linux only.
func memoryOf(pid int) (int, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return 0, err
	}
	kib := 0
	for line := range strings.Lines(string(data)) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "Pss:" {
			if kib, err = strconv.Atoi(words[1]); err != nil {
				return 0, err
			}
		}
	}
	total := kib >> 10
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return 0, err
	}
	for _, child := range strings.Fields(string(children)) {
		if n, err := strconv.Atoi(child); err == nil {
			if mib, err := memoryOf(n); err == nil { // it may just have ended
				total += mib
			}
		}
	}
	return total, nil
}
