// Package exchange reads and writes the formats of other tools. It knows the
// registry and no store: what it reads are rows, which internal/edit matches
// with the records there are.
//
// # The CSV files of a coordinator
//
// A file is UTF-8, with or without a byte-order mark, as spreadsheets save it;
// its first line names the columns, in any order. Two sorts of file are told
// apart by their columns.
//
// A nodes file has ID, Type, Label and one column per field. Type is a kind of
// the registry (School, Career Consultant, 学校); Label its name. Any kind may
// stand in it, also Post, Occupancy, RoleAssignment and Claim, and kinds may be
// mixed: a row leaves the columns empty that its kind does not have.
//
// A connections file has From, To, Type and the fields of a tie. From and To
// are its ends, Type a tie kind (FUNDS, Funds, 資金提供).
//
// A column is headed by the field's name (nameKana), the same in words (Name
// Kana) or its Japanese term (よみ), whatever the case; [Columns] lists them.
// Start and End are the field from and until; unlike until, End is the last day
// (or month, year, fiscal year) on which the record holds. Tags is topics.
//
// In a cell, "|" separates the values of a list. References name the ID of a
// row, an id, a unique code, or a name that only one record has. Enum values
// may be written in Japanese. Dates are what network.ParsePartialDate reads. An
// empty cell says nothing, so an import leaves the field as it is; a single "-"
// empties it.
//
// Names and Stages are histories, entries separated by "|":
//
//	旧名称[2015-04..2019-03]|新名称(しんめいしょう)[2019-04..]
//	PREPARATION[2022-10..2023-03]|STALLED(STAFF_SHORT+NO_BUDGET)[2023-04..] a remark
//
// Between the brackets stand the first day and, after two dots, the last; either
// may be missing. Parentheses before them hold the reading of a name, in kana,
// or the causes of a stage, joined with "+"; what follows them is a remark on a
// stage.
//
// ID is the file's own key for the row. It has neither "_" nor ".", which Kumu
// cannot read, nor "|". Rows of kinds with a name may leave it out. For other
// kinds a key is then made of what makes the row itself, of a connection
// From|Type|To|Start: changing that in the file makes it another record.
//
// # Networks for other tools
//
// A [Network] is written and read in the [Formats] of Gephi, Kumu, NetworkX,
// igraph, yEd and Cytoscape; docs/exchange.md says what each carries and loses.
// All of them say the same of a node or a tie (nodeColumns, tieColumns), and all
// readers hand what they find to one builder, under the same names.
package exchange
