package storetest

import (
	"math"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/musubi-map/musubi/internal/network"
)

const endOfTime = time.Duration(math.MaxInt64)

// registerState is a record as it stands.
type registerState struct {
	version int64
	value   string
}

// registerCall is an update of a version, or a read when that is 0.
type registerCall struct {
	id      network.ID
	version int64
	value   string
}

// registerAnswer is what was read or written, or why it was not.
type registerAnswer struct {
	code    network.ErrorCode
	version int64
	value   string
}

// registers are records that are updated by version.
var registers = porcupine.NondeterministicModel{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		of := map[network.ID][]porcupine.Operation{}
		for _, op := range history {
			id := op.Input.(registerCall).id
			of[id] = append(of[id], op)
		}
		var out [][]porcupine.Operation
		for _, ops := range of {
			out = append(out, ops)
		}
		return out
	},
	Init: func() []any { return []any{registerState{1, "0"}} },
	Step: func(state, input, output any) []any {
		return step(state.(registerState), input.(registerCall), output.(registerAnswer))
	},
}

// step gives the states that may follow; none when the answer cannot be.
func step(now registerState, call registerCall, answer registerAnswer) []any {
	meets := call.version == now.version
	next := registerState{now.version + 1, call.value}
	switch {
	case call.version == 0 && answer == registerAnswer{"", now.version, now.value}, answer.code == network.Conflict && !meets:
		return []any{now}
	case call.version != 0 && answer.code == "" && meets:
		return []any{next}
	case answer.code == network.OutcomeUnknown && meets:
		return []any{now, next}
	case answer.code == network.OutcomeUnknown:
		return []any{now}
	}
	return nil
}
