// Package served gives a program a Neo4j of its own, with the store and a bare
// driver on it.
package served

import (
	"context"
	"errors"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"

	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jserver"
)

// Neo4j is a running server.
type Neo4j struct {
	Store  *neo4j.Store
	Driver driver.DriverWithContext
	server *neo4jserver.Server
}

// Start starts a server. Its just-in-time compiler works without restraint: what
// is measured is a server at its best.
func Start(ctx context.Context, o neo4jserver.Options) (*Neo4j, error) {
	o.FullJIT = true
	server, err := neo4jserver.Start(ctx, o)
	if err != nil {
		return nil, err
	}
	n := &Neo4j{server: server}
	if n.Driver, err = driver.NewDriverWithContext(server.URI(), driver.NoAuth()); err == nil {
		n.Store, err = neo4j.Open(ctx, neo4j.Options{URI: server.URI()})
	}
	if err != nil {
		return nil, errors.Join(err, n.Stop(ctx))
	}
	return n, nil
}

// URI is the address of the server.
func (n *Neo4j) URI() string { return n.server.URI() }

// PID is its process.
func (n *Neo4j) PID() int { return n.server.PID() }

// Stop ends the server and all that is connected to it.
func (n *Neo4j) Stop(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var errs []error
	if n.Store != nil {
		errs = append(errs, n.Store.Close(ctx))
	}
	if n.Driver != nil {
		errs = append(errs, n.Driver.Close(ctx))
	}
	return errors.Join(append(errs, n.server.Stop(ctx))...)
}

// Rows runs one statement by the bare driver.
func (n *Neo4j) Rows(ctx context.Context, text string, params map[string]any) ([]*driver.Record, error) {
	session := n.Driver.NewSession(ctx, driver.SessionConfig{DatabaseName: neo4j.DefaultDatabase})
	defer func() { _ = session.Close(context.WithoutCancel(ctx)) }()
	result, err := session.Run(ctx, text, params)
	if err != nil {
		return nil, err
	}
	return result.Collect(ctx)
}
