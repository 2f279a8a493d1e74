package neo4jserver

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/musubi-map/musubi/internal/store/neo4j/internal/filelock"
)

// ErrUnavailable says that this machine cannot run a server: Java 17 is
// missing, or Maven is and the jars are not in the cache yet.
var ErrUnavailable = errors.New("no Java 17 or no Maven to run Neo4j with")

//go:embed pom.xml
var pom []byte

// oldestJava is what Neo4j 5 runs on.
const oldestJava = 17

var javaVersion = regexp.MustCompile(`version "(\d+)`)

// findJava returns the java to run: JAVA_HOME's, else the one on the path, and
// what it says of its version.
func findJava(ctx context.Context) (java, release string, err error) {
	java = "java"
	if home := os.Getenv("JAVA_HOME"); home != "" {
		java = filepath.Join(home, "bin", "java")
	}
	// Running it is the only way to know: macOS has a java that is none.
	out, err := exec.CommandContext(ctx, java, "-version").CombinedOutput()
	if ctx.Err() != nil {
		return "", "", fmt.Errorf("neo4j: %w", ctx.Err())
	}
	if err != nil {
		return "", "", fmt.Errorf("%w: %s -version: %w", ErrUnavailable, java, err)
	}
	found := javaVersion.FindSubmatch(out)
	if found == nil {
		return "", "", fmt.Errorf("%w: cannot read the version of %s", ErrUnavailable, java)
	}
	if major, _ := strconv.Atoi(string(found[1])); major < oldestJava {
		return "", "", fmt.Errorf("%w: %s is Java %s", ErrUnavailable, java, found[1])
	}
	return java, string(out), nil
}

// jars returns the directory of the server's jars, below cache. The first call
// of all has Maven fill it; processes that come meanwhile wait for that one.
func jars(ctx context.Context, cache string, log io.Writer) (string, error) {
	root := filepath.Join(cache, "musubi", "neo4j-"+Version)
	lib := filepath.Join(root, "lib")
	if isDir(lib) {
		return lib, nil
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return "", fmt.Errorf("neo4j: %w", err)
	}
	unlock, err := filelock.Lock(ctx, filepath.Join(root, "lock"))
	if err != nil {
		return "", fmt.Errorf("neo4j: %w", err)
	}
	defer unlock()
	if isDir(lib) {
		return lib, nil
	}

	// Filled under another name: what is called lib is complete.
	staging := filepath.Join(root, "staging")
	if err := os.RemoveAll(staging); err != nil {
		return "", fmt.Errorf("neo4j: %w", err)
	}
	if err := copyJars(ctx, staging, log); err != nil {
		return "", err
	}
	if err := os.Rename(filepath.Join(staging, "lib"), lib); err != nil {
		return "", fmt.Errorf("neo4j: %w", err)
	}
	_ = os.RemoveAll(staging)
	return lib, nil
}

// copyJars has Maven resolve pom.xml into dir/lib.
func copyJars(ctx context.Context, dir string, log io.Writer) error {
	maven, err := exec.LookPath("mvn")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("neo4j: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pom.xml"), pom, 0o600); err != nil {
		return fmt.Errorf("neo4j: %w", err)
	}
	fmt.Fprintf(log, "Fetching Neo4j %s with Maven; this happens once.\n", Version)
	said := &tail{also: log}
	cmd := exec.CommandContext(ctx, maven, "-q", "-B", "-f", filepath.Join(dir, "pom.xml"),
		"org.apache.maven.plugins:maven-dependency-plugin:copy-dependencies",
		"-DoutputDirectory="+filepath.Join(dir, "lib"))
	cmd.Stdout, cmd.Stderr = said, said
	ownGroup(cmd)
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("neo4j: Maven could not fetch the server: %w\n%s", errors.Join(err, ctx.Err()), said)
	}
	return nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
