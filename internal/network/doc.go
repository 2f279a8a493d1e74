// Package network is the domain: the closed registry of kinds, records and
// their dates, the codes, the viewer, and the checks every write passes.
//
// Everything the map holds is a [Record] of one [Kind]. The kinds, their fields
// and the collections reached from them stand in one table (see [Kinds]); the
// SDL, the indexes of the database, the import columns and the reference page
// are made from it. To add a kind of stakeholder, add one entry there and run
// `make generate`.
//
// The package imports the standard library and golang.org/x/text only.
package network
