//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package audit_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestWhoseIsALogThatRootMakes(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Skip("only root gives files away")
	}
	path := filepath.Join(dir, "audit")
	_ = opened(t, path)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t); owner.Uid != 65534 || info.Mode().Perm() != 0o600 {
		t.Errorf("%d %v", owner.Uid, info.Mode())
	}
}
