//go:build !race

package analysis

const slowdown = 1
