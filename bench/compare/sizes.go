package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// sizes asks ours the same questions about a small map and a large one, each about
// its own subjects, in turn within one run: how much more do they cost there?
func sizes(ctx context.Context, o options) (err error) {
	o.without = strings.Join([]string{ourStatement, bare, neo4jGraphQL, postgraphile}, ",")
	small, large := o, o
	large.town.Municipalities = o.against
	var maps []*setting
	var questions [][]question
	for _, o := range []options{small, large} {
		s, err := newSetting(o)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.tearDown(context.WithoutCancel(ctx))) }()
		if err := s.setUp(ctx, s.startEmbedded, s.startOnNeo4j); err != nil {
			return err
		}
		qs, err := s.questions(ctx)
		if err != nil {
			return err
		}
		maps, questions = append(maps, s), append(questions, slices.DeleteFunc(qs, func(q question) bool { return q.writes }))
	}
	o.sayHow()
	for i := range questions[0] {
		for n, s := range maps {
			if err := s.prepare(ctx, questions[n][i]); err != nil {
				return fmt.Errorf("%s: %w", questions[n][i].name, err)
			}
		}
	}
	fmt.Printf("\n| workload | store | req/s, %d municipalities | req/s, %d | costs there | p99 there |\n|---|---|---|---|---|---|\n", max(1, small.town.Municipalities), o.against)
	for i := range questions[0] {
		if err := o.compareSizes(ctx, maps, questions[0][i], questions[1][i]); err != nil {
			return err
		}
	}
	for _, s := range maps {
		if err := s.reportMemory(); err != nil {
			return err
		}
	}
	return nil
}

// compareSizes asks both maps in turn; the sides of both stand in the same order.
func (o options) compareSizes(ctx context.Context, maps []*setting, questions ...question) error {
	for at, x := range maps[0].sides {
		var runs [2][]run
		for round := range o.rounds {
			for n := range maps {
				n = (n + round) % len(maps)
				r, err := questions[n].drive(ctx, maps[n].sides[at], o.clients, o.each)
				if err != nil {
					return fmt.Errorf("%s: %w", questions[n].name, err)
				}
				runs[n] = append(runs[n], r)
			}
		}
		few, _, _ := spreadOf(each(runs[0], perSecond))
		many, _, _ := spreadOf(each(runs[1], perSecond))
		cost, least, most := spreadOf(times(runs[0], runs[1], perSecond))
		p99, _, _ := spreadOf(times(runs[1], runs[0], tail))
		fmt.Printf("| %s | %s | %.0f | %.0f | %.2f× (%.2f–%.2f) | %.2f× |\n", questions[0].name, x.name, few, many, cost, least, most, p99)
	}
	return nil
}
