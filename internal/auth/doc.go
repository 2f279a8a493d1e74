// Package auth tells who asks: it turns the bearer token of a request into a
// [network.Viewer], and ends streams when the token does.
//
// There are two sorts of token. An API token is made by the command line, begins
// with "musubi_", and is kept by the store as a hash (see [NewToken]). Anything else
// must be a JWT of the OpenID provider that the server is configured with (see
// [OIDC]). Both are sent as "Authorization: Bearer …" over HTTP, and as the parameter
// "Authorization" of connection_init over a WebSocket.
//
//	a, err := auth.New(auth.Options{Tokens: s, OIDC: &auth.OIDC{Issuer: …, Audience: …}})
//	http.Handle("/graphql", a.Guard(graphql)) // 401, 403, 503, or a viewer in the context
//	auth.Viewer(ctx)                          // inside
//
// What is refused is a *network.Error: Unauthenticated for a token that does not
// count, Forbidden for one that does and gives no right here, Unavailable when it
// cannot be checked just now. No error and no log line holds a token or a claim.
package auth
