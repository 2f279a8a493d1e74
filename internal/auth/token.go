package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"regexp"
	"strings"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

const (
	// tokenPrefix lets those who scan for lost secrets know ours.
	tokenPrefix = "musubi_"
	// maxName is how many characters the name of a token may have.
	maxName = 100
	// MaxTokenLife is the longest that an API token may last.
	MaxTokenLife = 366 * 24 * time.Hour
	// maxOrganizations is how many organisations one token may edit for.
	maxOrganizations = 100
)

// tokenShape is prefix, ID and secret: 26 characters of 5 bits, and 52.
var tokenShape = regexp.MustCompile(`^` + tokenPrefix + `([0-9a-v]{26})_[A-Z2-7]{52}$`)

// NewToken makes an API token that lasts for life from now on. shown is what its
// bearer sends, with 256 random bits; it is kept nowhere: the token holds its hash.
// The error is InvalidValue or Required at "name", OutOfRange at "life" (one minute
// to [MaxTokenLife]) or at "organizations" (at most 100).
func NewToken(name string, role network.Role, organizations []network.ID, now time.Time, life time.Duration) (t *store.Token, shown string, err error) {
	name, err = network.CleanText(name, maxName)
	switch {
	case err != nil || strings.ContainsAny(name, "\n\t"):
		return nil, "", network.Errorf(network.InvalidValue, "give a name of at most %d characters on one line", maxName).At("name")
	case name == "":
		return nil, "", network.Errorf(network.Required, "say what the token is for").At("name")
	case life < time.Minute || life > MaxTokenLife:
		return nil, "", network.Errorf(network.OutOfRange, "a token lasts from a minute to %d days", MaxTokenLife/(24*time.Hour)).At("life")
	case len(organizations) > maxOrganizations:
		return nil, "", network.Errorf(network.OutOfRange, "a token edits for at most %d organisations", maxOrganizations).At("organizations")
	}
	id := string(network.NewID())
	shown = tokenPrefix + id + "_" + rand.Text() + rand.Text()
	t = &store.Token{ID: id, Name: name, Hash: hashOf(shown), Role: role, Organizations: organizations, Created: now, Expires: now.Add(life)}
	return t.Clone(), shown, nil
}

// hashOf is what is kept of a token. It needs no salt and no slowness: nobody
// guesses 256 random bits.
func hashOf(shown string) string {
	sum := sha256.Sum256([]byte(shown))
	return hex.EncodeToString(sum[:])
}

// isOf tells, in a time that does not depend on it, whether the token was shown so.
func isOf(t *store.Token, shown string) bool {
	return subtle.ConstantTimeCompare([]byte(t.Hash), []byte(hashOf(shown))) == 1
}

// Standing is Unauthenticated when the token has ended at a time.
func Standing(t *store.Token, at time.Time) error {
	switch {
	case !t.Revoked.IsZero():
		return errRevoked()
	case !at.Before(t.Expires):
		return errExpired()
	}
	return nil
}
