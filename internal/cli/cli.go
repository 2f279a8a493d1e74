// Package cli is the command line. It is the only place that picks a store.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/sqlite"
)

type commands struct {
	logFlags
	Serve    serveCommand    `cmd:"" help:"Serve the map as a GraphQL API with its IDE."`
	Import   importCommand   `cmd:"" help:"Read CSV files into the map: all of them or nothing."`
	Export   exportCommand   `cmd:"" help:"Write the network at one revision for Gephi, Kumu, NetworkX, igraph, yEd or Cytoscape."`
	Backup   backupCommand   `cmd:"" help:"Write the map with its history to a file; the server may go on."`
	Restore  restoreCommand  `cmd:"" help:"Read a backup into an empty store of either sort."`
	Erasures erasuresCommand `cmd:"" help:"Write the list of what was erased, ids and times, for a restore of an older backup."`
	Verify   verifyCommand   `cmd:"" help:"Check that a store, or a backup, is whole and consistent."`
	Audit    auditCommand    `cmd:"" help:"Read the audit log of a server, and check that nothing in it was changed."`
	Config   configCommand   `cmd:"" help:"Show the settings that serve would run with, secrets hidden, and where each came from."`
	Health   healthCommand   `cmd:"" help:"Ask the server on this machine whether it is ready; for health checks of containers."`
	Tokens   tokensCommands  `cmd:"" help:"Make, list and revoke the API tokens of a map."`
}

// storeFlags say where the map is kept. With a Neo4j URI that is the store.
type storeFlags struct {
	Data          string `env:"MUSUBI_DATA" default:"musubi.db" help:"File of the embedded store." placeholder:"FILE"`
	Neo4jURI      string `name:"neo4j-uri" env:"MUSUBI_NEO4J_URI" help:"Keep the map in this Neo4j: bolt://, neo4j:// or neo4j+s://." placeholder:"URI"`
	Neo4jUser     string `name:"neo4j-user" env:"MUSUBI_NEO4J_USER" default:"neo4j" help:"User of the Neo4j."`
	Neo4jPassword string `name:"neo4j-password" env:"MUSUBI_NEO4J_PASSWORD" secret:"" help:"Password of the Neo4j; none: no authentication."`
	Neo4jDatabase string `name:"neo4j-database" env:"MUSUBI_NEO4J_DATABASE" default:"neo4j" help:"Database of the Neo4j."`
}

// beside is a file in the directory of the data file.
func (s storeFlags) beside(name string) string { return filepath.Join(filepath.Dir(s.Data), name) }

// openMap is a map with its tokens.
type openMap interface {
	store.Store
	store.TokenStore
}

func (f storeFlags) open(ctx context.Context, log *slog.Logger) (openMap, error) {
	if f.Neo4jURI != "" {
		return f.openNeo4j(ctx, log, nil)
	}
	log.Info("store", "kind", "embedded", "file", f.Data)
	return sqlite.Open(ctx, f.Data, sqlite.Options{})
}

func (f storeFlags) openNeo4j(ctx context.Context, log *slog.Logger, told neo4j.Statement) (*neo4j.Store, error) {
	log.Info("store", "kind", "neo4j")
	return neo4j.Open(ctx, neo4j.Options{URI: f.Neo4jURI, User: f.Neo4jUser, Password: f.Neo4jPassword, Database: f.Neo4jDatabase, Log: log, Statement: told})
}

// inspected is a store opened to be looked at. The embedded one is read from its
// file, beside the server that has it open.
type inspected interface {
	store.Inspector
	Close(ctx context.Context) error
}

// inspect opens the store without changing it, and names its sort.
func (f storeFlags) inspect(a *app) (s inspected, sort string, err error) {
	if f.Neo4jURI != "" {
		s, err = f.openNeo4j(a.ctx, a.log, nil)
		return s, "neo4j", err
	}
	s, err = sqlite.OpenReader(a.ctx, f.Data)
	return s, "embedded", err
}

// app is what a command runs with.
type app struct {
	ctx    context.Context
	in     io.Reader
	out    io.Writer
	errOut io.Writer
	log    *slog.Logger
}

// Run parses the arguments, runs the command and gives the exit code: 0, 1 for a
// failure, 2 for a wrong command line. SIGINT and SIGTERM end it in order.
func Run(args []string, out, errOut io.Writer) int {
	var c commands
	exit := -1
	parser, err := kong.New(&c, kong.Name("musubi"), kong.Description("The stakeholder network map of a co-creation platform."),
		kong.Writers(out, errOut), kong.UsageOnError(), kong.Exit(func(code int) { exit = code }))
	if err != nil {
		panic(err)
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 {
		return exit
	}
	if err != nil {
		fmt.Fprintln(errOut, "musubi:", err)
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	err = parsed.Run(&app{ctx: ctx, in: os.Stdin, out: out, errOut: errOut, log: c.logger(errOut)})
	if err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(errOut, "musubi:", err)
		return 1
	}
	return 0
}
