package exchange

import (
	"bufio"
	"encoding/xml"
	"io"
	"strings"
)

// xmlWriter writes elements one a line. Errors stay in the bufio.Writer until
// done.
type xmlWriter struct {
	*bufio.Writer
	depth int
}

func newXMLWriter(w io.Writer) *xmlWriter {
	x := &xmlWriter{Writer: bufio.NewWriter(w)}
	x.put(xml.Header)
	return x
}

// put and the methods below leave errors to done.
func (x *xmlWriter) put(s string) { _, _ = x.WriteString(s) }

func (x *xmlWriter) escaped(s string) { _ = xml.EscapeText(x, []byte(s)) }

// tag begins an element; attributes are pairs of name and value, of which those
// with an empty value are left out.
func (x *xmlWriter) tag(name string, attributes ...string) {
	x.put(strings.Repeat(" ", x.depth) + "<" + name)
	for i := 0; i < len(attributes); i += 2 {
		if attributes[i+1] == "" {
			continue
		}
		x.put(" " + attributes[i] + `="`)
		x.escaped(attributes[i+1])
		x.put(`"`)
	}
}

// open begins an element with others inside.
func (x *xmlWriter) open(name string, attributes ...string) {
	x.tag(name, attributes...)
	x.put(">\n")
	x.depth++
}

func (x *xmlWriter) close(name string) {
	x.depth--
	x.put(strings.Repeat(" ", x.depth) + "</" + name + ">\n")
}

// empty writes an element without content.
func (x *xmlWriter) empty(name string, attributes ...string) {
	x.tag(name, attributes...)
	x.put("/>\n")
}

// text writes an element with text in it.
func (x *xmlWriter) text(name, text string, attributes ...string) {
	x.tag(name, attributes...)
	x.put(">")
	x.escaped(text)
	x.put("</" + name + ">\n")
}

func (x *xmlWriter) done() error { return x.Flush() }
