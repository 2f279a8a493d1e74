package answer

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/musubi-map/musubi/graph/plan"
	"github.com/musubi-map/musubi/internal/memo"
	"github.com/musubi-map/musubi/internal/network"
)

// logged is what a work of so long leaves in the log, without the times of day.
func logged(t *testing.T, asks context.Context, level slog.Level, lasts time.Duration, fails error) string {
	t.Helper()
	var lines bytes.Buffer
	log := slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	v := &view{q: &Question{Ctx: asks, Kept: memo.New(1 << 10), Log: log}, l: &loaded{ids: make([]network.ID, 3)}}
	_, _ = measured(v, "betweenness (Brandes)", "asked about 架空 花子", func(ctx context.Context) (int, int64, error) {
		timer := time.NewTimer(lasts)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return 0, 0, ctx.Err()
		}
		return 1, 8, fails
	})
	synctest.Wait()
	return lines.String()
}

func TestWhatTheLogTellsOfLongWork(t *testing.T) {
	const of = ` work="betweenness (Brandes)" stakeholders=3 ties=0 elapsed=`
	for _, c := range []struct {
		name    string
		lasts   time.Duration
		patient time.Duration
		level   slog.Level
		fails   error
		want    string
	}{
		{"short work", 900 * time.Millisecond, time.Hour, slog.LevelInfo, nil, ""},
		{"short work, when one wants to know all", 900 * time.Millisecond, time.Hour, slog.LevelDebug, nil,
			`level=DEBUG msg="analysis: done"` + of + "900ms\n"},
		{"long work", 12 * time.Second, time.Hour, slog.LevelInfo, nil,
			`level=INFO msg="analysis: at work"` + of + "1s\n" + `level=INFO msg="analysis: at work"` + of + "11s\n" + `level=INFO msg="analysis: done"` + of + "12s\n"},
		{"long work that fails", 2 * time.Second, time.Hour, slog.LevelInfo, errors.New("架空 花子"),
			`level=INFO msg="analysis: at work"` + of + "1s\n" + `level=INFO msg="analysis: failed"` + of + "2s code=INTERNAL\n"},
		{"work nobody waits for", time.Hour, 5 * time.Second, slog.LevelInfo, nil,
			`level=INFO msg="analysis: at work"` + of + "1s\n" + `level=INFO msg="analysis: given up, nobody waits for it"` + of + "5s\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), c.patient)
				defer cancel()
				if got := logged(t, ctx, c.level, c.lasts, c.fails); got != c.want {
					t.Errorf("\n%s, want\n%s", got, c.want)
				}
			})
		})
	}
}

func TestTheLogOfABigNetworkSaysHowFarTheWorkHasCome(t *testing.T) {
	var lines bytes.Buffer
	q := &Question{Log: slog.New(slog.NewTextHandler(&lines, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	ring := &loaded{}
	for i := range int32(500) {
		ring.ids = append(ring.ids, network.ID(strings.Repeat("x", int(i)+1)))
		ring.lines = append(ring.lines, line{a: i, b: (i + 1) % 500, strength: 1})
	}
	q.Ctx, q.Kept = t.Context(), memo.New(1<<20)
	v, err := q.view(plan.Part{}, ring, Mode{})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"BETWEENNESS", "CLOSENESS", "CONSTRAINT"} {
		lines.Reset()
		if _, err := v.measure(name, counting{}); err != nil {
			t.Fatal(err)
		}
		if got := lines.String(); !strings.Contains(got, "done=500 of=500") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
