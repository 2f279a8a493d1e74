package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/wire"
)

// Guard lets requests through whose bearer token counts, with who asks in their
// context. Others are answered in the shape of a GraphQL error: 401 with
// WWW-Authenticate as RFC 6750 has it, 403 without a right, 503 when the token
// cannot be checked. The context of a stream (server-sent events) ends when the token
// does.
//
// A WebSocket may come without a token, since browsers can send none with it: then
// nobody is in the context, and [Authenticator.Admit] must see to its connection_init.
func (a *Authenticator) Guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wire.IsSocket(r) && r.Header["Authorization"] == nil {
			next.ServeHTTP(w, r)
			return
		}
		id, err := a.sender(r)
		if err != nil {
			refuse(w, r, err)
			return
		}
		ctx := With(r.Context(), id)
		if wire.MayTakeEvents(r.Header) {
			var cancel context.CancelFunc
			ctx, cancel = a.during(ctx, id)
			defer cancel()
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// sender is who sends a request.
func (a *Authenticator) sender(r *http.Request) (*Identity, error) {
	bearer, err := bearerIn(r.Header.Values("Authorization"))
	if err != nil {
		return nil, err
	}
	return a.Authenticate(r.Context(), bearer)
}

// bearerIn is the token in the values of Authorization.
func bearerIn(values []string) (string, error) {
	if len(values) == 0 {
		return "", network.Errorf(network.Unauthenticated, "say who asks: send the header Authorization: Bearer with a token; those who run this map give them out")
	}
	scheme, bearer, _ := strings.Cut(strings.TrimSpace(values[0]), " ")
	if bearer = strings.TrimSpace(bearer); len(values) > 1 || !strings.EqualFold(scheme, "Bearer") || bearer == "" {
		return "", errRefused("it must come once, as Authorization: Bearer and the token")
	}
	return bearer, nil
}

// Admit lets a WebSocket through by the payload of its connection_init, in which
// "Authorization" is what the header of that name would be; one whose upgrade had the
// header needs none. The operations of the socket run in the context it gives, which
// ends when the token does, or with ctx.
func (a *Authenticator) Admit(ctx context.Context, payload map[string]any) (context.Context, error) {
	id := Of(ctx)
	for name, value := range payload {
		text, isText := value.(string)
		if !isText || !strings.EqualFold(name, "Authorization") {
			continue
		}
		bearer, err := bearerIn([]string{text})
		if err != nil {
			return nil, err
		}
		if id, err = a.Authenticate(ctx, bearer); err != nil {
			return nil, err
		}
	}
	if id == nil {
		_, err := bearerIn(nil)
		return nil, err
	}
	ctx, _ = a.during(With(ctx, id), id)
	return ctx, nil
}

func refuse(w http.ResponseWriter, r *http.Request, err error) {
	var shown *network.Error
	if !errors.As(err, &shown) {
		shown = errUnchecked()
	}
	h, status := w.Header(), http.StatusServiceUnavailable
	switch shown.Code {
	case network.Unauthenticated:
		status = http.StatusUnauthorized
		challenge := `Bearer realm="musubi"`
		if r.Header["Authorization"] != nil {
			challenge += `, error="invalid_token", error_description="` + shown.Message + `"`
		}
		h.Set("WWW-Authenticate", challenge)
	case network.Forbidden:
		status = http.StatusForbidden
	default:
		h.Set("Retry-After", "1")
	}
	wire.Refuse(w, status, shown.Message, map[string]any{"code": shown.Code})
}
