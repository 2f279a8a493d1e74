package memory

import (
	"context"
	"iter"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

// batch is how many rows go from one goroutine to another at once.
const batch = 512

// each calls do for every row, while another goroutine reads on. It stops at the
// first error.
func each[T any](rows iter.Seq2[T, error], do func(*T) error) error {
	g, ctx := errgroup.WithContext(context.Background())
	read := make(chan []T, 4)
	g.Go(func() error { return batches(ctx, rows, read) })
	g.Go(func() error { return drain(read, do) })
	return g.Wait()
}

// throughDecoders is each for rows that are made into something else first, by
// decoders that run beside each other: their order is lost. Each has a function of
// its own.
func throughDecoders[T, U any](rows iter.Seq2[T, error], decoder func() func(*T, *U) error, do func(*U) error) error {
	g, ctx := errgroup.WithContext(context.Background())
	read, made := make(chan []T, 4), make(chan []U, 4)
	g.Go(func() error { return batches(ctx, rows, read) })
	var decoders sync.WaitGroup
	for range max(1, runtime.GOMAXPROCS(0)-1) {
		decoders.Add(1)
		decode := decoder()
		g.Go(func() error {
			defer decoders.Done()
			for some := range read {
				out := make([]U, len(some))
				for i := range some {
					if err := decode(&some[i], &out[i]); err != nil {
						return err
					}
				}
				if !send(ctx, made, out) {
					break
				}
			}
			return nil
		})
	}
	g.Go(func() error {
		decoders.Wait()
		close(made)
		return nil
	})
	g.Go(func() error { return drain(made, do) })
	return g.Wait()
}

// batches sends a sequence in parts and closes the channel.
func batches[T any](ctx context.Context, rows iter.Seq2[T, error], to chan<- []T) error {
	defer close(to)
	some := make([]T, 0, batch)
	for row, err := range rows {
		if err != nil {
			return err
		}
		if some = append(some, row); len(some) == batch {
			if !send(ctx, to, some) {
				return nil
			}
			some = make([]T, 0, batch)
		}
	}
	send(ctx, to, some)
	return nil
}

// send is false when nobody will take it any more.
func send[T any](ctx context.Context, to chan<- T, v T) bool {
	select {
	case to <- v:
		return true
	case <-ctx.Done():
		return false
	}
}

func drain[T any](from <-chan []T, do func(*T) error) error {
	for some := range from {
		for i := range some {
			if err := do(&some[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
