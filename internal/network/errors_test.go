package network

import (
	"errors"
	"fmt"
	"slices"
	"testing"
)

func TestErrorPath(t *testing.T) {
	e := Errorf(InvalidCode, "bad %s", "digit").At("schoolCode")
	if e.Error() != "schoolCode: bad digit" {
		t.Error(e)
	}
	outer := e.At("input", "school")
	if !slices.Equal(outer.Path, []string{"input", "school", "schoolCode"}) || outer.Error() != "input.school.schoolCode: bad digit" {
		t.Error(outer)
	}
	if len(e.Path) != 1 || outer.Code != InvalidCode {
		t.Error("At changed its receiver")
	}
}

func TestCodeOf(t *testing.T) {
	e := Errorf(NotFound, "gone")
	for _, tc := range []struct {
		err  error
		want ErrorCode
	}{
		{nil, ""}, {e, NotFound}, {fmt.Errorf("store: %w", e), NotFound}, {errors.New("disk"), Internal}, {(*Error)(nil), Internal},
		{Errors{e, Errorf(Conflict, "changed")}, NotFound}, {fmt.Errorf("apply: %w", Errors{Errorf(Conflict, "changed"), e}), Conflict},
		{Errors{}, Internal}, {Errors{}.Err(), ""}, {Errors(nil).Err(), ""},
	} {
		if got := CodeOf(tc.err); got != tc.want {
			t.Errorf("CodeOf(%#v) = %s, want %s", tc.err, got, tc.want)
		}
	}
}

func TestErrors(t *testing.T) {
	es := Errors{Errorf(Required, "missing").At("label"), Errorf(InvalidDate, "no such day")}
	if es.Err().Error() != "label: missing; no such day" {
		t.Error(es.Err())
	}
	if !errors.Is(es.Err(), es[1]) || len(es.Unwrap()) != 2 {
		t.Error("the second error is not found")
	}
}
