package neo4j

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
)

// Codes of the server that this package tells apart. The driver calls two of
// them ClientError that the server calls TransientError.
const (
	codeConstraint   = "Neo.ClientError.Schema.ConstraintValidationFailed"
	codeTerminated   = "Neo.ClientError.Transaction.Terminated"
	codeLockStopped  = "Neo.ClientError.Transaction.LockClientStopped"
	codeMemory       = "Neo.TransientError.General.OutOfMemoryError"
	codeMemoryPool   = "Neo.TransientError.General.MemoryPoolOutOfMemoryError"
	codeMemoryLimit  = "Neo.TransientError.General.TransactionMemoryLimit"
	codeProcedure    = "Neo.ClientError.Procedure.ProcedureCallFailed"
	codeStack        = "Neo.TransientError.General.StackOverFlowError"
	prefixTimedOut   = "Neo.ClientError.Transaction.TransactionTimedOut"
	prefixTransient  = "Neo.TransientError."
	prefixSecurity   = "Neo.ClientError.Security."
	prefixCluster    = "Neo.ClientError.Cluster."
	prefixRouting    = "Neo.ClientError.Routing."
	prefixLost       = "Neo.DatabaseError.Transaction."
	prefixNoDatabase = "Neo.DatabaseError.Database."
)

// classes are the codes that are not as their prefix.
var classes = map[string]network.ErrorCode{
	codeConstraint: network.Conflict,
	"Neo.TransientError.Transaction.DeadlockDetected":       network.Conflict,
	"Neo.TransientError.Transaction.LockAcquisitionTimeout": network.Conflict,

	codeMemory: network.ResourceExhausted, codeMemoryPool: network.ResourceExhausted,
	codeMemoryLimit: network.ResourceExhausted, codeStack: network.ResourceExhausted,
	"Neo.TransientError.Transaction.MaximumTransactionLimitReached": network.ResourceExhausted,
	"Neo.TransientError.Request.NoThreadsAvailable":                 network.ResourceExhausted,
	"Neo.TransientError.Request.ResourceExhaustion":                 network.ResourceExhausted,
	"Neo.ClientError.General.TransactionOutOfMemoryError":           network.TooLarge,

	"Neo.TransientError.Statement.ExecutionTimeout": network.Timeout,
	"Neo.ClientError.Procedure.ProcedureTimedOut":   network.Timeout,

	codeTerminated: network.Unavailable, codeLockStopped: network.Unavailable,
	"Neo.ClientError.Database.DatabaseNotFound":         network.Unavailable,
	"Neo.DatabaseError.General.StorageDamageDetected":   network.Unavailable,
	"Neo.DatabaseError.General.IndexCorruptionDetected": network.Unavailable,
}

// readOnly are the codes of a server that takes no writes: a follower in a
// cluster, or a database that was set to it.
var readOnly = map[string]bool{
	"Neo.ClientError.Cluster.NotALeader":                    true,
	"Neo.ClientError.General.ForbiddenOnReadOnlyDatabase":   true,
	"Neo.ClientError.General.WriteOnReadOnlyAccessDatabase": true,
	"Neo.ClientError.Statement.AccessMode":                  true,
	"Neo.ClientError.Fabric.AccessMode":                     true,
}

// failed is an error of the store with its cause, which is for the log only.
type failed struct {
	shown *network.Error
	cause error
}

func (e *failed) Error() string { return e.shown.Error() + ": " + e.cause.Error() }

func (e *failed) Unwrap() []error { return []error{e.shown, e.cause} }

// failure gives an error of the driver the code that callers understand.
func failure(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	var own *network.Error
	if errors.As(err, &own) {
		return own
	}
	switch ended := ctx.Err(); {
	case errors.Is(ended, context.DeadlineExceeded):
		return network.Errorf(network.Timeout, "the time limit passed")
	case ended != nil:
		return ended
	}
	if code := serverCode(err); (code == codeTerminated || code == codeLockStopped) && overdue(ctx) {
		return &failed{ofServer(prefixTimedOut), err}
	}
	return &failed{ofDriver(err), err}
}

// overdue tells whether the server has given up on the caller's deadline.
func overdue(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) < 2*timeoutMargin
}

func ofDriver(err error) *network.Error {
	if code := serverCode(err); code != "" {
		return ofServer(code)
	}
	if _, ok := errors.AsType[*driver.UsageError](last(err)); ok {
		return network.Errorf(network.Internal, "the Neo4j driver was used wrongly")
	}
	return network.Errorf(network.Unavailable, "the Neo4j server cannot be reached; try again")
}

// last is the error of the last attempt.
func last(err error) error {
	if limit, ok := errors.AsType[*driver.TransactionExecutionLimit](err); ok && len(limit.Errors) > 0 {
		return limit.Errors[len(limit.Errors)-1]
	}
	return err
}

// ofServer says what a code of the server means to the caller.
func ofServer(code string) *network.Error {
	switch class := classOf(code); {
	case readOnly[code]:
		return network.Errorf(class, "the Neo4j server takes no writes now: it is read-only, or another one leads; reading goes on, try the write again later")
	case code == codeTerminated, code == codeLockStopped:
		return network.Errorf(class, "the Neo4j server ended the transaction, nothing was written; try again")
	case strings.HasPrefix(code, prefixSecurity), code == "Neo.ClientError.Database.DatabaseNotFound":
		return network.Errorf(class, "the Neo4j server refuses this program (%s); its operator must put that right", code)
	case class == network.Unavailable && !strings.HasPrefix(code, prefixTransient):
		return network.Errorf(class, "the Neo4j server has a fault of its own (%s); its operator must look at its logs", code)
	case class == network.Internal:
		return network.Errorf(class, "the Neo4j server failed: %s", code)
	default:
		return network.Errorf(class, "%s", sayings[class])
	}
}

var sayings = map[network.ErrorCode]string{
	network.Conflict:          "others are writing the same records; try again",
	network.ResourceExhausted: "the Neo4j server has too much to do; try again later",
	network.TooLarge:          "this is more than the Neo4j server takes at once; ask for less, or write it in parts",
	network.Timeout:           "the time limit passed",
	network.Unavailable:       "the Neo4j server cannot answer now; try again",
}

func classOf(code string) network.ErrorCode {
	if class, ok := classes[code]; ok {
		return class
	}
	switch {
	case strings.HasPrefix(code, prefixTimedOut):
		return network.Timeout
	case readOnly[code]:
		return network.Unavailable
	}
	for _, prefix := range []string{prefixTransient, prefixCluster, prefixRouting, prefixSecurity, prefixLost, prefixNoDatabase} {
		if strings.HasPrefix(code, prefix) {
			return network.Unavailable
		}
	}
	return network.Internal
}

// serverCode is the code the server gave, "" when it gave none.
func serverCode(err error) string {
	err = last(err)
	if e, ok := errors.AsType[*driver.TokenExpiredError](err); ok {
		return e.Code
	}
	if e, ok := errors.AsType[*driver.Neo4jError](err); ok {
		return e.Code
	}
	return ""
}

func outOfMemory(err error) bool {
	switch serverCode(err) {
	case codeMemory, codeMemoryPool, codeMemoryLimit, codeStack:
		return true
	}
	return false
}

func internalf(format string, args ...any) error {
	return network.Errorf(network.Internal, "%s", fmt.Sprintf(format, args...))
}
