// Package backup writes a map to a file and restores it, whatever the store.
//
// What a store holds follows from its log: so a backup is the log, commit by
// commit, and a restore commits it again. The format is described in
// docs/backup.md. It is read and written as a stream; of the map no more than
// one commit is in memory.
package backup
