//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package sqlite

import (
	"errors"
	"os"
	"syscall"

	"github.com/musubi-map/musubi/internal/network"
)

// lock takes the file at path for this store alone. The kernel drops the lock
// when the process ends, however it ends. The file stays behind: removing it
// would let two stores hold two files of one name.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, network.Errorf(network.Unavailable, "the data file cannot be locked: %v", err)
	}
	for {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if err == nil {
		return func() { _ = f.Close() }, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, network.Errorf(network.Unavailable, "another musubi has the data file open (%s is locked); end it first, or give another file", path)
	}
	return nil, network.Errorf(network.Unavailable, "the data file cannot be locked: %v", err)
}
