package neo4j_test

import (
	"context"
	"testing"

	"github.com/musubi-map/musubi/internal/store"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
	"github.com/musubi-map/musubi/internal/store/storetest"
)

func TestAreTokensSharedByServers(t *testing.T) {
	storetest.TokensOf(t, func(t testing.TB) (store.TokenStore, store.TokenStore) {
		one := openEmpty(t)
		other, err := neo4j.Open(context.Background(), neo4j.Options{URI: neo4jtest.Open(t)})
		if err != nil {
			t.Fatal(err)
		}
		storetest.CloseAfter(t, other)
		return one, other
	})
}
