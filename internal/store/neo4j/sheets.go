package neo4j

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Sheets writes new records, with their log, as files for the server's own import
// tool. It fills an empty database that is not running, many times as fast as any
// statement could, and asks nothing of it: the caller's word is taken for what
// [Store.Apply] looks up, that IDs and unique values are used once and that what a
// record refers to is among them. The tool refuses the first and the last of these.
//
// The constraints and indexes are made when the first [Store] is opened on it;
// Settle has to be called on that.
type Sheets struct {
	dir      string
	sheets   map[string]*sheet
	revision int64
}

// NewSheets writes into a directory that is there.
func NewSheets(dir string) *Sheets { return &Sheets{dir: dir, sheets: map[string]*sheet{}} }

const idSpace = "(Record)" // of the IDs by which the tool finds the ends of links

// Add takes a batch as one revision. All of it must be new and without receipt.
func (s *Sheets) Add(b *store.Batch) error {
	if b.Decided != nil || b.Receipt != nil || slices.ContainsFunc(b.Writes, func(w store.Write) bool { return w.Action != store.Create }) {
		return network.Errorf(network.InvalidValue, "only new records can be imported, without receipt; use Apply")
	}
	a, err := prepare(b)
	if err != nil {
		return err
	}
	entries, into := beside(a.entries), s.sheet("nodes", changeLabel)
	defer func() { _, _ = entries() }()
	if a.enc, err = a.encode(); err != nil {
		return err
	}
	s.revision++
	for i := range b.Writes {
		if err := s.record(a, i); err != nil {
			return err
		}
	}
	list, err := entries()
	if err != nil {
		return err
	}
	for i, entry := range list {
		entry["id"], entry["revision"] = string(store.ChangeID(s.revision, i)), s.revision
		if err := into.write(entry); err != nil {
			return err
		}
	}
	return nil
}

func (s *Sheets) record(a *attempt, i int) error {
	k, r, e := a.kind[i], a.next[i], a.enc[i]
	if k.Name == network.TieRecord {
		return s.sheet("relationships", r.Str("kind")).link(r.Str("subject"), r.Str("object"), e.props)
	}
	nodes := s.sheet("nodes", labelsOf(k))
	nodes.identified = true
	if err := nodes.write(e.props); err != nil {
		return err
	}
	for _, f := range k.Fields {
		for n, to := range e.links[f.Name] {
			if err := s.sheet("relationships", f.Rel).link(string(r.ID), string(to), linkProps(f, n)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Settle ends an import, once the server runs: it puts in the lists of one empty
// text, which the tool cannot read, and lets the server know its indexes as they
// are.
func (s *Sheets) Settle(ctx context.Context, st *Store) error {
	if err := st.ready(ctx); err != nil {
		return err
	}
	session := st.session(ctx, driver.AccessModeWrite)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	for _, sh := range s.sheets {
		for name := range sh.alone {
			text := fmt.Sprintf("MATCH (n:%s) WHERE n.%s IS NOT NULL AND n.%s IS NULL CALL (n) { SET n.%s = [''] } IN TRANSACTIONS",
				strings.ReplaceAll(sh.what, ":", "&"), historyOf(name), name, name)
			if err := runAlone(ctx, session, text); err != nil {
				return err
			}
		}
	}
	return st.Replan(ctx)
}

// Replan lets the server know its indexes as they are after much was written:
// until then it plans by what was there before.
func (s *Store) Replan(ctx context.Context) error {
	session := s.session(ctx, driver.AccessModeWrite)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	if err := awaitIndexes(ctx, session); err != nil {
		return failure(ctx, err)
	}
	for _, text := range []string{"CALL db.resampleOutdatedIndexes()", "CALL db.prepareForReplanning(600)"} {
		if err := runAlone(ctx, session, text); err != nil {
			return err
		}
	}
	return nil
}

// runAlone runs a statement in transactions of its own.
func runAlone(ctx context.Context, session driver.SessionWithContext, text string) error {
	result, err := session.Run(ctx, text, nil, limits(ctx, "settle")...)
	if err == nil {
		_, err = result.Consume(ctx)
	}
	if err != nil {
		return failure(ctx, err)
	}
	return nil
}

func labelsOf(k *network.Kind) string {
	out := recordLabel
	for _, l := range ownLabels(k) {
		out += ":" + l.(string)
	}
	return out
}

func (s *Sheets) sheet(option, what string) *sheet {
	name := option + "-" + strings.ReplaceAll(what, ":", "-")
	if s.sheets[name] == nil {
		s.sheets[name] = newSheet(filepath.Join(s.dir, name), option, what)
	}
	return s.sheets[name]
}

// Close ends the files and gives the arguments of the tool: what follows
// "neo4j-admin". Close must be called once.
func (s *Sheets) Close() (args []string, err error) {
	err = errors.Join(
		s.sheet("nodes", "_Head").write(map[string]any{"id": "head", "revision": s.revision}),
		s.sheet("nodes", "_Schema").write(map[string]any{"id": "schema", "version": int64(sightModel)}))
	args = []string{"database", "import", "full", DefaultDatabase, "--id-type=string", "--array-delimiter=U+001E"}
	several := false // some value has several lines
	var errs []error
	for _, sh := range s.sheets {
		errs = append(errs, sh.close())
		args = append(args, fmt.Sprintf("--%s=%s=%s,%s", sh.option, sh.what, sh.header(), sh.data()))
		several = several || sh.lines
	}
	if several { // the newer format loses its way between the cells of files of 4 MiB and more
		args = append(args, "--multiline-fields-format=v1", "--multiline-fields=true")
	}
	return args, errors.Join(append(errs, err)...)
}
