package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// sidesOf are those that have words for a question.
func (s *setting) sidesOf(q question) (out []*side) {
	for _, x := range s.sides {
		if q.words(x.name) != "" {
			out = append(out, x)
		}
	}
	return out
}

// prepare holds the answers of the sides against each other and warms them up.
func (s *setting) prepare(ctx context.Context, q question) error {
	sides := s.sidesOf(q)
	if err := q.agree(ctx, sides); err != nil {
		return err
	}
	for _, x := range sides {
		if _, err := q.drive(ctx, x, s.clients, s.warm); err != nil {
			return err
		}
	}
	return nil
}

// measure asks the sides in turn. No side is always first.
func (s *setting) measure(ctx context.Context, q question) error {
	sides := s.sidesOf(q)
	runs := map[string][]run{}
	for round := range s.rounds {
		for i := range sides {
			x := sides[(i+round)%len(sides)]
			r, err := q.drive(ctx, x, s.clients, s.each)
			if err != nil {
				return err
			}
			runs[x.name] = append(runs[x.name], r)
		}
	}
	hits := map[string]float64{}
	for _, x := range sides {
		if !q.writes && (x.name == ourStatement || x.name == bare) {
			var err error
			if hits[x.name], err = q.hits(ctx, x); err != nil {
				return err
			}
		}
	}
	hits[onNeo4j] = hits[ourStatement] // the same statements
	report(q, sides, runs, hits)
	return nil
}

// spreadOf are the median, the least and the greatest.
func spreadOf(values []float64) (median, least, greatest float64) {
	slices.Sort(values)
	return values[len(values)/2], values[0], values[len(values)-1]
}

// each is a figure of every round.
func each(runs []run, of func(run) float64) []float64 {
	out := make([]float64, len(runs))
	for i, r := range runs {
		out[i] = of(r)
	}
	return out
}

// times is a figure as a multiple of another's, round by round.
func times(as, bs []run, of func(run) float64) []float64 {
	out := each(as, of)
	for i, b := range each(bs, of) {
		out[i] /= b
	}
	return out
}

func perSecond(r run) float64 { return r.perSecond }

func tail(r run) float64 { return r.p99.Seconds() * 1000 } // ms

func report(q question, sides []*side, runs map[string][]run, hits map[string]float64) {
	fmt.Printf("\n### %s\n\n| side | req/s (least–most) | p50 ms | p99 ms | statements | database hits | KiB allocated |\n|---|---|---|---|---|---|---|\n", q.name)
	for _, x := range sides {
		rs := runs[x.name]
		median, least, most := spreadOf(each(rs, perSecond))
		p50, _, _ := spreadOf(each(rs, func(r run) float64 { return r.p50.Seconds() * 1000 }))
		p99, _, _ := spreadOf(each(rs, tail))
		statements, _, _ := spreadOf(each(rs, func(r run) float64 { return r.statements }))
		allocated, _, _ := spreadOf(each(rs, func(r run) float64 { return r.allocated / 1024 }))
		fmt.Printf("| %s | %.0f (%.0f–%.0f) | %.2f | %.2f | %s | %s | %s |\n", x.name, median, least, most, p50, p99,
			given(statements, x.name == onNeo4j), given(hits[x.name], hits[x.name] > 0), given(allocated, x.counted))
	}
	for _, name := range []string{bare, neo4jGraphQL, postgraphile} {
		if why := q.why[name]; why != "" {
			fmt.Printf("| %s | cannot: %s | | | | | |\n", name, why)
		}
	}
	fmt.Println()
	for _, name := range []string{onNeo4j, embedded} {
		var parts []string
		for _, x := range sides {
			if x.name != name && runs[name] != nil && x.name != onNeo4j && x.name != embedded {
				parts = append(parts, ratio(x.name, runs[name], runs[x.name]))
			}
		}
		if len(parts) > 0 {
			fmt.Printf("- %s: %s\n", name, strings.Join(parts, "; "))
		}
	}
}

func given(v float64, there bool) string {
	if !there {
		return ""
	}
	return fmt.Sprintf("%.1f", v)
}

// ratio is how many times as many requests a second, round by round, and how many
// times the p99.
func ratio(name string, ours, theirs []run) string {
	rate, least, most := spreadOf(times(ours, theirs, perSecond))
	p99, _, _ := spreadOf(times(ours, theirs, tail))
	return fmt.Sprintf("%.2f× %s (%.2f–%.2f), p99 %.2f×", rate, name, least, most, p99)
}

// reportMemory says what the servers take after all workloads.
func (s *setting) reportMemory() error {
	fmt.Printf("\n## Memory after all workloads\n\n| server | MiB |\n|---|---|\n")
	for _, x := range s.sides {
		mib, err := memoryOf(x.pid)
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %d |\n", x.name, mib)
	}
	for name, pid := range map[string]int{"Neo4j": s.neoPID(), "PostgreSQL": s.postgresPID} {
		if pid == 0 {
			continue
		}
		mib, err := memoryOf(pid)
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %d |\n", name, mib)
	}
	fmt.Printf("\nLoad average at the end: %s.\n", loadAverage())
	return nil
}

func (s *setting) neoPID() int {
	if s.neo == nil {
		return 0
	}
	return s.neo.PID()
}
