package network

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrorCode is the machine-readable class of a user-facing error. The values
// are part of the API: clients branch on them.
type ErrorCode string

// The error codes. A code says what the caller can do about it; the message
// says it to a person.
const (
	InvalidValue      ErrorCode = "INVALID_VALUE"      // malformed text, enum value or combination
	Required          ErrorCode = "REQUIRED"           // a required field is missing or empty
	InvalidCode       ErrorCode = "INVALID_CODE"       // a public code of wrong shape or check digit
	InvalidDate       ErrorCode = "INVALID_DATE"       // no such day, outside its era, or an end before its start
	OutOfRange        ErrorCode = "OUT_OF_RANGE"       // a number or a length beyond its limit
	UnknownField      ErrorCode = "UNKNOWN_FIELD"      // the kind has no such field
	NotFound          ErrorCode = "NOT_FOUND"          // no such record, or none the viewer may see
	TieNotAllowed     ErrorCode = "TIE_NOT_ALLOWED"    // the tie kind does not join these kinds
	Duplicate         ErrorCode = "DUPLICATE"          // a unique value is taken
	Conflict          ErrorCode = "CONFLICT"           // the record changed since it was read
	Forbidden         ErrorCode = "FORBIDDEN"          // the viewer's role does not suffice
	Unauthenticated   ErrorCode = "UNAUTHENTICATED"    // nobody knows who asks: no token, or none that counts
	InvalidCursor     ErrorCode = "INVALID_CURSOR"     // not a cursor of this list and order
	Unavailable       ErrorCode = "UNAVAILABLE"        // the store cannot be reached; try again
	Timeout           ErrorCode = "TIMEOUT"            // the time limit passed; nothing was written
	TooLarge          ErrorCode = "TOO_LARGE"          // the request or its result exceeds a limit
	Internal          ErrorCode = "INTERNAL"           // a fault of ours
	OutcomeUnknown    ErrorCode = "OUTCOME_UNKNOWN"    // the connection broke at commit: it may have been written
	ResourceExhausted ErrorCode = "RESOURCE_EXHAUSTED" // too much at once; try again later
	RateLimited       ErrorCode = "RATE_LIMITED"       // too many requests in too short a time; try again later
)

// Error is an error that may be shown to the user.
type Error struct {
	Code ErrorCode
	// Path leads to the field at fault, for example
	// ["input", "school", "schoolCode"]; empty when no field is.
	Path []string
	// Message is an English sentence for a person, without the path.
	Message string
}

// Error gives the path, joined with dots, and the message:
// "input.schoolCode: message".
func (e *Error) Error() string {
	if len(e.Path) == 0 {
		return e.Message
	}
	return strings.Join(e.Path, ".") + ": " + e.Message
}

// Errorf makes an Error without a path. The format is that of [fmt.Sprintf].
func Errorf(code ErrorCode, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// At returns a copy whose path begins with the given elements: the caller of
// a check says where in its own input the checked value lies.
func (e *Error) At(path ...string) *Error {
	return &Error{Code: e.Code, Path: slices.Concat(path, e.Path), Message: e.Message}
}

// Errors are the faults found in one input, in the order found.
type Errors []*Error

// Error joins the messages with "; ".
func (es Errors) Error() string {
	parts := make([]string, len(es))
	for i, e := range es {
		parts[i] = e.Error()
	}
	return strings.Join(parts, "; ")
}

// Unwrap gives the single errors to [errors.Is] and [errors.As].
func (es Errors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}

// Err is es as an error, nil when empty. Return it instead of es itself: an
// empty Errors in an error interface is not nil.
func (es Errors) Err() error {
	if len(es) == 0 {
		return nil
	}
	return es
}

// CodeOf is the code of the first [*Error] in err's tree, Internal when there
// is none, and "" for nil.
func CodeOf(err error) ErrorCode {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) && e != nil {
		return e.Code
	}
	return Internal
}
