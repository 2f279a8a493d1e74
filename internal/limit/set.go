package limit

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/musubi-map/musubi/internal/network"
)

// Set is the values in force. It does not change once it is in use.
type Set struct{ values [keys][4]int64 }

// Usual is the set with the values of the table.
func Usual() *Set {
	s := &Set{}
	for k, e := range table {
		s.values[k] = e.Values
	}
	return s
}

// Of is the limit for a role, in its unit; durations in nanoseconds.
func (s *Set) Of(role network.Role, k Key) int64 {
	return s.values[k][min(role, network.RoleAdmin)]
}

// For is a limit of time for a role.
func (s *Set) For(role network.Role, k Key) time.Duration { return time.Duration(s.Of(role, k)) }

// Most is the largest value of a limit among the roles.
func (s *Set) Most(k Key) int64 { return slices.Max(s.values[k][:]) }

// Longest is the largest value of a limit of time among the roles.
func (s *Set) Longest(k Key) time.Duration { return time.Duration(s.Most(k)) }

// Assign sets a limit by its name from text: one value for every role, or values
// for viewers, analysts, coordinators and administrators with / between them,
// where roles that are not named take the last: "tokens", "2000/8000". Bytes take
// KiB and MiB, times are as in Go: "250ms", "30s".
func (s *Set) Assign(name, text string) error {
	k := slices.IndexFunc(table[:], func(e Entry) bool { return e.Name == name })
	if k < 0 {
		return fmt.Errorf("there is no limit %q; docs/limits.md lists them", name)
	}
	parts := strings.Split(text, "/")
	if len(parts) > 4 {
		return fmt.Errorf("limit %s: give at most four values, for viewers, analysts, coordinators and administrators", name)
	}
	if table[k].Common && len(parts) > 1 {
		return fmt.Errorf("limit %s: it is the same for all roles; give one value", name)
	}
	for i := range s.values[k] {
		v, err := table[k].parse(strings.TrimSpace(parts[min(i, len(parts)-1)]))
		if err != nil {
			return fmt.Errorf("limit %s: %w", name, err)
		}
		s.values[k][i] = v
	}
	return nil
}

// With is the usual set with some limits assigned, as name and text by turns; it
// panics where Assign gives an error.
func With(pairs ...string) *Set {
	s := Usual()
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := s.Assign(pairs[i], pairs[i+1]); err != nil {
			panic(err)
		}
	}
	return s
}

func (e Entry) parse(text string) (int64, error) {
	v, err := e.read(text)
	switch {
	case err != nil:
		return 0, fmt.Errorf("%q is not %s", text, e.wanted())
	case v < 0, v == 0 && e.Zero == "":
		return 0, fmt.Errorf("%q is too small", text)
	}
	return v, nil
}

func (e Entry) read(text string) (int64, error) {
	switch e.Unit {
	case Seconds:
		d, err := time.ParseDuration(text)
		return int64(d), err
	case Bytes:
		for suffix, size := range map[string]int64{"KiB": kib, "MiB": mib} {
			if number, ok := strings.CutSuffix(text, suffix); ok {
				n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 63)
				return n * size, err
			}
		}
	}
	return strconv.ParseInt(text, 10, 63)
}

func (e Entry) wanted() string {
	switch e.Unit {
	case Seconds:
		return "a time like 250ms or 30s"
	case Bytes:
		return "a number of bytes like 65536, 64KiB or 1MiB"
	}
	return "a whole number"
}

// Text is a value as Assign reads it.
func (e Entry) Text(v int64) string {
	switch {
	case v == 0 && e.Zero != "":
		return "0"
	case e.Unit == Seconds:
		return time.Duration(v).String()
	case e.Unit == Bytes && v%mib == 0:
		return strconv.FormatInt(v/mib, 10) + "MiB"
	case e.Unit == Bytes && v%kib == 0:
		return strconv.FormatInt(v/kib, 10) + "KiB"
	}
	return strconv.FormatInt(v, 10)
}
