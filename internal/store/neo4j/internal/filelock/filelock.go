// Package filelock lets one process at a time work on something that several
// may reach: a directory being filled, a database that has no second one.
//
// Locks are advisory and belong to the process: the kernel drops them when it
// ends, however it ends. Where the platform has no flock they do nothing.
package filelock

import (
	"context"
	"fmt"
	"os"
	"time"
)

// retryEvery is how soon a waiting Lock looks again. A blocking flock could
// not be given up when the context ends.
const retryEvery = 50 * time.Millisecond

// Lock waits until this process alone holds the file at path, which it creates
// when it is missing, or until ctx ends. The file stays behind after unlock:
// removing it would let two processes hold two files of one name.
func Lock(ctx context.Context, path string) (unlock func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	tick := time.NewTicker(retryEvery)
	defer tick.Stop()
	for {
		held, err := tryLock(file)
		if err != nil {
			_ = file.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		if held {
			return func() { _ = file.Close() }, nil
		}
		select {
		case <-ctx.Done():
			_ = file.Close()
			return nil, fmt.Errorf("lock %s: another process holds it: %w", path, ctx.Err())
		case <-tick.C:
		}
	}
}
