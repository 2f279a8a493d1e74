//go:build unix

package main

import (
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// postgresUser is whom Debian runs PostgreSQL as, which refuses to run as root.
const postgresUser = "postgres"

// asNobody runs a command as that user where this program is root.
func asNobody(c *exec.Cmd) {
	if uid, gid, ok := unprivileged(); ok {
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
}

// giveAway lets that user have a directory, and go through the one it is in.
func giveAway(through, dir string) error {
	uid, gid, ok := unprivileged()
	if !ok {
		return nil
	}
	if err := os.Chmod(through, 0o711); err != nil {
		return err
	}
	return os.Chown(dir, uid, gid)
}

func unprivileged() (uid, gid int, ok bool) {
	if os.Geteuid() != 0 {
		return 0, 0, false
	}
	u, err := user.Lookup(postgresUser)
	if err != nil {
		return 0, 0, false
	}
	uid, _ = strconv.Atoi(u.Uid)
	gid, _ = strconv.Atoi(u.Gid)
	return uid, gid, true
}
