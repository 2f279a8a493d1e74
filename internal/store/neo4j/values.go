package neo4j

import (
	"strings"

	"github.com/musubi-map/musubi/internal/network"
)

// The suffixes of the properties that stand beside that of a field.
const (
	textSuffix      = "Text"  // canonical text of a date that is not a day
	foldSuffix      = "Fold"  // folded text, where folding changes it
	extraSuffix     = "Extra" // the rest are lists, parallel to a history
	extraFoldSuffix = "ExtraFold"
	noteSuffix      = "Note"
	fromSuffix      = "From"
	untilSuffix     = "Until"
	fromTextSuffix  = "FromText"
	untilTextSuffix = "UntilText"
	// visibilityDefault is true where no visibility was given.
	visibilityDefault = "visibilityDefault"
	nameHistory       = "names"
	// consentEnds is the first day on which the personal fields are withheld.
	consentEnds = "consentEnds"
)

// value is a field as it is compared and shown on the day of the plan; not for
// links.
func (c *compiler) value(f *network.Field, s scope) string { return c.valueIn(f, s, false) }

// folded is the same, folded for comparing parts of text.
func (c *compiler) folded(f *network.Field, s scope) string { return c.valueIn(f, s, true) }

func (c *compiler) valueIn(f *network.Field, s scope, fold bool) string {
	v := c.givenIn(f, s, fold)
	if shut := withheld(f, s); shut != "" {
		return "CASE WHEN " + shut + " THEN null ELSE " + v + " END"
	}
	return v
}

// givenIn is valueIn whether or not consent to its use has ended.
func (c *compiler) givenIn(f *network.Field, s scope, fold bool) string {
	prop := s.v + "." + f.Name
	switch {
	case s.tie && f.Name == "kind":
		prop = "type(" + s.v + ")"
	case f.Name == "visibility" && !s.isLog():
		prop = "CASE WHEN " + s.v + "." + visibilityDefault + " THEN null ELSE " + prop + " END"
	}
	if fold {
		prop = foldOf(f, s, prop)
	}
	for _, own := range s.having(f) {
		if own.History != "" {
			return c.past(own, s, prop, fold)
		}
	}
	return prop
}

func foldOf(f *network.Field, s scope, prop string) string {
	switch f.Type {
	case network.String, network.Text, network.Code, network.Strings:
		return "coalesce(" + s.v + "." + f.Name + foldSuffix + ", " + prop + ")"
	}
	// IDs, enum values and times are ASCII.
	return "replace(toLower(" + prop + "), '-', 'ー')"
}

// past is the value by the history of the field: that of the entry that holds
// and began last, of several the later one. Without one, a name goes on being
// used, a stage does not.
func (c *compiler) past(f *network.Field, s scope, present string, fold bool) string {
	h := s.v + "." + f.History
	values := h
	switch {
	case f.HistoryPart == 0 && fold:
		values = h + foldSuffix
	case f.HistoryPart == 1 && fold:
		values = h + extraFoldSuffix
	case f.HistoryPart == 1:
		values = h + extraSuffix
	}
	before := "null"
	if f.History == nameHistory {
		before = present
	}
	day := c.asOfParam()
	i, b := c.fresh("i"), c.fresh("b")
	return "CASE WHEN " + h + " IS NULL THEN " + present + " ELSE reduce(" + b + " = [null, " + before + "], " + i +
		" IN range(0, size(" + h + ") - 1) | CASE WHEN " + h + fromSuffix + "[" + i + "] <= " + day +
		" AND " + h + untilSuffix + "[" + i + "] > " + day +
		" AND (" + b + "[0] IS NULL OR " + h + fromSuffix + "[" + i + "] >= " + b + "[0])" +
		" THEN [" + h + fromSuffix + "[" + i + "], CASE " + values + "[" + i + "] WHEN '' THEN null ELSE " + values + "[" + i + "] END]" +
		" ELSE " + b + " END)[1] END"
}

// column is a field as a row has it.
func (c *compiler) column(f *network.Field, s scope) string {
	own := s.having(f)
	if len(own) == 0 {
		return "null"
	}
	switch f.Type {
	case network.Dated:
		return "coalesce(" + s.v + "." + f.Name + textSuffix + ", toString(" + s.v + "." + f.Name + "))"
	case network.Ref:
		if s.tie {
			return endID(f, s)
		}
		t := c.fresh("t")
		return "head(COLLECT { " + c.linkTo(f, s, t) + " RETURN " + t + ".id })"
	case network.Refs:
		return "null"
	case network.RecordID:
		return c.leadingTo(f, s)
	case network.JSON:
		if s.isLog() {
			return c.state(f, s)
		}
	case network.HistoryList:
		h, i := s.v+"."+f.Name, c.fresh("i")
		at := "[" + i + "]"
		return "CASE WHEN " + h + " IS NULL THEN null ELSE [" + i + " IN range(0, size(" + h + ") - 1) | [" +
			strings.Join([]string{h + at, h + extraSuffix + at, h + noteSuffix + at, h + fromTextSuffix + at, h + untilTextSuffix + at}, ", ") + "]] END"
	}
	return c.value(f, s)
}

func endID(f *network.Field, s scope) string {
	if f.Name == "subject" {
		return "startNode(" + s.v + ").id"
	}
	return "endNode(" + s.v + ").id"
}

// linkTo matches the records a link field leads to that the viewer sees.
func (c *compiler) linkTo(f *network.Field, s scope, t string, more ...string) string {
	b := branch{clauses: "MATCH (" + s.v + ")-[:" + s.rels(f) + "]->(" + t + ")"}
	return b.text(append(more, c.sees(t), notWithheld(f, s))...)
}
