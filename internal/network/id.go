package network

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"sync"
	"time"
)

// ID names a record for good. It is opaque and does not tell the kind: a
// teacher who gains the licence becomes a CareerConsultant under the same ID.
type ID string

// maxIDLength is the longest ID accepted, in characters.
const maxIDLength = 64

// idEncoding keeps the order of the bytes in the order of the text.
var idEncoding = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

var newest struct {
	sync.Mutex
	// id is the last one given as a 128-bit number: 48 bits of milliseconds
	// since 1970, then 80 random bits.
	hi, lo uint64
}

// NewID makes an ID of 26 lower-case characters. Later ones sort after earlier
// ones, to the millisecond between processes and strictly within one, even when
// the clock is set back. It may be called from several goroutines.
func NewID() ID {
	var b [16]byte
	_, _ = rand.Read(b[6:]) // never fails: it ends the program instead
	newest.Lock()
	defer newest.Unlock()
	if now := uint64(time.Now().UnixMilli()); now > newest.hi>>16 {
		newest.hi = now<<16 | uint64(binary.BigEndian.Uint16(b[6:]))
		newest.lo = binary.BigEndian.Uint64(b[8:])
	} else {
		// A random step up: 32 bits leave the neighbour hard to guess, and a
		// carry runs into the milliseconds after 2^48 IDs.
		before := newest.lo
		newest.lo += 1 + uint64(binary.BigEndian.Uint32(b[8:]))
		if newest.lo < before {
			newest.hi++
		}
	}
	binary.BigEndian.PutUint64(b[:8], newest.hi)
	binary.BigEndian.PutUint64(b[8:], newest.lo)
	return ID(idEncoding.EncodeToString(b[:]))
}

// Distinct gives each ID once, in the order they first come. The argument stays
// as it is, and may be what is returned: neither must be changed.
func Distinct(ids []ID) []ID {
	if len(ids) < 2 {
		return ids
	}
	seen := make(map[ID]bool, len(ids))
	var out []ID
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// ParseID checks the shape of an ID that came from outside: 1 to 64 of the
// characters A-Z a-z 0-9 _ and -. The error is NotFound, since no record can
// have another.
func ParseID(s string) (ID, error) {
	if s == "" || len(s) > maxIDLength {
		return "", errNoSuchID()
	}
	for i := range len(s) {
		c := s[i]
		if !isDigit(c) && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '_' && c != '-' {
			return "", errNoSuchID()
		}
	}
	return ID(s), nil
}

func errNoSuchID() *Error {
	return Errorf(NotFound, "there is no record with this id")
}
