// Package subscriptions holds the published subscriptions, so that the program knows their names.
package subscriptions

import (
	"embed"
	"io/fs"
)

//go:embed *.graphql
var files embed.FS

// Published gives the texts of the documents in the order of their names.
func Published() []string {
	names, err := fs.Glob(files, "*.graphql")
	if err != nil {
		panic(err) // the pattern is ours
	}
	texts := make([]string, len(names))
	for i, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			panic(err) // what is listed is embedded
		}
		texts[i] = string(text)
	}
	return texts
}
