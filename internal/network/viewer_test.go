package network

import "testing"

func TestViewerSees(t *testing.T) {
	for _, tc := range []struct {
		role      Role
		clearance Visibility
		personal  bool
	}{
		{RoleViewer, Public, false}, {RoleAnalyst, Members, false}, {RoleCoordinator, Coordinators, true}, {RoleAdmin, Restricted, true},
		{Role(9), Public, false},
	} {
		v := Viewer{Role: tc.role}
		if v.Clearance() != tc.clearance || v.ReadsPersonal() != tc.personal {
			t.Errorf("%s: clearance %s, personal %v", tc.role, v.Clearance(), v.ReadsPersonal())
		}
		for x := range Restricted + 3 {
			if v.Sees(x) != (x <= tc.clearance) {
				t.Errorf("%s sees %s: %v", tc.role, x, v.Sees(x))
			}
		}
	}
	if v := Admin("import"); v.Role != RoleAdmin || v.Actor != "import" {
		t.Error(v)
	}
}

func TestVisibilityAndRoleNames(t *testing.T) {
	for i, name := range []string{"PUBLIC", "MEMBERS", "COORDINATORS", "RESTRICTED"} {
		if v, err := ParseVisibility(name); err != nil || v != Visibility(i) || v.String() != name {
			t.Errorf("%s = %s, %v", name, v, err)
		}
	}
	for i, name := range []string{"VIEWER", "ANALYST", "COORDINATOR", "ADMIN"} {
		if r, err := ParseRole(name); err != nil || r != Role(i) || r.String() != name {
			t.Errorf("%s = %s, %v", name, r, err)
		}
	}
	for _, s := range []string{"", "public", "SECRET"} {
		if _, err := ParseVisibility(s); CodeOf(err) != InvalidValue {
			t.Errorf("ParseVisibility(%q): %v", s, err)
		}
		if _, err := ParseRole(s); CodeOf(err) != InvalidValue {
			t.Errorf("ParseRole(%q): %v", s, err)
		}
	}
	if Visibility(7).String() != "Visibility(7)" || Role(7).String() != "Role(7)" {
		t.Error("names of values that do not exist")
	}
}
