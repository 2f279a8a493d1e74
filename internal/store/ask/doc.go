// Package ask makes plans by the names of the registry and reads their rows
// back by name. It is for code that needs records to compute with; what a user
// selects is planned by graph/plan.
//
//	post := ask.Of("Post", "name", "until").One("organization", ask.Of("Organization", "staff"))
//	q := ask.New(viewer, asOf)
//	posts := q.Scan(post)
//	if _, err := q.Run(ctx, s); err != nil { … }
//	for _, p := range posts.Rows() {
//		p.ID(), p.Str("name"), p.One("organization").Int("staff")
//	}
//
// Names that the registry does not have, or that a selection has twice, panic:
// they are written in code.
package ask
