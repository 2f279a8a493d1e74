package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/musubi-map/musubi/internal/verify"
)

type verifyCommand struct {
	storeFlags
	File string `arg:"" optional:"" help:"A backup to check instead of a store; - for standard input." placeholder:"FILE"`
}

// Run looks at the store or the backup. Faults end it with an error.
func (c *verifyCommand) Run(a *app) error {
	report, err := c.verify(a)
	if report == nil {
		return err
	}
	for _, f := range report.Faults {
		fmt.Fprintln(a.errOut, f)
	}
	switch more := report.Found - len(report.Faults); {
	case more > 0:
		fmt.Fprintf(a.errOut, "… and %d more\n", more)
		fallthrough
	case report.Found > 0 && err == nil:
		err = fmt.Errorf("%d faults; restore a backup from before they came about", report.Found)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "revision %d is whole: %d commits, %d log entries, %d records (%d of them ties), %d receipts\n",
		report.Revision, report.Commits, report.Entries, report.Records, report.Ties, report.Receipts)
	if report.Left > 0 {
		fmt.Fprintf(a.out, "records that were being written to, and were left out: %d; verify again when less is written\n", report.Left)
	}
	return nil
}

func (c *verifyCommand) verify(a *app) (*verify.Report, error) {
	switch c.File {
	case "":
		s, _, err := c.inspect(a)
		if err != nil {
			return nil, err
		}
		defer func() { _ = s.Close(context.WithoutCancel(a.ctx)) }()
		return verify.Store(a.ctx, s)
	case "-":
		return verify.File(a.ctx, a.in)
	}
	file, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return verify.File(a.ctx, file)
}
