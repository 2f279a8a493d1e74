package neo4j

import (
	"context"
	"errors"
	"fmt"
	"strings"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
)

// Codes of the server that this package tells apart.
const (
	codeConstraint    = "Neo.ClientError.Schema.ConstraintValidationFailed"
	codeDeadlock      = "Neo.TransientError.Transaction.DeadlockDetected"
	codeLockStopped   = "Neo.TransientError.Transaction.LockClientStopped"
	codeMemoryPool    = "Neo.TransientError.General.MemoryPoolOutOfMemoryError"
	codeMemory        = "Neo.TransientError.General.OutOfMemoryError"
	codeTxMemory      = "Neo.TransientError.Transaction.MaximumTransactionLimitReached"
	codeThreads       = "Neo.TransientError.Request.NoThreadsAvailable"
	codeStackOverflow = "Neo.TransientError.General.TransactionMemoryLimit"
	prefixTimedOut    = "Neo.ClientError.Transaction.TransactionTimedOut"
	prefixTransient   = "Neo.TransientError."
	prefixSecurity    = "Neo.ClientError.Security."
	prefixCluster     = "Neo.ClientError.Cluster."
	codeNoDatabase    = "Neo.ClientError.Database.DatabaseNotFound"
)

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
	return &failed{ofDriver(err), err}
}

func ofDriver(err error) *network.Error {
	var limit *driver.TransactionExecutionLimit
	if errors.As(err, &limit) && len(limit.Errors) > 0 {
		err = limit.Errors[len(limit.Errors)-1]
	}
	if code := serverCode(err); code != "" {
		return ofServer(code)
	}
	if _, ok := errors.AsType[*driver.UsageError](err); ok {
		return network.Errorf(network.Internal, "the Neo4j driver was used wrongly")
	}
	return network.Errorf(network.Unavailable, "the Neo4j server cannot be reached")
}

func ofServer(code string) *network.Error {
	switch {
	case code == codeConstraint:
		return network.Errorf(network.Duplicate, "a value that must be unique is taken")
	case code == codeDeadlock, code == codeLockStopped:
		return network.Errorf(network.Conflict, "others are writing the same records; try again")
	case code == codeMemory, code == codeMemoryPool, code == codeTxMemory, code == codeThreads, code == codeStackOverflow:
		return network.Errorf(network.ResourceExhausted, "the Neo4j server has too much to do; try again later")
	case strings.HasPrefix(code, prefixTimedOut):
		return network.Errorf(network.Timeout, "the time limit passed")
	case strings.HasPrefix(code, prefixTransient), strings.HasPrefix(code, prefixCluster):
		return network.Errorf(network.Unavailable, "the Neo4j server cannot answer now; try again")
	case strings.HasPrefix(code, prefixSecurity), code == codeNoDatabase:
		return network.Errorf(network.Unavailable, "the Neo4j server refuses this program: %s", code)
	}
	return network.Errorf(network.Internal, "the Neo4j server failed: %s", code)
}

// serverCode is the code the server gave, "" when it gave none.
func serverCode(err error) string {
	if e, ok := errors.AsType[*driver.Neo4jError](err); ok {
		return e.Code
	}
	if e, ok := errors.AsType[*driver.TokenExpiredError](err); ok {
		return e.Code
	}
	return ""
}

func outOfMemory(err error) bool {
	switch serverCode(err) {
	case codeMemory, codeMemoryPool, codeTxMemory, codeStackOverflow:
		return true
	}
	return false
}

// lostAtCommit tells whether the connection broke, so that nobody knows what
// became of a transaction that was ready to commit.
func lostAtCommit(err error) bool {
	if serverCode(err) != "" {
		return false
	}
	_, lost := errors.AsType[*driver.ConnectivityError](err)
	return lost || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled)
}

func internalf(format string, args ...any) error {
	return network.Errorf(network.Internal, "%s", fmt.Sprintf(format, args...))
}
