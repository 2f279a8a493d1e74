package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"

	"github.com/musubi-map/musubi/internal/edit"
	"github.com/musubi-map/musubi/internal/exchange"
	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/sample"
)

type importCommand struct {
	storeFlags
	Files  []string `arg:"" help:"CSV files: nodes (ID, Type, Label, …) and connections (From, To, Type, …)." placeholder:"FILES"`
	DryRun bool     `help:"Check the files against the map and say what would change, without changing it."`
	Reason string   `help:"Why, for the change log." default:"import"`
}

// Run reads the files into the map.
func (c *importCommand) Run(a *app) error {
	slices.Sort(c.Files)
	rows, err := readRows(a, c.Files, os.ReadFile)
	if err != nil {
		return err
	}
	s, err := c.open(a.ctx, a.log)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(a.ctx)) }()
	report, err := upsert(a, s, rows, c.Reason, c.DryRun)
	if err != nil {
		return err
	}
	verb := "written"
	if c.DryRun {
		verb = "a dry run: nothing was written"
	}
	fmt.Fprintf(a.out, "%d new, %d changed, %d as they were; %s (revision %d)\n", report.Created, report.Updated, report.Unchanged, verb, report.Revision)
	for _, m := range report.Missing {
		fmt.Fprintf(a.out, "not in the files any more, and left as it is: %s %s\n", m.Kind, m.Key)
	}
	return nil
}

// errFaults ends an import whose faults were printed.
var errFaults = errors.New("nothing was written: mend the files and run it again")

// maxPrinted is how many faults are printed.
const maxPrinted = 50

// readRows reads files with a progress bar, and prints what is wrong in them.
func readRows(a *app, files []string, read func(string) ([]byte, error)) ([]exchange.Row, error) {
	bar := progress(a.errOut, len(files), "reading")
	var rows []exchange.Row
	var faults []error
	for _, name := range files {
		data, err := read(name)
		if err != nil {
			return nil, err
		}
		got, wrong := exchange.ReadCSV(filepath.Base(name), bytes.NewReader(data))
		rows = append(rows, got...)
		for _, f := range wrong {
			faults = append(faults, f)
		}
		_ = bar.Add(1)
	}
	_ = bar.Finish()
	return rows, printFaults(a.errOut, faults)
}

func printFaults(w io.Writer, faults []error) error {
	if len(faults) == 0 {
		return nil
	}
	for _, f := range faults[:min(len(faults), maxPrinted)] {
		fmt.Fprintln(w, f)
	}
	if more := len(faults) - maxPrinted; more > 0 {
		fmt.Fprintf(w, "… and %d more\n", more)
	}
	return errFaults
}

// upsert writes the rows, and prints what is wrong with them.
func upsert(a *app, s store.Store, rows []exchange.Row, reason string, dryRun bool) (*edit.Report, error) {
	editor := &edit.Editor{Store: s, Clock: network.SystemClock()}
	in := make([]edit.Row, len(rows))
	for i, r := range rows {
		in[i] = edit.Row{Kind: r.Kind, Key: r.Key, Fields: r.Fields, Refs: r.Refs, Clear: r.Clear, Origin: r.Origin}
	}
	report, err := editor.Upsert(a.ctx, edit.Intent{Viewer: network.Admin("import"), Reason: reason}, in, edit.UpsertOptions{DryRun: dryRun, Missing: true})
	if report == nil || len(report.Errors) == 0 {
		return report, err
	}
	var faults []error
	for _, e := range report.Errors {
		if at, ok := e.Origin.(exchange.Origin); ok {
			faults = append(faults, at.Fault(e.Err))
		} else {
			faults = append(faults, e)
		}
	}
	return report, printFaults(a.errOut, faults)
}

// progress is a bar on a terminal, and nothing elsewhere.
func progress(w io.Writer, steps int, what string) *progressbar.ProgressBar {
	if f, ok := w.(*os.File); !ok || !isatty.IsTerminal(f.Fd()) {
		w = io.Discard
	}
	return progressbar.NewOptions(steps, progressbar.OptionSetWriter(w), progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish())
}

// loadSampleWhenEmpty reads the embedded Shiojiri sample into an empty store.
func loadSampleWhenEmpty(a *app, s store.Store) error {
	head, err := s.Head(a.ctx)
	if err != nil || head > 0 {
		return err
	}
	return loadSample(a, s)
}

func loadSample(a *app, s store.Store) error {
	files, err := fs.Glob(sample.Files, "*.csv")
	if err != nil {
		return err
	}
	rows, err := readRows(a, files, func(name string) ([]byte, error) { return fs.ReadFile(sample.Files, name) })
	if err != nil {
		return err
	}
	report, err := upsert(a, s, rows, "sample", false)
	if err != nil {
		return err
	}
	a.log.Info("the Shiojiri sample was loaded", "records", report.Created, "today", sampleToday)
	return nil
}
