package limit

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxViewers bounds the viewers whose rate is known.
const maxViewers = 10_000

// Rates counts the requests of each viewer as they come. Allow may be called at
// the same time.
type Rates struct {
	set *Set

	mu      sync.Mutex
	viewers map[key]*rate.Limiter
}

// Rates makes the counts, all of them at rest.
func (s *Set) Rates() *Rates { return &Rates{set: s, viewers: map[key]*rate.Limiter{}} }

// Allow counts one request; the error is an [*Exceeded] with the time after which
// the next is let through.
func (r *Rates) Allow(who Who) error {
	perSecond := r.set.Of(who.Role, Rate)
	if perSecond == 0 {
		return nil
	}
	now := time.Now()
	if l := r.of(who, perSecond, now); l.AllowN(now, 1) {
		return nil
	}
	return &Exceeded{Key: Rate, Allowed: perSecond, RetryAfter: max(time.Second, time.Second/time.Duration(perSecond))}
}

func (r *Rates) of(who Who, perSecond int64, now time.Time) *rate.Limiter {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.viewers[who.key()]
	if l == nil {
		if len(r.viewers) >= maxViewers {
			r.forget(now)
		}
		burst := r.set.Of(who.Role, Burst)
		if burst == 0 {
			burst = perSecond
		}
		l = rate.NewLimiter(rate.Limit(perSecond), int(burst))
		r.viewers[who.key()] = l
	}
	return l
}

// forget drops the one at rest the longest of some taken at random: most often one
// whose count is as good as new.
func (r *Rates) forget(now time.Time) {
	var oldest key
	fullest, looked := -1.0, 0
	for name, l := range r.viewers {
		if rested := l.TokensAt(now) / float64(l.Burst()); rested > fullest {
			oldest, fullest = name, rested
		}
		if looked++; looked == 16 {
			break
		}
	}
	delete(r.viewers, oldest)
}
