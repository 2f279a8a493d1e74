package town

import (
	"fmt"
	"math/rand/v2"

	"github.com/musubi-map/musubi/internal/network"
)

// builder streams one municipality.
type builder struct {
	*Map
	*stream
	*layout
	index int
	r     *rand.Rand
	// holder is who holds each post now, by the number of the post; -1: nobody.
	holder []int
}

func (b *builder) build() {
	b.stakeholders()
	b.posts()
	b.work()
	b.wants()
	b.ties()
}

// chance is true so often.
func (b *builder) chance(p float64) bool { return b.r.Float64() < p }

// add streams the nth record of a part.
func (b *builder) add(p part, n int, kind string, fields map[string]any) {
	b.put(b.id(p, n), kind, fields)
}

// town is the word for the municipality in names.
func (b *builder) town() word {
	return word{fmt.Sprintf("架空%d市", b.index+1), fmt.Sprintf("かくう%dし", b.index+1)}
}

// stakeholder streams a party with what all parties have.
func (b *builder) stakeholder(p part, n int, name, kana string, more map[string]any) {
	more["name"], more["nameKana"], more["area"] = name, kana, b.id(area, 0)
	if b.chance(0.3) {
		more["topics"] = b.topics(1 + b.r.IntN(3))
	}
	if b.chance(0.4) {
		more["description"] = name + "。計測のために作られた架空の関係者。"
	}
	if b.chance(0.3) {
		more["from"] = some(b.r, 1960, 2015)
	}
	b.add(p, n, kindOf[p], more)
}

// topics are a few, the first ones more often.
func (b *builder) topics(n int) []network.ID {
	var out []network.ID
	for range n {
		out = append(out, topicID(b.topic()))
	}
	return out
}

func (b *builder) topic() int { return b.skewed(len(topicNames), 2) }

// skewed draws from 0 to n-1, small numbers the more often the greater the power:
// number k has a share of about k^(1/power - 1).
func (b *builder) skewed(n int, power int) int {
	u := b.r.Float64()
	x := u
	for range power - 1 {
		x *= u
	}
	return int(x * float64(n))
}

// staff is how many people work in a body: many are small.
func (b *builder) staff(most int) int64 { return int64(1 + b.skewed(most, 4)) }
