package graph

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"

	"github.com/musubi-map/musubi/graph/generated"
)

// notTrusted is the code of a document that is not on the list.
const notTrusted = "NOT_TRUSTED"

// Trusted is a list of the only documents that are answered. A client sends the
// text, laid out in whatever way, or the hash of it as for automatic persisted
// queries. Every limit holds for them too.
type Trusted struct {
	byID    map[string]string // by the id in the manifest, or the SHA-256 of the text
	byWords map[[sha256.Size]byte]bool
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
} = (*Trusted)(nil)

// ReadTrusted reads the list from a folder, whose files *.graphql at any depth are
// one document each, or from a manifest: a JSON file that is an object of ids and
// texts, or what Apollo's tools write. Each document must be valid.
func ReadTrusted(path string) (*Trusted, error) {
	texts, err := readDocuments(path)
	if err != nil {
		return nil, err
	}
	if len(texts) == 0 {
		return nil, fmt.Errorf("%s holds no documents: nothing would be answered", path)
	}
	t := &Trusted{byID: map[string]string{}, byWords: map[[sha256.Size]byte]bool{}}
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	for id, text := range texts {
		doc, err := parser.ParseQuery(&ast.Source{Input: text})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", id, err)
		}
		if faults := validator.ValidateWithRules(schema, doc, validation()); len(faults) > 0 {
			return nil, fmt.Errorf("%s: %w", id, faults)
		}
		hash := sha256.Sum256([]byte(text))
		t.byID[id], t.byID[hex.EncodeToString(hash[:])] = text, text
		t.byWords[words(text)] = true
	}
	return t, nil
}

// ExtensionName names the extension.
func (*Trusted) ExtensionName() string { return "TrustedDocuments" }

// Validate accepts every schema.
func (*Trusted) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses what is not on the list, and puts in the text
// for a hash.
func (t *Trusted) MutateOperationParameters(_ context.Context, p *graphql.RawParams) *gqlerror.Error {
	if p.Query == "" {
		persisted, _ := p.Extensions["persistedQuery"].(map[string]any)
		hash, _ := persisted["sha256Hash"].(string)
		p.Query = t.byID[hash]
	}
	if p.Query != "" && t.byWords[words(p.Query)] {
		return nil
	}
	return &gqlerror.Error{Message: "this server answers a list of documents only, and this is none of them; ask its operator to add it",
		Extensions: map[string]any{"code": notTrusted}}
}

// words is the hash of a document's words and signs without layout and comments.
func words(text string) (out [sha256.Size]byte) {
	hash := sha256.New()
	lex := lexer.New(&ast.Source{Input: text})
	for {
		token, err := lex.ReadToken()
		if err != nil || token.Kind == lexer.EOF {
			break
		}
		if token.Kind != lexer.Comment {
			fmt.Fprintf(hash, "%d %q ", token.Kind, token.Value)
		}
	}
	hash.Sum(out[:0])
	return out
}

// readDocuments gives texts by their id: in a folder, the path of the file.
func readDocuments(path string) (map[string]string, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.IsDir():
		return readManifest(path)
	}
	texts := map[string]string{}
	return texts, filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(file, ".graphql") {
			return err
		}
		text, err := os.ReadFile(file)
		texts[file] = string(text)
		return err
	})
}

func readManifest(path string) (map[string]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	if json.Unmarshal(data, &texts) == nil {
		return texts, nil
	}
	var apollo struct {
		Operations []struct{ ID, Body string }
	}
	if err := json.Unmarshal(data, &apollo); err != nil || apollo.Operations == nil {
		return nil, errors.New(path + ` is no manifest: want {"id": "text"} or {"operations": [{"id", "body"}]}`)
	}
	texts = map[string]string{}
	for _, op := range apollo.Operations {
		texts[op.ID] = op.Body
	}
	return texts, nil
}
