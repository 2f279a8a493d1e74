package network

import (
	"fmt"
	"slices"
)

// Visibility says who may read a record. The values are ordered from open to
// closed.
type Visibility uint8

// The levels of visibility with the least role that reads them.
const (
	Public       Visibility = iota // everybody
	Members                        // analyst
	Coordinators                   // coordinator
	Restricted                     // admin
)

var visibilityNames = []string{"PUBLIC", "MEMBERS", "COORDINATORS", "RESTRICTED"}

// String is PUBLIC, MEMBERS, COORDINATORS or RESTRICTED.
func (v Visibility) String() string { return nameAt(visibilityNames, "Visibility", uint8(v)) }

// ParseVisibility reads what String gives; an InvalidValue error otherwise.
func ParseVisibility(s string) (Visibility, error) {
	i := slices.Index(visibilityNames, s)
	if i < 0 {
		return 0, Errorf(InvalidValue, "this is no visibility; use one of %v", visibilityNames)
	}
	return Visibility(i), nil
}

// Role is what a viewer may do. Each role may do all that the ones before it
// may.
type Role uint8

// The roles. The zero value is the least.
const (
	RoleViewer Role = iota
	RoleAnalyst
	RoleCoordinator
	RoleAdmin
)

var roleNames = []string{"VIEWER", "ANALYST", "COORDINATOR", "ADMIN"}

// String is VIEWER, ANALYST, COORDINATOR or ADMIN.
func (r Role) String() string { return nameAt(roleNames, "Role", uint8(r)) }

// ParseRole reads what String gives; an InvalidValue error otherwise.
func ParseRole(s string) (Role, error) {
	i := slices.Index(roleNames, s)
	if i < 0 {
		return 0, Errorf(InvalidValue, "this is no role; use one of %v", roleNames)
	}
	return Role(i), nil
}

func nameAt(names []string, typ string, i uint8) string {
	if int(i) < len(names) {
		return names[i]
	}
	return fmt.Sprintf("%s(%d)", typ, i)
}

// Viewer is on whose behalf something is read or written. The zero value reads
// what is public.
type Viewer struct {
	Role Role
	// Actor is an opaque id written to the change log.
	Actor string
	// Organizations are those whose records the viewer may edit, whatever the
	// role: see [Kind].OwnedBy. They do not make more readable.
	Organizations []ID
}

// Admin is a viewer that sees everything: open mode, import, set-up.
func Admin(actor string) Viewer { return Viewer{Role: RoleAdmin, Actor: actor} }

// Sees reports whether records of the visibility may be read. A visibility or
// role that does not exist is not let through.
func (v Viewer) Sees(x Visibility) bool { return x <= v.Clearance() }

// Clearance is the most closed visibility that may be read.
func (v Viewer) Clearance() Visibility {
	switch v.Role {
	case RoleAnalyst:
		return Members
	case RoleCoordinator:
		return Coordinators
	case RoleAdmin:
		return Restricted
	}
	return Public
}

// ReadsPersonal reports whether fields marked personal in the registry may be
// read, filtered, sorted and grouped by: coordinator and above.
func (v Viewer) ReadsPersonal() bool { return v.Clearance() >= Coordinators }

// Reads reports whether the field may be read, filtered, sorted and grouped by,
// in a record that may be read.
func (v Viewer) Reads(f *Field) bool {
	return (!f.Personal || v.ReadsPersonal()) && (!f.Whole || v.Clearance() >= Restricted)
}

// Writes reports whether every record that can be read may be changed too:
// coordinator and above.
func (v Viewer) Writes() bool { return v.Clearance() >= Coordinators }

// EditsFor reports whether the records of an organisation may be changed.
func (v Viewer) EditsFor(organization ID) bool {
	return v.Writes() || slices.Contains(v.Organizations, organization)
}
