package neo4jserver

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/musubi-map/musubi/internal/store/neo4j/internal/filelock"
)

// archiveTime bounds the making of an archive on a busy machine.
const archiveTime = 3 * time.Minute

// archive returns a file beside lib with the classes of a server that is up, as
// the JVM has them in memory: a start takes some 40 % less of the processor with
// it. The first call with a JVM makes it, in the time of a few starts. It is empty
// when that is not possible, for then a server starts as well.
func archive(ctx context.Context, java, release, lib string) string {
	sum := sha256.Sum256([]byte(release))
	path := filepath.Join(filepath.Dir(lib), fmt.Sprintf("classes-%x.jsa", sum[:8]))
	if isFile(path) {
		return path
	}
	unlock, err := filelock.Lock(ctx, filepath.Join(filepath.Dir(lib), "lock"))
	if err != nil {
		return ""
	}
	defer unlock()
	if isFile(path) {
		return path
	}
	staging := path + ".staging"
	_ = os.Remove(staging)
	if recordClasses(ctx, java, lib, staging) != nil || os.Rename(staging, path) != nil {
		return ""
	}
	return path
}

// recordClasses runs a server that writes its classes to a file at its end.
func recordClasses(ctx context.Context, java, lib, to string) error {
	ctx, cancel := context.WithTimeout(ctx, archiveTime)
	defer cancel()
	o, err := Options{record: to}.withDefaults()
	if err != nil {
		return err
	}
	s := &Server{options: o, done: make(chan struct{}), output: &tail{also: o.Log}}
	err = s.launch(java, lib)
	if err == nil {
		err = s.awaitBolt(ctx)
	}
	if s.cmd == nil || s.cmd.Process == nil {
		return err
	}
	if stop := s.Stop(ctx); err == nil {
		err = stop
	}
	return err
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
