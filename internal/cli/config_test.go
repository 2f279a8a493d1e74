package cli

import (
	"slices"
	"strings"
	"testing"
)

// line is the line of a setting: its value, and where that came from.
func line(t *testing.T, out, name string) (value, from string) {
	t.Helper()
	for text := range strings.Lines(out) {
		if fields := strings.Fields(text); fields[0] == name {
			return fields[1], strings.Join(fields[2:], " ")
		}
	}
	t.Fatalf("%s is not shown:\n%s", name, out)
	return "", ""
}

func TestWhereDoesEachSettingComeFrom(t *testing.T) {
	t.Setenv("MUSUBI_ADDR", "127.0.0.1:9000")
	t.Setenv("MUSUBI_NEO4J_PASSWORD", "hanako-secret")
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://hanako:hanako-secret@collector:4318")
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=hanako-secret")
	out, errOut := musubi(t, 0, "config", "--neo4j-uri", "neo4j://hanako:hanako-secret@db:7687", "--limit", "tokens=7;depth=9", "--drain-delay=5s")
	if strings.Contains(out+errOut, "hanako-secret") {
		t.Errorf("a secret is shown:\n%s%s", out, errOut)
	}
	for name, want := range map[string][2]string{
		"--addr":                      {"127.0.0.1:9000", "MUSUBI_ADDR"},
		"--data":                      {"musubi.db", "default"},
		"--neo4j-password":            {hidden, "MUSUBI_NEO4J_PASSWORD"},
		"--neo4j-uri":                 {"neo4j://hidden@db:7687", "command line"},
		"--limit":                     {"depth=9;tokens=7", "command line"},
		"--drain-delay":               {"5s", "command line"},
		"--log-format":                {"text", "default"},
		"--tls-cert":                  {"-", "default"},
		"OTEL_EXPORTER_OTLP_ENDPOINT": {"http://hidden@collector:4318", "OTEL_EXPORTER_OTLP_ENDPOINT"},
		"OTEL_EXPORTER_OTLP_HEADERS":  {hidden, "OTEL_EXPORTER_OTLP_HEADERS"},
	} {
		if value, from := line(t, out, name); value != want[0] || from != want[1] {
			t.Errorf("%s: %s from %s", name, value, from)
		}
	}
}

func TestIsEverySettingOfServeShown(t *testing.T) {
	out, _ := musubi(t, 0, "config")
	var names []string
	for text := range strings.Lines(out) {
		names = append(names, strings.Fields(text)[0])
	}
	help, _ := musubi(t, 0, "serve", "--help")
	found := 0
	for _, word := range strings.Fields(help) {
		name, _, _ := strings.Cut(strings.Trim(word, "[],;.()"), "=")
		if name == "--help" || !strings.HasPrefix(name, "--") || strings.HasPrefix(name, "--[no-]") {
			continue
		}
		found++
		if !slices.Contains(names, name) && name != "--oidc" {
			t.Errorf("%s is not shown", name)
		}
	}
	if found < 25 {
		t.Errorf("only %d flags were found", found)
	}
}

func TestWhichSettingsDoesConfigRefuse(t *testing.T) {
	for _, wrong := range [][]string{{"--limit=nothing=1"}, {"--tls-cert=x"}, {"--oidc-audience=x"}} {
		if out, errOut := musubi(t, 1, append([]string{"config"}, wrong...)...); !strings.Contains(out, "--addr") || errOut == "" {
			t.Errorf("%v: %s%s", wrong, out, errOut)
		}
	}
}
