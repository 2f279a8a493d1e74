package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/musubi-map/musubi/internal/backup"
)

type backupCommand struct {
	storeFlags
	auditFlags
	Output string `short:"o" required:"" help:"File to write, - for standard output." placeholder:"FILE"`
	Force  bool   `help:"Put the backup in the place of a file that is there."`
}

// Run writes the backup.
func (c *backupCommand) Run(a *app) error {
	if err := c.free(); err != nil {
		return err
	}
	s, sort, err := c.inspect(a)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(a.ctx)) }()
	if err := c.copies(a, c.storeFlags, s, "backup"); err != nil {
		return err
	}
	var done *backup.Summary
	write := func(w io.Writer) (err error) {
		done, err = backup.Write(a.ctx, w, s, sort, time.Now())
		return err
	}
	to, out := c.Output, a.out
	if to == "-" {
		to, out = "standard output", a.errOut
		err = write(a.out)
	} else {
		err = replace(c.Output, func(w io.Writer) error { return errors.Join(write(w), c.free()) })
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "revision %d with its history (%s) written to %s\n", done.Revision, held(done.Counts), to)
	return nil
}

// free refuses to write over a file.
func (c *backupCommand) free() error {
	if _, err := os.Lstat(c.Output); errors.Is(err, fs.ErrNotExist) || c.Output == "-" || c.Force {
		return nil
	}
	return fmt.Errorf("%s is there already: name another file, or replace it with --force", c.Output)
}

func held(c backup.Counts) string {
	return fmt.Sprintf("%d commits, %d changes, %d receipts", c.Commits, c.Changes, c.Receipts)
}
