package web

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

func TestPageComesFromOurOriginOnly(t *testing.T) {
	page, err := fs.ReadFile(Files(), "index.html")
	if err != nil {
		t.Fatal(err)
	}
	// Placeholder and build alike: no script in the page itself, no address of another host.
	if inline := regexp.MustCompile(`<script[^>]*>[^<]`).Find(page); inline != nil {
		t.Errorf("inline script: %s", inline)
	}
	if foreign := regexp.MustCompile(`(?:src|href)="(?:https?:)?//[^"]*"`).Find(page); foreign != nil {
		t.Errorf("foreign address: %s", foreign)
	}
}

func TestPlaceholderSaysHowToBuild(t *testing.T) {
	page, err := fs.ReadFile(placeholder, "placeholder/index.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"make web", "Node.js 20", "この画面"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("placeholder lacks %q", want)
		}
	}
}

func TestPolicyIsOneHeaderLine(t *testing.T) {
	policy := ContentSecurityPolicy()
	if !strings.HasPrefix(policy, "default-src 'none'") || strings.ContainsAny(policy, "\r\n") {
		t.Errorf("policy = %q", policy)
	}
}
