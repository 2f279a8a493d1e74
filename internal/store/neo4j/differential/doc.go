// Package differential has tests only: the Neo4j engine against the memory
// engine on random maps and plans. They are a package of their own because they
// run on a server of their own, on which a statement is planned once.
package differential
