package network

import "time"

// Tokyo is Japan Standard Time, UTC+9 without summer time.
var Tokyo = time.FixedZone("JST", 9*60*60)

// Clock tells the time. It is injected, so that tests and the sample map can
// choose their day.
type Clock interface {
	Now() time.Time
}

// SystemClock is the machine's clock, in Tokyo time.
func SystemClock() Clock { return systemClock{} }

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now().In(Tokyo) }

// FixedClock always says t.
func FixedClock(t time.Time) Clock { return fixedClock{t} }

type fixedClock struct{ t time.Time }

func (c fixedClock) Now() time.Time { return c.t }

// Today is the calendar day in Tokyo.
func Today(c Clock) Date { return DateOf(c.Now().In(Tokyo)) }
