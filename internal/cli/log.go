package cli

import (
	"io"
	"log/slog"
)

// logFlags say how the log is written, of every command, to standard error.
type logFlags struct {
	LogFormat string     `env:"MUSUBI_LOG_FORMAT" enum:"text,json" default:"text" help:"How log lines are written: text, or json for programs." placeholder:"FORMAT"`
	LogLevel  slog.Level `env:"MUSUBI_LOG_LEVEL" default:"info" help:"What is logged at least: debug, info, warn or error." placeholder:"LEVEL"`
}

func (f logFlags) logger(to io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: f.LogLevel}
	if f.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}
