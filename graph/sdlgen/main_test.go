package main

import (
	"os"
	"testing"
)

func TestTheCommittedSchemaIsWhatTheRegistryMakes(t *testing.T) {
	want, err := os.ReadFile("../schema/kinds.graphqls")
	if err != nil {
		t.Fatal(err)
	}
	g := &generator{}
	g.all()
	if g.out.String() != string(want) {
		t.Error("graph/schema/kinds.graphqls is not what the registry makes: run `make generate`")
	}
}
