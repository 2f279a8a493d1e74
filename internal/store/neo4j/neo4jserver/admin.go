package neo4jserver

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Admin runs the server's own administration tool, neo4j-admin, on the home
// o.Dir, on which no server may run: a bulk import into an empty one, for
// instance. What it prints goes to o.Log and, when it fails, into the error. The
// tool may take a quarter of the machine's memory beside its heap, o.HeapMB.
func Admin(ctx context.Context, o Options, args ...string) error {
	if o.Dir == "" {
		return errors.New("neo4j: the tool needs a directory")
	}
	java, _, err := findJava(ctx)
	if err != nil {
		return err
	}
	if o, err = o.withDefaults(); err != nil {
		return err
	}
	if o.Dir, err = filepath.Abs(o.Dir); err != nil {
		return fmt.Errorf("neo4j: %w", err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return fmt.Errorf("neo4j: %w", err)
	}
	lib, err := jars(ctx, cache, o.Log)
	if err != nil {
		return err
	}
	if err := o.writeConfig(); err != nil {
		return err
	}
	said := &tail{also: o.Log}
	cmd := exec.CommandContext(ctx, java, append(o.jvmArgs(lib, "org.neo4j.cli.AdminTool"), args...)...)
	cmd.Dir = o.Dir
	cmd.Env = append(os.Environ(), "NEO4J_HOME="+o.Dir, "NEO4J_CONF="+filepath.Join(o.Dir, "conf"))
	cmd.Stdout, cmd.Stderr = said, said
	ownGroup(cmd)
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("neo4j: the administration tool failed: %w\n%s", errors.Join(err, ctx.Err()), said)
	}
	return nil
}
