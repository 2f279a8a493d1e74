// Package edit turns what a user wants changed into one Apply of a store: read
// what is there, check what would be, write all of it or nothing. Mutations and
// import share it.
//
// Errors are *network.Error or network.Errors. The path of one leads to the
// argument at fault: "input" and a field, "moves" and a position, "id", "on",
// "ifVersion", "reason".
package edit
