package verifytest

import (
	"strings"
	"testing"

	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/verify"
)

// WantFault wants that a store is found at fault so, by the beginning of what is
// said, and nothing personal said.
func WantFault(t testing.TB, s store.Inspector, want string) {
	t.Helper()
	report, err := verify.Store(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, f := range report.Faults {
		found = found || strings.HasPrefix(f.String(), want)
		if strings.Contains(f.String(), "架空") || strings.Contains(f.String(), "@") {
			t.Errorf("it tells what stands in a field: %s", f)
		}
	}
	if !found {
		t.Errorf("want %s\nfound %v", want, report.Faults)
	}
}
