// Package audit keeps the log of who wrote, and who read personal fields: a file of
// JSON objects, one a line, to which lines are only added. It names records and
// fields, and never has a value.
//
// Several programs may write to one log. It is closed at a size and goes on in a new
// file; the files are one chain.
//
// Each line has the hash of the line before it, so that one that was changed, taken
// out or put in is found ([Verify]). What was cut off at the end is found by whoever
// has noted a number and hash that were there.
package audit
