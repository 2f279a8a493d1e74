package plan

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/musubi-map/musubi/internal/network"
)

// frame is one run of a template: who asks for what, and the revision of the
// answer while that is written.
type frame struct {
	variables map[string]any
	args      map[string]any // of the root field
	who       Asker
	asOf      network.Date // holds for the whole root field
	// terms and text are what search looks for.
	terms    []string
	ids      []network.ID // that nodes(ids) names
	text     string
	bound    []bound // by slot
	revision int64
}

// bound is what the arguments in one place of the selection say.
type bound struct {
	list   *listArgs
	during *network.DateRange
}

func newFrame(op *graphql.OperationContext, f graphql.CollectedField, who Asker) (*frame, error) {
	fr := &frame{variables: op.Variables, args: f.ArgumentMap(op.Variables), who: who, asOf: who.Today}
	if s, ok := fr.args["asOf"].(string); ok {
		d, err := network.ParseDate(s)
		if err != nil {
			return nil, at(err, "asOf")
		}
		fr.asOf = d
	}
	return fr, nil
}
