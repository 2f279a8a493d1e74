package exchange

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"

	"github.com/musubi-map/musubi/internal/network"
)

// jsonWriter writes objects one a line. Errors stay in the bufio.Writer until
// done.
type jsonWriter struct {
	*bufio.Writer
	text bytes.Buffer
	enc  *json.Encoder
}

func newJSONWriter(w io.Writer) *jsonWriter {
	j := &jsonWriter{Writer: bufio.NewWriter(w)}
	j.enc = json.NewEncoder(&j.text)
	j.enc.SetEscapeHTML(false)
	return j
}

func (j *jsonWriter) put(s string) { _, _ = j.WriteString(s) }

// value writes a value; text as JSON escapes it, but for < > and &.
func (j *jsonWriter) value(v any) {
	switch v := v.(type) {
	case int64, float64, bool:
		j.put(textOf(v))
	case network.PartialDate:
		j.put(`"` + v.Text() + `"`)
	default:
		j.text.Reset()
		_ = j.enc.Encode(v) // a string or []string: never fails
		_, _ = j.Write(bytes.TrimSuffix(j.text.Bytes(), []byte("\n")))
	}
}

// object writes the columns that have a value.
func (j *jsonWriter) object(columns []column, r record) {
	j.put("{")
	separator := ""
	for i := range columns {
		v := columns[i].value(r)
		if v == nil {
			continue
		}
		j.put(separator)
		j.value(columns[i].Name)
		j.put(": ")
		j.value(v)
		separator = ", "
	}
	j.put("}")
}

// facts writes what is said of the network as a whole, without the braces.
func (j *jsonWriter) facts(facts []fact) {
	separator := ""
	for _, f := range facts {
		j.put(separator)
		j.value(f.Name)
		j.put(": ")
		j.value(f.value)
		separator = ", "
	}
}

// list writes "name": […] of nodes or ties, each between before and after.
func (j *jsonWriter) list(name string, columns []column, n *Network, ties bool, before, after string) {
	j.put(`"` + name + "\": [")
	count := len(n.Nodes)
	if ties {
		count = len(n.Ties)
	}
	separator := "\n"
	for i := range count {
		j.put(separator + before)
		j.object(columns, record{n, i, ties})
		j.put(after)
		separator = ",\n"
	}
	j.put("\n]")
}
