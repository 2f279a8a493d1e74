package answer

import (
	"context"
	"log/slog"
	"time"

	"github.com/musubi-map/musubi/internal/analysis"
	"github.com/musubi-map/musubi/internal/network"
)

const (
	// longWork is after how long a work is told of in the log, and progressEvery
	// how often from then on.
	longWork      = time.Second
	progressEvery = 10 * time.Second
)

// watch has the log tell of a work that takes long: that it goes on and how far
// it has come, and by the function it gives, which must be called, how it ended.
// What is said is the name of the work and sizes, nothing that was asked for.
func (q *Question) watch(ctx context.Context, what string, size ...any) (context.Context, func(error)) {
	if q.Log == nil {
		return ctx, func(error) {}
	}
	w := &watched{log: q.Log.With(append([]any{"work", what}, size...)...), began: time.Now()}
	ctx = analysis.WithProgress(ctx, &w.progress)
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		w.follow(ctx, done)
	}()
	return ctx, func(err error) {
		close(done)
		<-over
		w.ended(ctx, err)
	}
}

// watched is a work that is followed.
type watched struct {
	log      *slog.Logger
	began    time.Time
	progress analysis.Progress
}

func (w *watched) follow(ctx context.Context, done <-chan struct{}) {
	timer := time.NewTimer(longWork)
	defer timer.Stop()
	for {
		select {
		case <-done:
			return
		case <-ctx.Done(): // or it panicked
			return
		case <-timer.C:
			w.log.InfoContext(ctx, "analysis: at work", w.state()...)
			timer.Reset(progressEvery)
		}
	}
}

// state is how long it has taken, and how many of its steps are done when it has
// any.
func (w *watched) state() []any {
	out := []any{"elapsed", time.Since(w.began).Round(time.Millisecond)}
	if done, total := w.progress.Counts(); total > 0 {
		out = append(out, "done", done, "of", total)
	}
	return out
}

func (w *watched) ended(ctx context.Context, err error) {
	level := slog.LevelDebug
	if time.Since(w.began) >= longWork {
		level = slog.LevelInfo
	}
	switch {
	case ctx.Err() != nil:
		w.log.Log(ctx, level, "analysis: given up, nobody waits for it", w.state()...)
	case err != nil:
		w.log.Log(ctx, level, "analysis: failed", append(w.state(), "code", network.CodeOf(err))...)
	default:
		w.log.Log(ctx, level, "analysis: done", w.state()...)
	}
}
