package neo4jserver

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
)

const (
	// askEvery is how often a starting server is asked whether it is there.
	askEvery = 50 * time.Millisecond
	// askTimeout bounds one such question.
	askTimeout = 10 * time.Second

	unauthorized = "Neo.ClientError.Security.Unauthorized"
)

var errExited = errors.New("the process ended")

// awaitBolt returns when the server has answered a query, its process has ended
// or ctx has.
func (s *Server) awaitBolt(ctx context.Context) error {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		err := s.ask(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.done:
			return errExited
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-tick.C:
		}
	}
}

// ask runs a query, as the account that Options asks for.
func (s *Server) ask(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	password := s.options.Password
	if password == "" {
		return s.run(ctx, neo4j.NoAuth(), "neo4j", "RETURN 1", nil)
	}
	err := s.run(ctx, neo4j.BasicAuth(User, password, ""), "neo4j", "RETURN 1", nil)
	var refused *neo4j.Neo4jError
	if !errors.As(err, &refused) || refused.Code != unauthorized {
		return err
	}
	// A new server has the password "neo4j" and lets it do nothing but this.
	return s.run(ctx, neo4j.BasicAuth(User, "neo4j", ""), "system",
		"ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new", map[string]any{"new": password})
}

// run opens a connection of its own, so that a failed one teaches nothing to
// the next, and runs one statement.
func (s *Server) run(ctx context.Context, auth neo4j.AuthToken, database, query string, params map[string]any) error {
	driver, err := neo4j.NewDriverWithContext(s.URI(), auth, func(c *config.Config) {
		c.TelemetryDisabled = true
	})
	if err != nil {
		return fmt.Errorf("driver: %w", err)
	}
	defer func() { _ = driver.Close(ctx) }()
	session := driver.NewSession(ctx, neo4j.SessionConfig{DatabaseName: database})
	defer func() { _ = session.Close(ctx) }()
	result, err := session.Run(ctx, query, params)
	if err != nil {
		return err
	}
	_, err = result.Consume(ctx)
	return err
}
