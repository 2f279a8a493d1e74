package neo4j_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store/neo4j"
	"github.com/musubi-map/musubi/internal/store/neo4j/neo4jtest"
)

// A large map may take longer to be indexed than anybody waits: that is said, and no
// more is wrong.
func TestIsItSaidThatIndexesAreBeingFilled(t *testing.T) {
	uri := neo4jtest.Open(t)
	d := neo4jtest.Driver(t, uri)
	neo4jtest.Reset(t, d)
	do(t, d, "UNWIND range(1, 100000) AS i CREATE (:Record:Topic {id: 'topic-' + i, kind: 'Topic', version: 1, visibility: 'PUBLIC', name: '架空の話題' + i, searchKey: '\n架空の話題' + i + '\n'})")

	back := sync.OnceFunc(neo4j.IndexWait(0))
	defer back()
	s := opened(t, uri)
	_, err := s.Head(t.Context())
	wantCode(t, err, network.Unavailable)
	if err == nil || !strings.Contains(err.Error(), "filling the indexes") {
		t.Fatalf("it says: %v", err)
	}
	if n := do(t, d, "MATCH (s:_Schema) RETURN s.print"); len(n) > 0 {
		t.Error("the server is noted as set up")
	}
	back()
	for range 100 { // the set-up that failed answers for a while
		if _, err = s.Head(t.Context()); err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal(err)
}
