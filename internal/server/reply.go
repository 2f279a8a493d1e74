package server

import (
	"net/http"

	"github.com/musubi-map/musubi/internal/wire"
)

// writeError refuses a request. The message must not quote it.
func writeError(w http.ResponseWriter, status int, code, message string) {
	wire.Refuse(w, status, message, map[string]any{"code": code})
}
