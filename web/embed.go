// Package web holds what the browser gets: the GraphQL IDE, built by `make web` into dist and embedded here.
//
// The build is not committed. Without it the program still compiles and Files is a single page that says how to build.
package web

import (
	"embed"
	"io/fs"
	"strings"
)

// dist always holds .gitkeep, so that the pattern matches before the first build.
//
//go:embed all:dist
var dist embed.FS

//go:embed placeholder
var placeholder embed.FS

//go:embed csp.txt
var csp string

// Files is the root of the page and its assets: index.html, and with a real build assets/ with hashed names.
func Files() fs.FS {
	if Built() {
		return sub(dist, "dist")
	}
	return sub(placeholder, "placeholder")
}

// Built tells whether a real build is embedded, or only the placeholder.
func Built() bool {
	_, err := fs.Stat(dist, "dist/index.html")
	return err == nil
}

// ContentSecurityPolicy is the policy the page is built for: everything from our own origin, no inline script.
// It is the file that `vite preview` and the smoke test use too.
func ContentSecurityPolicy() string {
	return strings.TrimSpace(csp)
}

func sub(files embed.FS, dir string) fs.FS {
	f, err := fs.Sub(files, dir)
	if err != nil {
		panic(err) // only for an invalid path, and both are constants
	}
	return f
}
