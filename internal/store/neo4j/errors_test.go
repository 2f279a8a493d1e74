package neo4j

import (
	"context"
	_ "embed"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/network"
)

// serverCodes are all that Neo4j 5.26 can give, from its enum of them (Status).
//
//go:embed testdata/codes.txt
var serverCodes string

// wanted says what each code that is not a fault of ours means to a user: whole
// codes, and beginnings of codes that end in a dot or a star.
var wanted = map[string]network.ErrorCode{
	"Neo.ClientError.Schema.ConstraintValidationFailed":             network.Conflict,
	"Neo.TransientError.Transaction.DeadlockDetected":               network.Conflict,
	"Neo.TransientError.Transaction.LockAcquisitionTimeout":         network.Conflict,
	"Neo.TransientError.General.OutOfMemoryError":                   network.ResourceExhausted,
	"Neo.TransientError.General.MemoryPoolOutOfMemoryError":         network.ResourceExhausted,
	"Neo.TransientError.General.TransactionMemoryLimit":             network.ResourceExhausted,
	"Neo.TransientError.General.StackOverFlowError":                 network.ResourceExhausted,
	"Neo.TransientError.Transaction.MaximumTransactionLimitReached": network.ResourceExhausted,
	"Neo.TransientError.Request.NoThreadsAvailable":                 network.ResourceExhausted,
	"Neo.TransientError.Request.ResourceExhaustion":                 network.ResourceExhausted,
	"Neo.ClientError.General.TransactionOutOfMemoryError":           network.TooLarge,
	"Neo.ClientError.Transaction.TransactionTimedOut*":              network.Timeout,
	"Neo.ClientError.Procedure.ProcedureTimedOut":                   network.Timeout,
	"Neo.TransientError.Statement.ExecutionTimeout":                 network.Timeout,

	"Neo.ClientError.Cluster.*":                             network.Unavailable,
	"Neo.ClientError.Routing.*":                             network.Unavailable,
	"Neo.ClientError.Security.*":                            network.Unavailable,
	"Neo.ClientError.Database.DatabaseNotFound":             network.Unavailable,
	"Neo.ClientError.Fabric.AccessMode":                     network.Unavailable,
	"Neo.ClientError.Statement.AccessMode":                  network.Unavailable,
	"Neo.ClientError.General.ForbiddenOnReadOnlyDatabase":   network.Unavailable,
	"Neo.ClientError.General.WriteOnReadOnlyAccessDatabase": network.Unavailable,
	"Neo.ClientError.Transaction.Terminated":                network.Unavailable,
	"Neo.ClientError.Transaction.LockClientStopped":         network.Unavailable,
	"Neo.DatabaseError.Transaction.*":                       network.Unavailable,
	"Neo.DatabaseError.Database.*":                          network.Unavailable,
	"Neo.DatabaseError.General.StorageDamageDetected":       network.Unavailable,
	"Neo.DatabaseError.General.IndexCorruptionDetected":     network.Unavailable,
	"Neo.TransientError.*":                                  network.Unavailable,
}

// wantedFor is the entry that says most of the code.
func wantedFor(code string) network.ErrorCode {
	best, class := "", network.Internal
	for pattern, c := range wanted {
		prefix, open := strings.CutSuffix(pattern, "*")
		if (code == pattern || open && strings.HasPrefix(code, prefix)) && len(pattern) > len(best) {
			best, class = pattern, c
		}
	}
	return class
}

func TestWhatDoesEachCodeOfTheServerMean(t *testing.T) {
	seen := 0
	for code := range strings.Lines(serverCodes) {
		code = strings.TrimSpace(code)
		seen++
		shown := ofServer(code)
		if want := wantedFor(code); shown.Code != want {
			t.Errorf("%s is %s, want %s", code, shown.Code, want)
		}
		if shown.Message == "" {
			t.Errorf("%s says nothing", code)
		}
		if err := failure(context.Background(), &driver.Neo4jError{Code: code, Msg: "架空 花子"}); network.CodeOf(err) != shown.Code {
			t.Errorf("%s: %v", code, err)
		}
		if strings.Contains(shown.Message, "花子") {
			t.Errorf("%s: the user is shown what the server wrote", code)
		}
	}
	if seen < 100 {
		t.Errorf("%d codes", seen)
	}
}

func TestWhatDoErrorsWithoutACodeMean(t *testing.T) {
	late, cancel := context.WithTimeout(context.Background(), time.Nanosecond)
	defer cancel()
	<-late.Done()
	nearly, cancel := context.WithTimeout(context.Background(), timeoutMargin)
	defer cancel()
	locked := &driver.Neo4jError{Code: codeLockStopped}
	for _, tc := range []struct {
		name string
		ctx  context.Context
		err  error
		want network.ErrorCode
	}{
		{"a broken connection", context.Background(), &driver.ConnectivityError{Inner: io.EOF}, network.Unavailable},
		{"the driver tried for long", context.Background(), &driver.TransactionExecutionLimit{Errors: []error{io.EOF, &driver.Neo4jError{Code: "Neo.TransientError.Transaction.DeadlockDetected"}}}, network.Conflict},
		{"the driver tried in vain", context.Background(), &driver.TransactionExecutionLimit{Errors: []error{&driver.ConnectivityError{Inner: io.EOF}}}, network.Unavailable},
		{"a token that expired", context.Background(), &driver.TokenExpiredError{Code: "Neo.ClientError.Security.TokenExpired"}, network.Unavailable},
		{"a wrong use", context.Background(), &driver.UsageError{Message: "x"}, network.Internal},
		{"our own", context.Background(), network.Errorf(network.NotFound, "x"), network.NotFound},
		{"any, when the deadline has passed", late, io.EOF, network.Timeout},
		{"ended while it waited, at the deadline", nearly, locked, network.Timeout},
		{"ended while it waited, long before", context.Background(), locked, network.Unavailable},
	} {
		if got := network.CodeOf(failure(tc.ctx, tc.err)); got != tc.want {
			t.Errorf("%s is %s, want %s", tc.name, got, tc.want)
		}
	}
	ended, stop := context.WithCancel(context.Background())
	stop()
	if err := failure(ended, io.EOF); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who went away: %v", err)
	}
}
