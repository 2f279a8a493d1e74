package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/user"
	"slices"
	"strconv"
	"time"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/audit"
	"github.com/musubi-map/musubi/internal/network"
)

// auditFlags say where the audit log is.
type auditFlags struct {
	Audit string `env:"MUSUBI_AUDIT" help:"Audit log: who wrote, and who read personal fields, by ids and names of fields; one for each server, and for the commands on its machine. musubi.audit beside the data file by default; off for none." placeholder:"FILE"`
}

// path is where the log is; empty: there is none.
func (f auditFlags) path(s storeFlags) string {
	switch f.Audit {
	case "":
		return s.beside("musubi.audit")
	case "off":
		return ""
	}
	return f.Audit
}

// audited lets the server write its audit log until done.
func (c *serveCommand) audited(a *app, r *graph.Resolver) (done func(), err error) {
	path := c.path(c.storeFlags)
	if path == "" {
		if r.Admit != nil {
			a.log.Warn("NO AUDIT LOG: who reads personal fields is not recorded (--audit off)")
		}
		return func() {}, nil
	}
	log, err := audit.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	r.Audit = log
	return func() {
		if err := log.Close(); err != nil {
			a.log.Error("the audit log could not be closed", "error", err)
		}
	}, nil
}

// record puts what a command is about to show or to copy into the audit log, if one is
// kept. A server may be writing to it.
func (f auditFlags) record(s storeFlags, e audit.Entry) error {
	path := f.path(s)
	if path == "" {
		return nil
	}
	log, err := audit.Open(path)
	if err == nil {
		e.At, e.Actor = time.Now(), operator()
		err = errors.Join(log.Append(e, true), log.Close())
	}
	if err != nil {
		return fmt.Errorf("%s: %w (nothing was done; --audit names another log, off none)", path, err)
	}
	return nil
}

// copies puts it into the audit log that a command is about to copy the whole map.
func (f auditFlags) copies(a *app, at storeFlags, s interface {
	Head(ctx context.Context) (int64, error)
}, command string) error {
	head, err := s.Head(a.ctx)
	if err != nil {
		return err
	}
	return f.record(at, audit.Entry{What: audit.Copy, Command: command, Revision: head})
}

// operator is the user of the operating system, by number.
func operator() string {
	if u, err := user.Current(); err == nil {
		return "os:" + u.Uid
	}
	return "os:" + strconv.Itoa(os.Getuid())
}

type auditCommand struct {
	storeFlags
	auditFlags
	Record string `help:"Entries about this record only, and copies of everything." placeholder:"ID"`
	Actor  string `help:"Entries of this actor only: token:… or user:…, as the log of changes has them, or os:… of a command." placeholder:"ACTOR"`
	Reads  bool   `help:"Reads of personal fields only, and copies of everything."`
	Quiet  bool   `short:"q" help:"Verify only: no entries."`
	From   int64  `default:"1" help:"Number of the first line, when files before it were moved elsewhere." placeholder:"N"`
	Close  bool   `help:"Close the file once it is verified, so that the log goes on in a new one; the server may go on."`
}

// Run reads the log, file by file, verifies it as it goes, and prints what is wanted,
// a JSON object a line.
func (c *auditCommand) Run(a *app) error {
	path := c.path(c.storeFlags)
	if path == "" {
		return errors.New("--audit off: there is no log to read")
	}
	files, err := audit.Files(path)
	if err != nil {
		return err
	}
	end := audit.End{N: c.From - 1}
	for _, file := range files {
		if end, err = c.read(a, file, end); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	fmt.Fprintf(a.errOut, "%d entries, none changed, taken out or put in; the last, number %d, has the hash %s\n", end.N-c.From+1, end.N, end.Hash)
	if !c.Close {
		return nil
	}
	log, err := audit.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(log.Rotate(), log.Close())
}

// read reads a file of the log, which goes on from the end of the one before.
func (c *auditCommand) read(a *app, name string, end audit.End) (audit.End, error) {
	file, err := os.Open(name)
	if err != nil {
		return end, err
	}
	defer func() { _ = file.Close() }()
	out := json.NewEncoder(a.out)
	return audit.Verify(file, end, func(e *audit.Entry) error {
		if c.Quiet || !c.wants(e) {
			return nil
		}
		return out.Encode(e)
	})
}

func (c *auditCommand) wants(e *audit.Entry) bool {
	about := func(r audit.Record) bool { return r.ID == network.ID(c.Record) }
	return (c.Record == "" || e.What == audit.Copy || slices.ContainsFunc(e.Records, about)) &&
		(c.Actor == "" || e.Actor == c.Actor) && (!c.Reads || e.What != audit.Write)
}
