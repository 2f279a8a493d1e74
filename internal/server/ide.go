package server

import (
	"io/fs"
	"net/http"
	"strings"

	"github.com/musubi-map/musubi/web"
)

// routeIDE serves the bundled page at /graphiql and its assets below.
func routeIDE(mux *http.ServeMux, files fs.FS) error {
	page, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return err
	}
	html := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", web.ContentSecurityPolicy())
		w.Header().Set("Cache-Control", "no-cache")
		_, _ = w.Write(page)
	})
	mux.Handle("GET /graphiql", html)
	mux.Handle("GET /graphiql/{$}", html)
	mux.Handle("GET /graphiql/index.html", html)

	assets := http.StripPrefix("/graphiql/", http.FileServerFS(files))
	mux.HandleFunc("GET /graphiql/{file...}", func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("file")
		if info, err := fs.Stat(files, name); err != nil || info.IsDir() || strings.HasPrefix(name, ".") {
			http.NotFound(w, r) // no listing of directories
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		if strings.HasPrefix(name, "assets/") { // the build puts a hash of the content into these names
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		assets.ServeHTTP(w, r)
	})
	return nil
}

// secure sets what every answer carries; the IDE's page replaces policy and caching by its own.
func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cache-Control", "no-store")
		if r.TLS != nil { // whoever came so once is to come so for a year
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
