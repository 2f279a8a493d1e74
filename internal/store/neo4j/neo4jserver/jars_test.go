package neo4jserver

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func TestPomNamesTheVersion(t *testing.T) {
	if !bytes.Contains(pom, []byte("<version>"+Version+"</version>")) {
		t.Errorf("pom.xml is not for %s", Version)
	}
}

// fake puts a shell script of this name in front of the path.
func fake(t *testing.T, name, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("JAVA_HOME", "")
}

func TestJavaThatCannotRunNeo4jIsUnavailable(t *testing.T) {
	for name, script := range map[string]string{
		"old":      `echo 'openjdk version "11.0.2" 2019-01-15' >&2`,
		"very old": `echo 'java version "1.8.0_292"' >&2`,
		"no java":  `exit 1`,
		"unknown":  `echo hello`,
	} {
		t.Run(name, func(t *testing.T) {
			fake(t, "java", script)
			if _, _, err := findJava(t.Context()); !errors.Is(err, ErrUnavailable) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("new enough", func(t *testing.T) {
		fake(t, "java", `echo 'openjdk version "21" 2023-09-19' >&2`)
		if _, _, err := findJava(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestWithoutMavenTheJarsAreUnavailableUntilCached(t *testing.T) {
	cache := t.TempDir()
	t.Setenv("PATH", t.TempDir())
	if _, err := jars(t.Context(), cache, &bytes.Buffer{}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	if err := os.MkdirAll(filepath.Join(cache, "musubi", "neo4j-"+Version, "lib"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := jars(t.Context(), cache, &bytes.Buffer{}); err != nil {
		t.Error(err)
	}
}

func TestManyAtOnceRunMavenOnce(t *testing.T) {
	cache, runs := t.TempDir(), filepath.Join(t.TempDir(), "runs")
	t.Setenv("RUNS", runs)
	fake(t, "mvn", `echo run >> "$RUNS"
for arg; do case $arg in -DoutputDirectory=*) mkdir -p "${arg#*=}";; esac; done`)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if _, err := jars(t.Context(), cache, &bytes.Buffer{}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got, err := os.ReadFile(runs); err != nil || string(got) != "run\n" {
		t.Errorf("Maven ran: %q, %v", got, err)
	}
}

func TestMavenThatFailsIsHeardAndTriedAgain(t *testing.T) {
	cache := t.TempDir()
	fake(t, "mvn", "echo no route to anywhere; exit 1")
	_, err := jars(t.Context(), cache, &bytes.Buffer{})
	if err == nil || errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "no route") {
		t.Errorf("got %v", err)
	}
	fake(t, "mvn", `for arg; do case $arg in -DoutputDirectory=*) mkdir -p "${arg#*=}";; esac; done`)
	if _, err := jars(t.Context(), cache, &bytes.Buffer{}); err != nil {
		t.Error(err)
	}
}

func TestMavenEndsWithTheContext(t *testing.T) {
	fake(t, "mvn", "sleep 600")
	ctx, cancel := context.WithCancel(t.Context())
	said := writerFunc(func([]byte) { cancel() }) // it is about to run
	if _, err := jars(ctx, t.TempDir(), said); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }
