package neo4j

import (
	"context"
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

// EntriesPerUpgrade sets how many log entries one transaction of the upgrade does,
// and gives what sets it back.
func EntriesPerUpgrade(n int) (back func()) {
	was := entriesPerUpgrade
	entriesPerUpgrade = n
	return func() { entriesPerUpgrade = was }
}

// UpgradePage does the next page of the upgrade of the log, and no more.
func UpgradePage(ctx context.Context, d driver.DriverWithContext) (int, error) {
	session := d.NewSession(ctx, driver.SessionConfig{DatabaseName: DefaultDatabase})
	defer func() { _ = session.Close(ctx) }()
	n, err := session.ExecuteWrite(ctx, func(tx driver.ManagedTransaction) (any, error) { return upgradePage(ctx, tx) })
	if err != nil {
		return 0, err
	}
	return n.(int), nil
}
