package edit

import (
	"context"
	"encoding/json"

	"github.com/musubi-map/musubi/internal/network"
	"github.com/musubi-map/musubi/internal/store"
)

// outcome is the answer to a write. All of it but the revision is known before
// the write is made.
type outcome interface{ made(revision int64) }

func (o *Outcome) made(revision int64)         { o.Revision = revision }
func (o *Transferred) made(revision int64)     { o.Revision = revision }
func (o *HearingRecorded) made(revision int64) { o.Revision = revision }
func (o *Reorganized) made(revision int64)     { o.Revision = revision }
func (o *Report) made(revision int64)          { o.Revision = revision }

// once does a write for somebody who may write. With a key in the intent it is
// done at most once: who tries it again, after a lost answer or a restart, gets
// what was answered then. A dry run writes nothing that could be answered again.
func once[T any, P interface {
	*T
	outcome
}](ctx context.Context, e *Editor, in Intent, dryRun bool, do func(Intent) (P, error)) (P, error) {
	if dryRun {
		in.Key = ""
	}
	in, err := in.checked()
	if err != nil {
		return nil, err
	}
	if in.Key == "" {
		return do(in)
	}
	if done, err := replay[T, P](ctx, e, in); done != nil || err != nil {
		return done, err
	}
	out, err := do(in)
	if err == nil {
		return out, nil
	}
	// The same write may have been made beside this one, or this one before its
	// answer was lost.
	if done, fault := replay[T, P](ctx, e, in); done != nil || network.CodeOf(fault) == network.InvalidValue {
		return done, fault
	}
	return out, err
}

// replay is the answer that was given under the key; nil when there was none.
func replay[T any, P interface {
	*T
	outcome
}](ctx context.Context, e *Editor, in Intent) (P, error) {
	r, err := e.Store.Receipt(ctx, in.Viewer.Actor, in.Key)
	if err != nil || r == nil {
		return nil, err
	}
	if r.Fingerprint != in.Request {
		return nil, network.Errorf(network.InvalidValue, "this key was used for another write; give each write a key of its own").At("idempotencyKey")
	}
	out := P(new(T))
	if err := json.Unmarshal([]byte(r.Outcome), out); err != nil {
		return nil, network.Errorf(network.Internal, "the answer kept under the key cannot be read: %v", err)
	}
	out.made(r.Revision)
	return out, nil
}

// receipt is what the write leaves under the key of the intent; nil without one.
func (in Intent) receipt(out outcome) (*store.Receipt, error) {
	if in.Key == "" {
		return nil, nil
	}
	data, err := json.Marshal(out)
	if err != nil {
		return nil, network.Errorf(network.Internal, "the answer cannot be kept: %v", err)
	}
	return &store.Receipt{Key: in.Key, Fingerprint: in.Request, Outcome: string(data)}, nil
}
