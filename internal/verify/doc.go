// Package verify holds the log of a store against its records, and both against
// the registry, on either engine, while it is written to. It finds what a crash,
// a fault of the disk, a hand in the database or a fault of this program has left
// behind.
//
// It streams: of each record it keeps its version, a hash of its fields, what it
// refers to and its unique values, about 1 KB.
package verify
