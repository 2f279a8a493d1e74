package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"

	"github.com/musubi-map/musubi/internal/backup"
	"github.com/musubi-map/musubi/internal/store"
)

type restoreCommand struct {
	storeFlags
	erasureFlags
	auditFlags
	File string `arg:"" help:"The backup; - for standard input." placeholder:"FILE"`
}

// Run restores the backup.
func (c *restoreCommand) Run(a *app) error {
	file, err := opened(a, c.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	erased, err := c.erased(a)
	if err != nil {
		return err
	}
	s, err := c.open(a.ctx, a.log)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(a.ctx)) }()
	if err := c.copies(a, c.storeFlags, s, "restore"); err != nil {
		return err
	}
	var bar *progressbar.ProgressBar
	done, err := backup.Restore(a.ctx, s, file, erased, func(done, of int64) {
		if bar == nil {
			bar = progress(a.errOut, int(of), "restoring")
		}
		_ = bar.Set64(done)
	})
	if bar != nil {
		_ = bar.Finish()
	}
	if err != nil {
		if head, ask := s.Head(context.WithoutCancel(a.ctx)); ask == nil && bar != nil {
			return fmt.Errorf("%w (the store is at revision %d; what an interrupted restore left, the same restore completes)", err, head)
		}
		return err
	}
	fmt.Fprintf(a.out, "revision %d with its history restored (%s)\n", done.Revision, held(done.Counts))
	if done.Blanked > 0 {
		fmt.Fprintf(a.out, "%d changes tell of records that were erased since: what they said was left out\n", done.Blanked)
	}
	if done.Had > 0 {
		fmt.Fprintf(a.out, "of it the store had revision 1 to %d already\n", done.Had)
	}
	return nil
}

// erased is the list of erasures. One that is named must be there; that there is
// none otherwise is said.
func (c *restoreCommand) erased(a *app) ([]store.Erasure, error) {
	path := c.list(c.storeFlags)
	list, err := readErasures(path)
	switch {
	case err != nil:
		return nil, err
	case list == nil && c.Erasures != "":
		return nil, fmt.Errorf("there is no list of erasures in %s", path)
	case list == nil:
		a.log.Warn("no list of erasures: who was erased since the backup was made comes back. Stop with Ctrl-C and name the list with --erasures if there is one; musubi erasures writes that of a store", "looked_at", path)
	}
	return list, nil
}

// opened gives a file that can be read twice. What comes from standard input is
// put into a file first, which is gone when it is closed.
func opened(a *app, name string) (io.ReadSeekCloser, error) {
	if name != "-" {
		return os.Open(name)
	}
	f, err := os.CreateTemp("", "musubi-restore-*")
	if err != nil {
		return nil, err
	}
	spooled := &temporary{f}
	if _, err = io.Copy(f, a.in); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, spooled.Close())
	}
	return spooled, nil
}

// temporary is a file that is removed when it is closed.
type temporary struct{ *os.File }

func (t *temporary) Close() error { return errors.Join(t.File.Close(), os.Remove(t.Name())) }
