package neo4j

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/config"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/notifications"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// Times and limits of the driver.
const (
	acquireTimeout  = 5 * time.Second
	retryTime       = 5 * time.Second
	livenessTimeout = 30 * time.Second
	connectTimeout  = 5 * time.Second

	// DefaultDatabase is the one that every server has.
	DefaultDatabase = "neo4j"
)

// Options say where the server is.
type Options struct {
	URI string // bolt://host:7687, neo4j://… for a cluster, neo4j+s://… for Aura
	// User and Password; both empty: no authentication.
	User, Password string
	Database       string       // empty: DefaultDatabase
	Log            *slog.Logger // nil: slog.Default
	Statement      Statement    // nil: nobody is told
}

// Statement is told of each statement, or transaction, that is sent, by the name it
// has in the server's lists, never of its text or values. It gives the context that
// it runs in, and what to call at its end; a repetition is another statement.
type Statement func(ctx context.Context, operation string) (_ context.Context, end func(error))

// Store is the engine. Make it with [Open].
type Store struct {
	driver     driver.DriverWithContext
	database   string
	log        *slog.Logger
	schema     *gate
	statements atomic.Int64
	watch      *watch
	commits    *commits
	told       Statement
}

var _ store.Store = (*Store)(nil)

// Open makes a store. It fails only on options that cannot be right: a server
// that does not answer now may do so later, and until then every method fails
// with Unavailable. The constraints are set up before the first use.
func Open(_ context.Context, o Options) (*Store, error) {
	auth := driver.NoAuth()
	if o.User != "" || o.Password != "" {
		auth = driver.BasicAuth(o.User, o.Password, "")
	}
	d, err := driver.NewDriverWithContext(o.URI, auth, configure)
	if err != nil {
		return nil, network.Errorf(network.InvalidValue, "the address of Neo4j is not usable: %v", err)
	}
	s := &Store{driver: d, database: o.Database, log: o.Log, schema: newGate(), watch: newWatch(), commits: newCommits(), told: o.Statement}
	if s.database == "" {
		s.database = DefaultDatabase
	}
	if s.told == nil {
		s.told = func(ctx context.Context, _ string) (context.Context, func(error)) { return ctx, func(error) {} }
	}
	if s.log == nil {
		s.log = slog.Default()
	}
	return s, nil
}

func configure(c *config.Config) {
	c.ConnectionAcquisitionTimeout = acquireTimeout
	c.MaxTransactionRetryTime = retryTime
	c.ConnectionLivenessCheckTimeout = livenessTimeout
	c.SocketConnectTimeout = connectTimeout
	c.TelemetryDisabled = true
	c.UserAgent = "musubi"
	if noticed == nil {
		c.NotificationsMinSeverity = notifications.DisabledLevel
	}
}

// noticed is told, in tests, of every statement and what the server remarks on it.
var noticed func(statement string, remarks []driver.Notification)

// Statements is how many statements Fetch has sent so far, repetitions after
// an error included.
func (s *Store) Statements() int64 { return s.statements.Load() }

// Explain gives the statement for a plan and its parameters.
func (s *Store) Explain(p *store.Plan) (text string, params map[string]any) {
	st := compile(p)
	return st.text, st.params
}

// Fetch runs a plan as one statement.
func (s *Store) Fetch(ctx context.Context, p *store.Plan) (*store.Result, error) {
	if err := p.Check(); err != nil {
		return nil, err
	}
	st := compile(p)
	var answer []any
	var drawn *drawing
	var revision int64
	read := func() error {
		err := s.readRows(ctx, "fetch", st.text, st.params, func() func([]any) {
			s.statements.Add(1)
			answer, drawn = nil, &drawing{}
			return func(row []any) {
				if isRoots(row) {
					answer = row
					return
				}
				drawn.add(row)
			}
		})
		if err == nil {
			revision, _ = answer[0].(int64)
		}
		return err
	}
	err := s.commits.apart(ctx, read, func(now *commit) bool { return revision >= now.revision || now.writes(p) })
	if err != nil {
		return nil, err
	}
	out := &store.Result{Revision: revision, Values: answer[1:]}
	if p.Network != nil {
		out.Network = drawn.subgraph(p.Network, revision)
	}
	if st.grouped {
		for i, root := range p.Roots {
			out.Values[i] = tally(root, out.Values[i])
		}
	}
	return out, nil
}

// isRoots tells the row with the revision and the roots from those of the network.
func isRoots(row []any) bool {
	if len(row) == 0 {
		return false
	}
	_, is := row[0].(int64)
	return is
}

// Head is the revision of the last commit.
func (s *Store) Head(ctx context.Context) (int64, error) {
	answer, err := s.read(ctx, "head", headMatch+" RETURN [coalesce(head.revision, 0)] AS answer", nil)
	if err != nil {
		return 0, err
	}
	revision, _ := answer[0].(int64)
	return revision, nil
}

// Close gives the connections back.
func (s *Store) Close(ctx context.Context) error {
	s.schema.close()
	s.watch.close()
	if err := s.driver.Close(ctx); err != nil {
		return network.Errorf(network.Internal, "close the driver: %v", err)
	}
	return nil
}
