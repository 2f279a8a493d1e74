package auth

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// viewer is what the claims of a token make of its bearer.
func (v *verifier) viewer(c *claims) (network.Viewer, error) {
	who := network.Viewer{Actor: actorOf(v.Issuer, c.Subject)}
	role, known := v.role(textsIn(c.all, v.RoleClaim))
	switch {
	case known:
		who.Role = role
	case v.Default != nil:
		who.Role = *v.Default
	default:
		return who, network.Errorf(network.Forbidden, "you have no role on this map; ask those who run it for one")
	}
	if v.OrganizationsClaim == "" {
		return who, nil
	}
	for _, text := range textsIn(c.all, v.OrganizationsClaim) {
		if id, err := network.ParseID(text); err == nil {
			who.Organizations = append(who.Organizations, id)
		}
	}
	if len(who.Organizations) > maxOrganizations {
		return who, network.Errorf(network.Forbidden, "the token names more than %d organisations to edit for", maxOrganizations)
	}
	return who, nil
}

// role is the highest that the values mean.
func (v *verifier) role(values []string) (highest network.Role, known bool) {
	for _, value := range values {
		role, means := v.Roles[value]
		if v.Roles == nil {
			r, err := network.ParseRole(strings.ToUpper(value))
			role, means = r, err == nil
		}
		if means {
			highest, known = max(highest, role), true
		}
	}
	return highest, known
}

// textsIn are the texts in a claim: those of a list, or the words of a text, as
// scopes are written. The claim goes by its name, which may have dots in it, else
// by a path.
func textsIn(claims map[string]any, name string) []string {
	value, ok := claims[name]
	for rest := name; !ok; {
		var first string
		var more bool
		if first, rest, more = strings.Cut(rest, "."); !more {
			value = claims[first]
			break
		}
		if claims, more = claims[first].(map[string]any); !more {
			return nil
		}
	}
	switch value := value.(type) {
	case string:
		return strings.Fields(value)
	case []any:
		var out []string
		for _, x := range value {
			if text, isText := x.(string); isText {
				out = append(out, text)
			}
		}
		return out
	}
	return nil
}

// opaque are subjects that cannot be a name: UUIDs and other digits, perhaps behind
// the word for where the user came from ("auth0|5f7c…").
var opaque = regexp.MustCompile(`^([a-z0-9-]{1,32}[|:])?([0-9]{6,64}|[0-9a-f]{16,64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`)

// actorOf is what the log knows a user by: the subject when that is a mere number,
// and otherwise its hash, since it could be a name or an e-mail address.
func actorOf(issuer, subject string) string {
	if opaque.MatchString(subject) {
		return "user:" + subject
	}
	sum := sha256.Sum256([]byte(issuer + "\x00" + subject))
	return "user:~" + hex.EncodeToString(sum[:16])
}
