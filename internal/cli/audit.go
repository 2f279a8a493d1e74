package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/audit"
	"github.com/musubi-map/musubi/internal/network"
)

// auditFlags say where the audit log is.
type auditFlags struct {
	Audit string `env:"MUSUBI_AUDIT" help:"Audit log: who wrote, and who read personal fields, by ids and names of fields; one file for each server. musubi.audit beside the data file by default; off for none." placeholder:"FILE"`
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

type auditCommand struct {
	storeFlags
	auditFlags
	Record string `help:"Entries about this record only." placeholder:"ID"`
	Actor  string `help:"Entries of this actor only: token:… or user:…, as the log of changes has them." placeholder:"ACTOR"`
	Reads  bool   `help:"Reads of personal fields only."`
	Quiet  bool   `short:"q" help:"Verify only: no entries."`
}

// Run reads the log, verifies it as it goes, and prints what is wanted, a JSON object
// a line.
func (c *auditCommand) Run(a *app) error {
	path := c.path(c.storeFlags)
	if path == "" {
		return errors.New("--audit off: there is no log to read")
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	out := json.NewEncoder(a.out)
	end, err := audit.Verify(file, func(e *audit.Entry) error {
		if c.Quiet || !c.wants(e) {
			return nil
		}
		return out.Encode(e)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	fmt.Fprintf(a.errOut, "%d entries, none changed, taken out or put in; the last has the hash %s\n", end.N, strings.TrimSpace(end.Hash))
	return nil
}

func (c *auditCommand) wants(e *audit.Entry) bool {
	about := func(r audit.Record) bool { return r.ID == network.ID(c.Record) }
	return (c.Record == "" || slices.ContainsFunc(e.Records, about)) && (c.Actor == "" || e.Actor == c.Actor) && (!c.Reads || e.What == audit.Read)
}
