package server

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/rs/cors"

	"github.com/musubi-map/musubi/internal/wire"
)

// The headers by which a page reads its own writes; graph says what they mean.
const (
	atLeastHeader  = "Musubi-At-Least"
	revisionHeader = "Musubi-Revision"
)

// crossOrigin lets pages of the allowed origins call next, and refuses those of all others outright: CORS alone only
// hides the answer, and WebSockets do not know it. A request that names no Origin and does not say that another site made
// it comes from no foreign page, and passes.
func crossOrigin(allowed map[string]bool, get bool, next http.Handler) http.Handler {
	// A function even for an empty list, which rs/cors would read as "all origins". Credentials are not allowed:
	// tokens travel in the Authorization header, never in cookies.
	methods := []string{http.MethodPost}
	if get {
		methods = append(methods, http.MethodGet)
	}
	policy := cors.New(cors.Options{
		AllowOriginFunc: func(origin string) bool { return allowed[strings.ToLower(origin)] },
		AllowedMethods:  methods,
		AllowedHeaders:  []string{"Accept", "Authorization", "Content-Type", atLeastHeader, wire.RequestID},
		ExposedHeaders:  []string{wire.RequestID, revisionHeader, "Retry-After"},
		MaxAge:          600,
	})
	return policy.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !originMayCall(allowed, r) {
			writeError(w, http.StatusForbidden, "FORBIDDEN_ORIGIN", "Pages of this origin may not call this server.")
			return
		}
		next.ServeHTTP(w, r)
	}))
}

func originMayCall(allowed map[string]bool, r *http.Request) bool {
	for _, origin := range r.Header.Values("Origin") {
		if !allowed[strings.ToLower(origin)] && !sameOrigin(origin, r.Host) {
			return false
		}
	}
	return r.Header.Get("Origin") != "" || !madeElsewhere(r)
}

// madeElsewhere tells whether a browser says that the page of another site, or a link there, made the request: with GET
// it need not name the origin.
func madeElsewhere(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "cross-site" || site == "same-site"
}

// sameOrigin compares hosts only: behind a proxy that ends TLS we cannot know our own scheme.
func sameOrigin(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && strings.EqualFold(u.Host, host)
}
