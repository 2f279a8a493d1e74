package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/musubi-map/musubi/internal/network"
)

// startPostgres starts a PostgreSQL of its own, fills it, and starts PostGraphile
// on it. Where there is none it is left out, and the run says so.
func (s *setting) startPostgres(ctx context.Context) error {
	if !s.wants(postgraphile) {
		return nil
	}
	bin := postgresBin()
	if bin == "" {
		fmt.Printf("- **%s is left out**: there is no PostgreSQL; on Debian: apt-get install postgresql\n", postgraphile)
		return nil
	}
	addr, err := freeAddr(ctx)
	if err != nil {
		return err
	}
	p := &postgres{bin: bin, dir: filepath.Join(s.dir, "postgres")}
	p.host, p.port, _ = net.SplitHostPort(addr)
	if err := p.start(ctx, s.pageCache); err != nil {
		return err
	}
	s.stops, s.postgresPID = append(s.stops, p.stop), p.server.Process.Pid
	began := time.Now()
	if err := p.fill(ctx, s); err != nil {
		return err
	}
	fmt.Printf("- PostgreSQL: filled in %.1f s, without a log\n", time.Since(began).Seconds())
	return s.startNode(ctx, postgraphile, "postgraphile.mjs", p.uri())
}

// postgresBin is where Debian puts the newest PostgreSQL, or "".
func postgresBin() string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(found) == 0 {
		return ""
	}
	return filepath.Dir(slices.Max(found))
}

type postgres struct {
	bin, dir, host, port string
	server               *exec.Cmd
}

func (p *postgres) uri() string {
	return fmt.Sprintf("postgres://bench@%s/postgres", net.JoinHostPort(p.host, p.port))
}

// start makes a cluster that keeps its promises (fsync), and runs it.
func (p *postgres) start(ctx context.Context, buffers int) error {
	if err := os.Mkdir(p.dir, 0o700); err != nil {
		return err
	}
	if err := giveAway(filepath.Dir(p.dir), p.dir); err != nil {
		return err
	}
	data := filepath.Join(p.dir, "data")
	initdb := exec.CommandContext(ctx, filepath.Join(p.bin, "initdb"), "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
	asNobody(initdb)
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	p.server = exec.Command(filepath.Join(p.bin, "postgres"), "-D", data, "-p", p.port, "-k", p.dir,
		"-c", "listen_addresses="+p.host, "-c", fmt.Sprintf("shared_buffers=%dMB", buffers), "-c", "max_wal_size=4GB")
	asNobody(p.server)
	p.server.Dir = p.dir
	if err := p.server.Start(); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if exec.CommandContext(ctx, filepath.Join(p.bin, "pg_isready"), "-q", "-h", p.host, "-p", p.port).Run() == nil {
			return nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	return ctx.Err()
}

// stop ends the server without waiting for its clients.
func (p *postgres) stop(context.Context) error {
	if err := p.server.Process.Signal(os.Interrupt); err != nil {
		return err
	}
	return p.server.Wait()
}

// tables are filled in this order; each row is tab separated text.
var tables = []struct {
	name string
	rows func(*network.Record, func(...string))
}{
	{"topic", func(r *network.Record, put func(...string)) {
		if r.Kind == "Topic" {
			put(string(r.ID), r.Str("name"))
		}
	}},
	{"stakeholder", func(r *network.Record, put func(...string)) {
		if network.MustKind(r.Kind).Is(network.StakeholderInterface) {
			put(string(r.ID), r.Kind, r.Str("name"), r.Str("nameKana"), r.Str("industry"), number(r, "staff"), r.Str("area"), r.SortKey(), r.SearchKey())
		}
	}},
	{"tie_end", func(r *network.Record, put func(...string)) {
		if r.Kind == network.TieRecord {
			put(r.Str("subject"), r.Str("object"), string(r.ID), r.Str("kind"), number(r, "strength"))
			put(r.Str("object"), r.Str("subject"), string(r.ID), r.Str("kind"), number(r, "strength"))
		}
	}},
	{"need", func(r *network.Record, put func(...string)) {
		if r.Kind == "Need" {
			put(string(r.ID), r.Str("stakeholder"), r.Str("topic"))
		}
	}},
}

func number(r *network.Record, field string) string {
	if n, ok := r.Fields[field].(int64); ok {
		return fmt.Sprint(n)
	}
	return ""
}

func (p *postgres) fill(ctx context.Context, s *setting) error {
	if err := p.psql(ctx, nil, "-f", filepath.Join(s.peers, "schema.sql")); err != nil {
		return err
	}
	for _, t := range tables {
		in, out := io.Pipe()
		go func() {
			w := bufio.NewWriter(out)
			for r := range s.m.Records() {
				t.rows(r, func(values ...string) {
					for i, v := range values {
						if values[i] = escaped.Replace(v); v == "" {
							values[i] = `\N`
						}
					}
					_, _ = w.WriteString(strings.Join(values, "\t") + "\n")
				})
			}
			_ = w.Flush()
			_ = out.Close()
		}()
		if err := p.psql(ctx, in, "-c", "COPY "+t.name+" FROM STDIN"); err != nil {
			return err
		}
	}
	return p.psql(ctx, nil, "-f", filepath.Join(s.peers, "keys.sql"))
}

var escaped = strings.NewReplacer("\\", "\\\\", "\t", "\\t", "\n", "\\n", "\r", "\\r")

func (p *postgres) psql(ctx context.Context, in io.Reader, args ...string) error {
	command := exec.CommandContext(ctx, filepath.Join(p.bin, "psql"), append([]string{"-q", "-v", "ON_ERROR_STOP=1", p.uri()}, args...)...)
	command.Stdin = in
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("psql %v: %w: %s", args, err, out)
	}
	return nil
}
