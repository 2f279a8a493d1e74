//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package audit

import (
	"errors"
	"os"
	"syscall"
)

// lock waits until no other program has the file locked. The kernel drops the lock
// when the program ends, however it ends.
func lock(f *os.File) error { return flock(f, syscall.LOCK_EX) }

func unlock(f *os.File) error { return flock(f, syscall.LOCK_UN) }

func flock(f *os.File, how int) error {
	for {
		if err := syscall.Flock(int(f.Fd()), how); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// settle puts the name of a new file on the disk. One that root makes is given to the
// owner of the directory, who may be the user of the server.
func settle(f *os.File, dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	info, err := d.Stat()
	if err != nil {
		return err
	}
	if owner, known := info.Sys().(*syscall.Stat_t); known && os.Geteuid() == 0 {
		if err := f.Chown(int(owner.Uid), int(owner.Gid)); err != nil {
			return err
		}
	}
	return d.Sync()
}
