// Package sample is the Shiojiri map as the CSV files a coordinator would keep:
// who takes part in career education and in work with adults in 塩尻市, how they
// are tied, and who does what. It is told as of 2024-02-01. The people, and what
// is marked （架空）, are invented; README.md says what is not.
package sample

import "embed"

// Files holds the CSV files, at the root. References lead from file to file, so
// that they are read together; their order does not matter.
//
//go:embed *.csv
var Files embed.FS
