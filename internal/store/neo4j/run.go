package neo4j

import (
	"context"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/store"
)

const (
	// readAttempts bounds how often a read is sent; the first pauses follow.
	readAttempts = 4
	firstPause   = 50 * time.Millisecond
	// timeoutMargin is how much earlier than the caller the server gives up.
	timeoutMargin = 20 * time.Millisecond
	// longest is for callers without a deadline: a connection that has gone dead
	// without a word would be waited for otherwise.
	longest = 10 * time.Minute
)

// read runs a statement that gives one row with one list.
func (s *Store) read(ctx context.Context, operation, text string, params map[string]any) ([]any, error) {
	var answer []any
	err := s.readRows(ctx, operation, text, params, func() func([]any) {
		return func(row []any) { answer = row }
	})
	return answer, err
}

// readRows runs a statement whose rows, one at least, have one list each. begin
// is called each time the statement is sent and gives what takes its rows as
// they come. The server answers an auto-commit statement faster than a
// transaction; the driver does not repeat these, so this does.
func (s *Store) readRows(ctx context.Context, operation, text string, params map[string]any, begin func() func(row []any)) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	if err := s.ready(ctx); err != nil {
		return err
	}
	var err error
	for attempt := range readAttempts {
		if attempt > 0 && !store.Pause(ctx, firstPause<<attempt) {
			break
		}
		if err = s.readOnce(ctx, operation, text, params, begin()); err == nil {
			return nil
		}
		if ctx.Err() != nil || !driver.IsRetryable(err) || outOfMemory(err) && attempt > 0 {
			break
		}
		s.log.DebugContext(ctx, "neo4j: a read is repeated", "operation", operation, "error", err)
	}
	return failure(ctx, err)
}

func (s *Store) readOnce(ctx context.Context, operation, text string, params map[string]any, take func(row []any)) (err error) {
	ctx, end := s.told(ctx, operation)
	defer func() { end(err) }()
	session := s.session(ctx, driver.AccessModeRead)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	result, err := session.Run(ctx, text, params, limits(ctx, operation)...)
	if err != nil {
		return err
	}
	for result.Next(ctx) {
		row, _ := result.Record().Values[0].([]any)
		take(row)
	}
	if err := result.Err(); err != nil {
		return err
	}
	if noticed != nil {
		notice(ctx, text, result)
	}
	return nil
}

// inWriteTransaction runs do in a transaction, again as long as the driver says that it
// may come through the next time.
func (s *Store) inWriteTransaction(ctx context.Context, operation string, do func(context.Context, driver.ManagedTransaction) error) error {
	ctx, cancel := bounded(ctx)
	defer cancel()
	if err := s.ready(ctx); err != nil {
		return err
	}
	session := s.session(ctx, driver.AccessModeWrite)
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	_, err := session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) { return nil, do(ctx, tx) }, limits(ctx, operation)...)
	return failure(ctx, err)
}

func (s *Store) session(ctx context.Context, mode driver.AccessMode) driver.SessionWithContext {
	return s.driver.NewSession(ctx, driver.SessionConfig{
		AccessMode: mode, DatabaseName: s.database, BookmarkManager: s.driver.ExecuteQueryBookmarkManager(),
	})
}

// bounded gives a context without a deadline one.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, longest)
}

// limits name the transaction in the server's lists and let it end before the
// caller's deadline.
func limits(ctx context.Context, operation string) []func(*driver.TransactionConfig) {
	about := map[string]any{"app": "musubi", "operation": operation}
	if id := store.RequestOf(ctx); id != "" {
		about["request"] = id
	}
	out := []func(*driver.TransactionConfig){driver.WithTxMetadata(about)}
	if deadline, ok := ctx.Deadline(); ok {
		// Less than a millisecond would be rounded to none, no limit at all.
		out = append(out, driver.WithTxTimeout(max(time.Until(deadline)-timeoutMargin, time.Millisecond)))
	}
	return out
}

func notice(ctx context.Context, text string, result driver.ResultWithContext) {
	summary, err := result.Consume(ctx)
	if err != nil {
		return
	}
	noticed(text, summary.Notifications())
}
