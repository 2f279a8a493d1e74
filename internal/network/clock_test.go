package network

import (
	"testing"
	"time"
)

func TestTodayIsTheDayInTokyo(t *testing.T) {
	for at, want := range map[time.Time]string{
		time.Date(2024, 1, 31, 14, 59, 59, 0, time.UTC): "2024-01-31",
		time.Date(2024, 1, 31, 15, 0, 0, 0, time.UTC):   "2024-02-01",
		time.Date(2024, 2, 1, 0, 0, 0, 0, Tokyo):        "2024-02-01",
	} {
		if got := Today(FixedClock(at)); got.String() != want {
			t.Errorf("%s is %s in Tokyo, want %s", at, got, want)
		}
	}
}

func TestSystemClock(t *testing.T) {
	before := time.Now()
	now := SystemClock().Now()
	if now.Before(before.Truncate(0).Add(-time.Second)) || now.Location() != Tokyo {
		t.Error(now)
	}
}
