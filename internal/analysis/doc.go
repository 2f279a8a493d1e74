// Package analysis computes over a network in memory: warm paths, centrality,
// communities, brokerage, cut points, and what happens when somebody leaves.
//
// Everything here is a pure function of its arguments: the same input gives the
// same output, bit for bit, with any number of cores. (Between processor
// architectures the last digits of a float may differ.)
// Nodes are numbers from 0, edges lie in compressed rows, and a result is a
// slice with one element per node unless its comment says otherwise. Nothing is
// cached and nothing is global; whoever calls keeps the results.
//
// Work that may be long takes a context and stops within 100 ms of its end; the
// error is then that of the context. Faults in the input are [network.Error]
// with code OUT_OF_RANGE, INVALID_VALUE or DUPLICATE.
//
// The formulas, with their sources, stand in docs/analysis-formulas.md.
package analysis

// Version names the formulas of this package. It is raised whenever a result may
// differ for the same network, so that figures of two dates can be compared.
const Version = "1"
