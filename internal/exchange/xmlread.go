package exchange

import (
	"encoding/xml"
	"errors"
	"io"

	"github.com/musubi-map/musubi/internal/network"
)

// xmlHandlers read the elements of a file, by local name. What an element without
// a handler holds is looked into all the same; so is what a handler leaves.
type xmlHandlers map[string]func(d *xml.Decoder, start *xml.StartElement) error

func readXML(r io.Reader, root string, handlers xmlHandlers) error {
	d := xml.NewDecoder(r)
	seen := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return errXML(err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !seen && start.Name.Local != root {
			return network.Errorf(network.InvalidValue, "it is not a file of this format: it begins with another element than <%s>", root)
		}
		seen = true
		if h := handlers[start.Name.Local]; h != nil {
			if err := h(d, &start); err != nil {
				return errXML(err)
			}
		}
	}
	if !seen {
		return network.Errorf(network.InvalidValue, "it is not a file of this format: there is no <%s>", root)
	}
	return nil
}

// errXML says it in our words, but leaves the errors of the reader.
func errXML(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return network.Errorf(network.InvalidValue, "it is not good XML: line %d", syntax.Line)
	}
	return err
}

// decodeXML gives a handler the element as a struct with tags of encoding/xml.
func decodeXML[T any](use func(T) error) func(*xml.Decoder, *xml.StartElement) error {
	return func(d *xml.Decoder, start *xml.StartElement) error {
		var v T
		if err := d.DecodeElement(&v, start); err != nil {
			return err
		}
		return use(v)
	}
}

// xmlTypes are the names GraphML and GEXF have for types; what is not here is
// text.
var xmlTypes = map[string]AttributeType{
	"boolean": BooleanValue, "float": RealValue, "double": RealValue, "bigdecimal": RealValue,
	"int": IntegerValue, "integer": IntegerValue, "long": IntegerValue, "short": IntegerValue, "byte": IntegerValue, "biginteger": IntegerValue,
}

func xmlType(name string) AttributeType {
	if t := xmlTypes[name]; t != 0 {
		return t
	}
	return TextValue
}
