package server

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"

	"github.com/musubi-map/musubi/web"
)

func TestIDECaching(t *testing.T) {
	mux := http.NewServeMux()
	files := fstest.MapFS{
		"index.html":           {Data: []byte("<!doctype html>")},
		"favicon.svg":          {Data: []byte("<svg/>")},
		"assets/index-abcd.js": {Data: []byte("export {}")},
	}
	if err := routeIDE(mux, files); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]struct{ cache, contentType, policy string }{
		"/graphiql":                      {"no-cache", "text/html; charset=utf-8", web.ContentSecurityPolicy()},
		"/graphiql/":                     {"no-cache", "text/html; charset=utf-8", web.ContentSecurityPolicy()},
		"/graphiql/index.html":           {"no-cache", "text/html; charset=utf-8", web.ContentSecurityPolicy()},
		"/graphiql/favicon.svg":          {"no-cache", "image/svg+xml", ""},
		"/graphiql/assets/index-abcd.js": {"public, max-age=31536000, immutable", "text/javascript; charset=utf-8", ""},
	} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		h := w.Header()
		if w.Code != 200 || h.Get("Cache-Control") != want.cache || h.Get("Content-Type") != want.contentType ||
			h.Get("Content-Security-Policy") != want.policy {
			t.Errorf("%s: %d %v", path, w.Code, h)
		}
	}
}
