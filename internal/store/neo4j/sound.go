package neo4j

import (
	"context"
	"strings"

	"github.com/musubi-map/musubi/internal/store"
)

// Sound looks for the constraints and indexes of the model, for one head, and at
// how log entries are kept.
func (s *Store) Sound(ctx context.Context, found func(store.Fault)) error {
	if err := s.soundSchema(ctx, found); err != nil {
		return err
	}
	for n, err := range s.stream(ctx, "inspect", "MATCH (h:_Head) RETURN count(h) AS row", nil) {
		if err != nil {
			return err
		}
		if n != int64(1) {
			found(store.Fault{What: "there is not one node :_Head"})
		}
	}
	for props, err := range s.stream(ctx, "inspect", "MATCH (n:"+changeLabel+") RETURN properties(n) AS row", nil) {
		if err != nil {
			return err
		}
		inspectChange(props, found)
	}
	return nil
}

func (s *Store) soundSchema(ctx context.Context, found func(store.Fault)) error {
	there := map[string]bool{}
	for _, text := range []string{
		"SHOW CONSTRAINTS YIELD name RETURN 'CONSTRAINT ' + name AS row",
		"SHOW INDEXES YIELD name, state WHERE state = 'ONLINE' RETURN 'INDEX ' + name AS row",
	} {
		for name, err := range s.stream(ctx, "inspect", text, nil) {
			if err != nil {
				return err
			}
			text, _ := name.(string)
			there[text] = true
		}
	}
	for _, text := range schemaStatements() {
		// CREATE [TEXT|FULLTEXT] INDEX name IF …, CREATE CONSTRAINT name IF …
		before, _, _ := strings.Cut(text, " IF NOT EXISTS")
		words := strings.Fields(before)
		if name := strings.Join(words[len(words)-2:], " "); !there[name] {
			found(store.Fault{What: "the database lacks the " + name + "; serve makes it again once the node :_Schema is deleted"})
		}
	}
	return nil
}

// inspectChange encodes a log entry again.
func inspectChange(v any, found func(store.Fault)) {
	props, _ := v.(map[string]any)
	c, err := decodeChange(v)
	if err != nil {
		revision, _ := props["revision"].(int64)
		found(store.Fault{Revision: revision, What: "the log entry cannot be read"})
		return
	}
	wrong := func(what string) {
		found(store.Fault{Record: c.Record, Revision: c.Revision, Seq: c.Seq, What: what})
	}
	want, err := encodeChange(c)
	if err != nil {
		wrong("the log entry cannot be read")
		return
	}
	delete(props, markProperty)
	if names := differing(want, props); len(names) > 0 {
		wrong("properties of the log entry are not what it says: " + strings.Join(names, ", "))
	}
}
