// Command musubi serves the stakeholder network map, and moves data in and out
// of it. Run `musubi --help`.
package main

import (
	"os"

	"github.com/musubi-map/musubi/internal/cli"
)

func main() { os.Exit(cli.Run(os.Args[1:], os.Stdout, os.Stderr)) }
