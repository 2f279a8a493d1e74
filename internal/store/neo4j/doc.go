// Package neo4j is the engine that keeps the map in a Neo4j server, version
// 5.23 or later: a plan becomes one Cypher statement.
//
// The model is made for people who open it in Bloom or cypher-shell too. A
// record is a node with the label Record, the interfaces of its kind and the
// kind (:Record:Stakeholder:Organization:School), and the kind again as the
// property kind, since labels have no order. A Ref or Refs field is a
// relationship of the type that the registry names; a tie is a relationship
// whose type is the kind of tie. Dates are native dates: <field> is the first
// day (of until: the first day no longer valid), absent when unknown;
// <field>Text is the canonical text where the date is not known to the day.
// searchKey, sortKey and <field>Fold are folded for searching.
//
// The change log is in nodes (:_Change), without relationships, its head in
// (:_Head), the version of the model in (:_Schema).
package neo4j
