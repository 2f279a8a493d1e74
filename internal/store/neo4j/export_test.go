package neo4j

import (
	"strings"
	"sync"

	driver "github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// Deprecated collects, while tests run, what the server says is deprecated.
var Deprecated = make(chan string, 100)

// Sent counts the statements sent, by their text.
var Sent sentTexts

type sentTexts struct {
	mu     sync.Mutex
	counts map[string]int
}

// Reset forgets the statements so far.
func (s *sentTexts) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.counts = map[string]int{}
}

// Texts are the statements since Reset, and how often each was sent.
func (s *sentTexts) Texts() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts
}

func init() {
	Sent.Reset()
	noticed = func(statement string, remarks []driver.Notification) {
		Sent.mu.Lock()
		Sent.counts[statement]++
		Sent.mu.Unlock()
		for _, r := range remarks {
			if strings.Contains(r.Code(), "Deprecat") {
				select {
				case Deprecated <- r.Code() + " " + r.Title() + "\n" + statement:
				default:
				}
			}
		}
	}
}
