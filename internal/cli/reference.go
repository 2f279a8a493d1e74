package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"
)

// writeReference writes docs/flags.md: every command with its flags, as the parser
// knows them.
func writeReference(to io.Writer, model *kong.Application) error {
	var b strings.Builder
	b.WriteString("# Commands and flags\n\nMade by `make generate` from the flags themselves. Each flag counts before its variable, and that before the default;\n" +
		"`musubi config` shows what counts, and where it came from.\n\n## Every command\n\n")
	flags(&b, model.Flags)
	for _, command := range model.Leaves(true) {
		fmt.Fprintf(&b, "\n## musubi %s\n\n%s\n", command.Path(), command.Help)
		if len(command.Positional) > 0 {
			b.WriteString("\n")
		}
		for _, p := range command.Positional {
			fmt.Fprintf(&b, "- `%s`: %s\n", p.Summary(), p.Help)
		}
		if command.Name == "config" {
			b.WriteString("\nIt has the flags of `musubi serve`.\n")
			continue
		}
		if len(command.Flags) > 0 {
			b.WriteString("\n")
			flags(&b, command.Flags)
		}
	}
	_, err := io.WriteString(to, b.String())
	return err
}

func flags(b *strings.Builder, list []*kong.Flag) {
	b.WriteString("| flag | variable | default | meaning |\n|---|---|---|---|\n")
	for _, f := range list {
		if f.Name == "help" || f.Hidden {
			continue
		}
		name, fallback := "--"+f.Name, f.Default
		if f.Short != 0 {
			name += ", -" + string(f.Short)
		}
		if f.PlaceHolder != "" && !f.IsBool() {
			name += "=" + f.PlaceHolder
		}
		if fallback != "" {
			fallback = "`" + fallback + "`"
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s |\n", name, strings.Join(f.Envs, ", "), fallback, cell(f.Help))
	}
}

// cell keeps a text within a cell of a table.
func cell(text string) string { return strings.ReplaceAll(text, "|", "\\|") }
