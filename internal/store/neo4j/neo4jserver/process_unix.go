//go:build unix

package neo4jserver

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// ownGroup keeps a terminal's Ctrl-C from the command: who started it decides
// when it ends.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// killGroup kills a process of ownGroup with all that it started.
func killGroup(p *os.Process) error {
	return syscall.Kill(-p.Pid, syscall.SIGKILL)
}

// askToEnd requests an orderly shutdown.
func askToEnd(p *os.Process) error {
	return p.Signal(syscall.SIGTERM)
}

// reaper waits for its standard input to close, which happens when the process
// that holds the other end is gone, however it went. Then it ends the server
// ($1) and removes the temporary directory ($2), if there is one.
//
// Linux has Pdeathsig for this; the shell does the same on every Unix, whatever
// thread did the fork, and cleans up as well.
const reaper = `read -r _
kill -TERM "$1" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do
	kill -0 "$1" 2>/dev/null || break
	sleep 1
done
kill -KILL "$1" 2>/dev/null
[ -z "$2" ] || rm -rf "$2"`

// endWithParent sees to it that the process pid does not outlive this one, nor
// the directory temp when it is named. The returned function calls that off.
func endWithParent(pid int, temp string) (callOff func(), err error) {
	cmd := exec.Command("/bin/sh", "-c", reaper, "reaper", strconv.Itoa(pid), temp)
	ownGroup(cmd)
	var alive io.WriteCloser
	if alive, err = cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("neo4j: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("neo4j: %w", err)
	}
	return func() {
		_ = cmd.Process.Kill() // before the pipe closes
		_ = cmd.Wait()
		_ = alive.Close()
	}, nil
}
