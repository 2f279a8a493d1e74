package graph

import (
	"container/list"
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/musubi-map/musubi/graph/plan"
)

// documents keeps parsed and valid documents by their text, each with its shape and
// the plans of its operations, and finds them by the hash that a client has given
// with the text (automatic persisted queries). What was not asked for longest goes first when they take
// too much memory, by estimate; a document that would take more than a sixteenth
// of it is not kept. All methods may be called at the same time.
type documents struct {
	limit int64

	mu     sync.Mutex
	byText map[string]*list.Element
	byDoc  map[*ast.QueryDocument]*list.Element
	byHash map[string]*list.Element
	recent *list.List // of *document, the last asked for first
	used   int64
}

type document struct {
	text  string
	doc   *ast.QueryDocument
	shape shape
	hash  string // "" until a client gives it
	plans *plan.Plans
	size  int64
}

func newDocuments(limit int64) *documents {
	return &documents{limit: limit, byText: map[string]*list.Element{}, byDoc: map[*ast.QueryDocument]*list.Element{}, byHash: map[string]*list.Element{}, recent: list.New()}
}

// documentSize is what a document of a text takes, by estimate: measured are 50
// to 90 bytes for each of the text.
func documentSize(text string) int64 { return 2048 + 100*int64(len(text)) }

// Get finds a document.
func (d *documents) Get(_ context.Context, text string) (*ast.QueryDocument, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.byText[text]
	if e == nil {
		return nil, false
	}
	d.recent.MoveToFront(e)
	return e.Value.(*document).doc, true
}

// shape is that of a document that is kept.
func (d *documents) shape(text string) (shape, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.byText[text]
	if e == nil {
		return shape{}, false
	}
	return e.Value.(*document).shape, true
}

// Add keeps a document that is valid.
func (d *documents) Add(ctx context.Context, text string, doc *ast.QueryDocument) {
	size := documentSize(text)
	if size > d.limit/16 {
		return
	}
	kept := &document{text: text, doc: doc, size: size}
	kept.shape, _ = graphql.GetOperationContext(ctx).Stats.GetExtension(shapeStat).(shape)
	kept.plans = plan.NewPlans(doc, func(bytes int64) { d.grow(doc, bytes) })
	d.mu.Lock()
	defer d.mu.Unlock()
	if old := d.byText[text]; old != nil { // two came with it at the same time
		d.drop(old)
	}
	e := d.recent.PushFront(kept)
	d.byText[text], d.byDoc[doc] = e, e
	d.used += size
	d.shrink()
}

// grow counts what a document's plans take, as long as it is kept; one that
// takes too much by itself goes.
func (d *documents) grow(doc *ast.QueryDocument, bytes int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.byDoc[doc]
	if e == nil {
		return
	}
	kept := e.Value.(*document)
	kept.size += bytes
	d.used += bytes
	if kept.size > d.limit/4 {
		d.drop(e)
	}
	d.shrink()
}

// shrink needs mu.
func (d *documents) shrink() {
	for d.used > d.limit {
		d.drop(d.recent.Back())
	}
}

// drop needs mu.
func (d *documents) drop(e *list.Element) {
	kept := d.recent.Remove(e).(*document)
	delete(d.byText, kept.text)
	delete(d.byDoc, kept.doc)
	delete(d.byHash, kept.hash)
	d.used -= kept.size
}

// ExtensionName names the extension.
func (*documents) ExtensionName() string { return "Documents" }

// Validate accepts every schema.
func (*documents) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext gives an operation the plans of its document, and notes
// the hash that came with it.
func (d *documents) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	persisted := extension.GetApqStats(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	e := d.byDoc[op.Doc]
	if e == nil {
		return nil
	}
	kept := e.Value.(*document)
	plan.Keep(op, kept.plans)
	if persisted != nil && kept.hash == "" {
		kept.hash = persisted.Hash
		d.byHash[kept.hash] = e
	}
	return nil
}

// persisted finds the text of documents by their hash.
type persisted struct{ *documents }

// Get gives the text of a kept document.
func (p persisted) Get(_ context.Context, hash string) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.byHash[hash]
	if e == nil {
		return "", false
	}
	return e.Value.(*document).text, true
}

// Add does nothing: the hash is noted once the document is valid.
func (persisted) Add(context.Context, string, string) {}
