package neo4jserver

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Version is the Neo4j that Start runs; pom.xml names the same.
const Version = "5.26.16"

// User is the one account of a server with a password.
const User = "neo4j"

// Options says how to run a server; the zero value is a throw-away one.
type Options struct {
	// Dir is the server's home (conf, data, logs). It is created when missing
	// and kept: Start with the same Dir finds the data again. Empty is a
	// temporary one that Stop removes.
	Dir string
	// BoltPort is the loopback port; 0 picks a free one.
	BoltPort int
	// Password of User, at least 8 characters, set on the first start in Dir.
	// Empty turns authentication off.
	Password string
	// HeapMB and PageCacheMB size the server in MiB; 0 is 768 and 64.
	HeapMB, PageCacheMB int
	// FullJIT runs the JVM as a production server does (C2 compiler, G1
	// collector). Benchmarks need it. Without it the server takes half the
	// processor time to start, which is what tests need.
	FullJIT bool
	// Log takes what Maven and the server print, from a goroutine of theirs; nil
	// drops it. The server's own logs are in Dir/logs.
	Log io.Writer
	// Settings are lines of neo4j.conf; they win over those made from the
	// fields above.
	Settings map[string]string

	// archive is the file of classes to start with, record the one to be made.
	archive, record string
}

func (o Options) withDefaults() (Options, error) {
	if o.HeapMB == 0 {
		o.HeapMB = 768
	}
	if o.PageCacheMB == 0 {
		o.PageCacheMB = 64
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	if o.Password != "" && len(o.Password) < 8 {
		return o, errors.New("neo4j: the password needs at least 8 characters")
	}
	if o.BoltPort == 0 {
		port, err := freePort()
		if err != nil {
			return o, err
		}
		o.BoltPort = port
	}
	return o, nil
}

// settings is the whole neo4j.conf.
func (o Options) settings() map[string]string {
	bolt := fmt.Sprintf("127.0.0.1:%d", o.BoltPort)
	all := map[string]string{
		"server.bolt.listen_address":     bolt,
		"server.bolt.advertised_address": bolt, // what neo4j:// clients are sent to
		"server.http.enabled":            "false",
		"server.https.enabled":           "false",
		"dbms.usage_report.enabled":      "false",
		"dbms.security.auth_enabled":     fmt.Sprint(o.Password != ""),
		"server.memory.pagecache.size":   fmt.Sprintf("%dm", o.PageCacheMB),
		// Half a gigabyte of empty log files otherwise.
		"db.tx_log.preallocate": "false",
		// The default waits so long for late clients that a stop takes 10 s
		// instead of 0.3 s.
		"internal.dbms.bolt.netty_server_shutdown_quiet_period": "0",
	}
	maps.Copy(all, o.Settings)
	return all
}

// writeConfig fills Dir with the directories and the neo4j.conf of a start.
func (o Options) writeConfig() error {
	for _, dir := range []string{"conf", "tmp"} {
		if err := os.MkdirAll(filepath.Join(o.Dir, dir), 0o700); err != nil {
			return fmt.Errorf("neo4j: %w", err)
		}
	}
	var conf strings.Builder
	settings := o.settings()
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		line := key + "=" + settings[key]
		if strings.ContainsAny(line, "\r\n") {
			return fmt.Errorf("neo4j: setting %q spans lines", key)
		}
		conf.WriteString(line + "\n")
	}
	err := os.WriteFile(filepath.Join(o.Dir, "conf", "neo4j.conf"), []byte(conf.String()), 0o600)
	if err != nil {
		return fmt.Errorf("neo4j: %w", err)
	}
	return nil
}

// javaArgs is the command line after "java" of a server.
func (o Options) javaArgs(lib string) []string {
	return append(o.jvmArgs(lib, "org.neo4j.server.CommunityEntryPoint"), "--home-dir="+o.Dir, "--config-dir="+filepath.Join(o.Dir, "conf"))
}

// jvmArgs is the same of any program of the server's jars, without its arguments.
func (o Options) jvmArgs(lib, class string) []string {
	args := []string{fmt.Sprintf("-Xmx%dm", o.HeapMB)}
	if !o.FullJIT {
		args = append(args, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
	}
	if o.archive != "" {
		args = append(args, "-XX:SharedArchiveFile="+o.archive)
	}
	if o.record != "" {
		args = append(args, "-XX:ArchiveClassesAtExit="+o.record)
	}
	for _, pkg := range []string{"java.nio", "java.io", "sun.nio.ch", "java.util.concurrent"} {
		args = append(args, "--add-opens=java.base/"+pkg+"=ALL-UNNAMED")
	}
	return append(args,
		"-XX:+ExitOnOutOfMemoryError",
		"-XX:-UsePerfData",
		"-Dfile.encoding=UTF-8",
		// Native libraries are unpacked here; a killed server leaves them.
		"-Djava.io.tmpdir="+filepath.Join(o.Dir, "tmp"),
		"-cp", filepath.Join(lib, "*"),
		class,
	)
}
