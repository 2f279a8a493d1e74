package cli

import (
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"github.com/musubi-map/musubi/graph"
)

// configCommand shows the settings that serve would run with.
type configCommand struct {
	serveCommand
}

// setting is one of them: its flag, its variable, its value, and where that came from.
type setting struct{ flag, variable, value, from string }

// hidden stands for the value of a secret.
const hidden = "(hidden)"

// Run prints a line for each setting, and fails when serve would refuse them.
func (c *configCommand) Run(a *app, parsed *kong.Context) error {
	table := tabwriter.NewWriter(a.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SETTING\tVALUE\tFROM")
	for _, s := range append(settingsOf(parsed), tracingSettings(os.Environ())...) {
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.flag, s.value, s.from)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	resolver := &graph.Resolver{}
	if err := c.restrict(resolver); err != nil {
		return err
	}
	config := c.edge(resolver.Limits)
	if err := c.place(&config); err != nil {
		return err
	}
	_, err := c.authenticator(a, nil)
	return err
}

// settingsOf lists the settings of the command, in the order of their flags.
func settingsOf(parsed *kong.Context) []setting {
	given := map[*kong.Flag]bool{}
	for _, step := range parsed.Path {
		if step.Flag != nil {
			given[step.Flag] = true
		}
	}
	var out []setting
	for _, f := range parsed.Flags() {
		if f.Name == "help" {
			continue
		}
		s := setting{flag: "--" + f.Name, value: shownValue(f, parsed.FlagValue(f)), from: "default"}
		for _, name := range f.Envs {
			s.variable = name
			if _, set := os.LookupEnv(name); set {
				s.from = name
			}
		}
		if given[f] {
			s.from = "command line"
		}
		out = append(out, s)
	}
	return out
}

// shownValue is the value as text: of a secret only that there is one, and of an
// address without what stands before its @.
func shownValue(f *kong.Flag, value any) string {
	text := fmt.Sprint(value)
	switch v := value.(type) {
	case []string:
		text = strings.Join(v, ",")
	case map[string]string:
		pairs := make([]string, 0, len(v))
		for name, value := range v {
			pairs = append(pairs, name+"="+value)
		}
		slices.Sort(pairs)
		text = strings.Join(pairs, ";")
	}
	switch {
	case text == "":
		return "-"
	case f.Tag.Has("secret"):
		return hidden
	}
	return withoutUser(text)
}

// withoutUser hides user and password in an address; what is none stays as it is.
func withoutUser(text string) string {
	if !strings.Contains(text, "@") || !strings.Contains(text, "://") {
		return text
	}
	u, err := url.Parse(text)
	if err != nil {
		return hidden
	}
	if u.User != nil {
		u.User = url.User("hidden")
	}
	return u.String()
}

// tracingSettings are the variables of OpenTelemetry that are set; what may hold a
// secret is hidden.
func tracingSettings(environ []string) []setting {
	var out []setting
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "OTEL_") {
			continue
		}
		if strings.Contains(name, "HEADERS") {
			value = hidden
		}
		out = append(out, setting{name, name, withoutUser(value), name})
	}
	slices.SortFunc(out, func(a, b setting) int { return strings.Compare(a.flag, b.flag) })
	return out
}
