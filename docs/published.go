// Package docs holds the published questions and subscriptions, so that the program
// knows their names.
package docs

import (
	"embed"
	"io/fs"
)

//go:embed queries/*.graphql subscriptions/*.graphql
var files embed.FS

// Published gives the texts of the documents, in the order of their files.
func Published() []string {
	names, err := fs.Glob(files, "*/*.graphql")
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
