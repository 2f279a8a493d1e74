package network

// Span is the valid time of a record. It holds at d iff
// From.Earliest() <= d < Stop():
//
//   - no From and an unknown From hold from ever;
//   - no Until is open-ended, and an unknown Until still holds, but see
//     [Span.Uncertain];
//   - Until to the day is exclusive: the last day is the one before;
//   - a coarser Until means "ended on an unknown day of that period", so the
//     record may hold through the period's last day and Stop is its End.
type Span struct{ From, Until PartialDate }

// Start is the first day the record may hold, MinDate for "from ever".
func (s Span) Start() Date { return s.From.Earliest() }

// Stop is the first day it no longer holds, MaxDate for "no end".
func (s Span) Stop() Date {
	if s.Until.precision == PrecisionDay {
		return s.Until.start
	}
	return s.Until.End()
}

// Holds reports whether the record holds, or may hold, on the day.
func (s Span) Holds(d Date) bool { return s.Start() <= d && d < s.Stop() }

// Overlaps reports whether the record holds on some day of the range.
func (s Span) Overlaps(r DateRange) bool {
	return max(s.Start(), r.From) < min(s.Stop(), r.Until)
}

// Uncertain reports that the record holds at d but may in truth not: d lies in
// the period in which it began or ended on an unknown day, or Until is
// unknown. An unknown From does not count.
func (s Span) Uncertain(d Date) bool {
	if !s.Holds(d) {
		return false
	}
	return s.Until.precision == PrecisionUnknown ||
		s.From.coarse() && d < s.From.End() ||
		s.Until.coarse() && d >= s.Until.start
}

// Check is an InvalidDate error when no day lies between start and stop, nil
// otherwise.
func (s Span) Check() *Error {
	if s.Stop() > s.Start() {
		return nil
	}
	return Errorf(InvalidDate, "it ends (%s) before it begins (%s)", s.Until.Text(), s.From.Text())
}

// DateRange is a half-open range of days: From <= d < Until. It is empty when
// Until is not after From, as in the zero value; for no bounds use [AllTime].
type DateRange struct{ From, Until Date }

// AllTime is the range without bounds; replace From or Until to set one.
func AllTime() DateRange { return DateRange{MinDate, MaxDate} }

// InclusiveEnd turns an end as people write it in a file, the last day, into
// the Until of a [Span], the day after. A coarser date stays as it is, and so
// does 9999-12-31, which many a register writes for "no end".
func InclusiveEnd(p PartialDate) PartialDate {
	if p.precision == PrecisionDay {
		p.start = p.start.AddDays(1)
	}
	return p
}

// ExclusiveToInclusive is the way back from the Until of a [Span] to the last
// day.
func ExclusiveToInclusive(p PartialDate) PartialDate {
	if p.precision == PrecisionDay && p.start != MaxDate {
		p.start = p.start.AddDays(-1)
	}
	return p
}
