package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/musubi-map/musubi/graph"
	"github.com/musubi-map/musubi/internal/backup"
	"github.com/musubi-map/musubi/internal/store"
)

// erasureFlags say where the list of what was erased is kept, apart from the map.
type erasureFlags struct {
	Erasures string `env:"MUSUBI_ERASURES" help:"List of what was erased: ids and times, kept apart from the map so that restore brings none of it back. musubi.erasures beside the data file by default." placeholder:"FILE"`
}

// list is where it is.
func (f erasureFlags) list(s storeFlags) string {
	if f.Erasures != "" {
		return f.Erasures
	}
	return s.beside("musubi.erasures")
}

// readErasures reads the list at a path; nil when there is none.
func readErasures(path string) ([]store.Erasure, error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	list, err := backup.ReadErasures(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return list, nil
}

// keepErasures gives a function that adds to the list at a path. The list is never
// there in part.
func keepErasures(path string) func([]store.Erasure) error {
	var mu sync.Mutex
	return func(list []store.Erasure) error {
		mu.Lock()
		defer mu.Unlock()
		known, err := readErasures(path)
		if err != nil {
			return err
		}
		var before, now bytes.Buffer
		if err := errors.Join(backup.WriteErasures(&before, known), backup.WriteErasures(&now, store.MergeErasures(known, list))); err != nil {
			return err
		}
		if bytes.Equal(before.Bytes(), now.Bytes()) {
			return nil
		}
		return replace(path, func(w io.Writer) error {
			_, err := w.Write(now.Bytes())
			return err
		})
	}
}

type erasuresCommand struct {
	storeFlags
	Output string `short:"o" default:"-" help:"File to write, - for standard output." placeholder:"FILE"`
}

// Run writes the list of what the store knows to be erased.
func (c *erasuresCommand) Run(a *app) error {
	s, _, err := c.inspect(a)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close(context.WithoutCancel(a.ctx)) }()
	list, err := s.Erasures(a.ctx)
	if err != nil {
		return err
	}
	if c.Output == "-" {
		return backup.WriteErasures(a.out, list)
	}
	return keepErasures(c.Output)(list)
}

// registerTime bounds how long the store is asked at the start.
const registerTime = 2 * time.Second

// register lets the list learn of what is erased from now on, and of what the store
// knows. A store that cannot be reached now is asked when somebody is erased.
func (c *serveCommand) register(a *app, s store.Store, r *graph.Resolver) error {
	path := c.list(c.storeFlags)
	if _, err := readErasures(path); err != nil {
		return err
	}
	keep := keepErasures(path)
	r.Erased = func(list []store.Erasure) error {
		err := keep(list)
		if err != nil {
			a.log.Error("the list of erasures cannot be written", "file", path, "error", err)
		}
		return err
	}
	ctx, cancel := context.WithTimeout(a.ctx, registerTime)
	defer cancel()
	if list, err := s.Erasures(ctx); err == nil {
		_ = r.Erased(list)
	}
	return nil
}
