// Package limit says how much a client may ask for, by role: one table with the
// name, the usual value, the meaning and the way to stay inside of each limit
// ([Table]), the values in force ([Set]), the error that names one ([Exceeded]),
// and what counts requests while they run ([Gate]) and as they come ([Rates]).
//
// It measures nothing by itself: graph and server do, and ask the set. To add a
// limit: a key, and its row in the table; the option --limit and docs/limits.md
// follow.
package limit
