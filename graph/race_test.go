//go:build race

package graph_test

// slowdown is how much longer work may take under the race detector.
const slowdown = 20
