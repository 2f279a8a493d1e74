package exchange

import (
	"io"

	"github.com/musubi-map/musubi/internal/network"
)

// Format is a way of writing a [Network] that another program reads.
type Format struct {
	// Name is what the command line calls it.
	Name string
	// Parts are the files it consists of; one, unless it has a directory.
	Parts []Part
	read  func(parts []io.Reader) (*Network, error)
}

// Part is one file of a format.
type Part struct {
	// Name is the name of the file; "" for a format of one file, which has the
	// name the user gives it.
	Name string
	// Write writes the file: the same bytes for the same network. It fails, with
	// nothing or a part of the file written, when w does or when the network
	// does not pass its Check. It keeps no more than some IDs beside the
	// network.
	Write func(w io.Writer, n *Network) error
}

// Read reads a network from its parts, in the order of Parts. The last parts may
// be missing if they can be done without. The error is a *network.Error that
// says where and what, without the value; or that of the reader.
func (f *Format) Read(parts ...io.Reader) (*Network, error) { return f.read(parts) }

var formats = []*Format{
	single("gexf", writeGEXF, readGEXF),
	single("graphml", writeGraphML, readGraphML),
	single("kumu", writeKumu, readKumu),
	single("cytoscape", writeCytoscape, readCytoscape),
	single("node-link", writeNodeLink, readNodeLink),
	{"gephi-csv", []Part{{"nodes.csv", writeGephiNodes}, {"edges.csv", writeGephiEdges}, {"about.json", writeGephiAbout}},
		func(parts []io.Reader) (*Network, error) {
			switch len(parts) {
			case 2:
				return readGephiCSV(parts[0], parts[1], nil)
			case 3:
				return readGephiCSV(parts[0], parts[1], parts[2])
			}
			return nil, network.Errorf(network.Required, "there must be a table of nodes and one of edges")
		}},
}

func single(name string, write func(io.Writer, *Network) error, read func(io.Reader) (*Network, error)) *Format {
	return &Format{name, []Part{{"", write}}, func(parts []io.Reader) (*Network, error) {
		if len(parts) != 1 {
			return nil, network.Errorf(network.Required, "the format is of one file")
		}
		return read(parts[0])
	}}
}

// Formats lists the formats.
func Formats() []*Format { return formats }

// FormatNamed returns the format of that name, or nil.
func FormatNamed(name string) *Format {
	for _, f := range formats {
		if f.Name == name {
			return f
		}
	}
	return nil
}
