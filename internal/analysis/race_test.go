//go:build race

package analysis

// slowdown is how much longer work may take under the race detector.
const slowdown = 20
