package audit

// CloseAt sets from how many bytes on a file is closed.
func (l *Log) CloseAt(bytes int64) { l.limit = bytes }

// Path is where the log is.
func (l *Log) Path() string { return l.path }
