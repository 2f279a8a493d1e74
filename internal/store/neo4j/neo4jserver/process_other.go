//go:build !unix

package neo4jserver

import (
	"os"
	"os/exec"
)

func ownGroup(*exec.Cmd) {}

func killGroup(p *os.Process) error { return p.Kill() }

func askToEnd(p *os.Process) error { return p.Kill() }

// endWithParent does nothing here: a server whose starter is killed lives on.
func endWithParent(int, string) (callOff func(), err error) { return func() {}, nil }
