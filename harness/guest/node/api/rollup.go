package api

import (
	"context"

	"culverin/guest/derive"
	"culverin/guest/node/hexjson"
	"culverin/guest/node/ledger"
	"culverin/guest/node/rpc"
)

// l1Form and l2Form are references to blocks as op-node writes them: numbers are JSON numbers.
type l1Form struct {
	Hash       hexjson.Hash `json:"hash"`
	Number     uint64       `json:"number"`
	ParentHash hexjson.Hash `json:"parentHash"`
	Timestamp  uint64       `json:"timestamp"`
}

type idForm struct {
	Hash   hexjson.Hash `json:"hash"`
	Number uint64       `json:"number"`
}

type l2Form struct {
	Hash           hexjson.Hash `json:"hash"`
	Number         uint64       `json:"number"`
	ParentHash     hexjson.Hash `json:"parentHash"`
	Timestamp      uint64       `json:"timestamp"`
	Origin         idForm       `json:"l1origin"`
	SequenceNumber uint64       `json:"sequenceNumber"`
}

type syncForm struct {
	CurrentL1          l1Form `json:"current_l1"`
	CurrentL1Finalized l1Form `json:"current_l1_finalized"`
	HeadL1             l1Form `json:"head_l1"`
	SafeL1             l1Form `json:"safe_l1"`
	FinalizedL1        l1Form `json:"finalized_l1"`
	UnsafeL2           l2Form `json:"unsafe_l2"`
	SafeL2             l2Form `json:"safe_l2"`
	FinalizedL2        l2Form `json:"finalized_l2"`
	PendingSafeL2      l2Form `json:"pending_safe_l2"`
	CrossUnsafeL2      l2Form `json:"cross_unsafe_l2"`
	LocalSafeL2        l2Form `json:"local_safe_l2"`
}

func newL1Form(of derive.L1Block) l1Form {
	return l1Form{Hash: of.Hash, Number: of.Number, Timestamp: of.Timestamp}
}

// l2Form refers to an L2 block.
func (api *API) l2Form(of *ledger.Block) (l2Form, error) {
	form := l2Form{
		Hash: hexjson.Hash(of.Hash), Number: of.Header.Number, ParentHash: hexjson.Hash(of.Header.ParentHash),
		Timestamp: of.Header.Timestamp,
	}
	if of.Hash == api.chain.Genesis().Hash {
		origin := &api.rollup.Genesis.L1
		form.Origin = idForm{origin.Hash, origin.Number}
		return form, nil
	}

	attributes, err := of.L1Attributes()
	if err == nil {
		form.Origin = idForm{hexjson.Hash(attributes.Hash), attributes.Number}
		form.SequenceNumber = attributes.SequenceNumber
	}

	return form, err
}

func (api *API) syncStatus(context.Context, rpc.Parameters) (interface{}, error) {
	return api.sync()
}

func (api *API) sync() (*syncForm, error) {
	status, heads := api.node.Status(), api.chain.Heads()
	form := &syncForm{
		CurrentL1: newL1Form(status.CurrentL1), CurrentL1Finalized: newL1Form(status.FinalizedL1),
		HeadL1: newL1Form(status.HeadL1), SafeL1: newL1Form(status.SafeL1), FinalizedL1: newL1Form(status.FinalizedL1),
	}
	var err error
	for target, head := range map[*l2Form]*ledger.Block{
		&form.UnsafeL2: heads.Unsafe, &form.SafeL2: heads.Safe, &form.FinalizedL2: heads.Finalized,
	} {
		if *target, err = api.l2Form(head); err != nil {
			return nil, err
		}
	}

	form.PendingSafeL2, form.LocalSafeL2, form.CrossUnsafeL2 = form.SafeL2, form.SafeL2, form.UnsafeL2
	return form, nil
}

// outputAtBlock is the output root of a block with all it is made of (rollup-node.md, "Output Method API").
func (api *API) outputAtBlock(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var at tag
	if err := parameters.Read(1, &at); err != nil {
		return nil, err
	}

	found, err := api.find(at)
	if err != nil {
		return nil, err
	}

	output, err := api.chain.Output(found)
	if err != nil {
		return nil, err
	}

	reference, err := api.l2Form(found)
	if err != nil {
		return nil, err
	}

	status, err := api.sync()
	if err != nil {
		return nil, err
	}

	return map[string]interface{}{
		"version": hexjson.Hash{}, "outputRoot": hexjson.Hash(output.Root()), "blockRef": reference,
		"withdrawalStorageRoot": hexjson.Hash(output.MessagePasserRoot), "stateRoot": hexjson.Hash(output.StateRoot),
		"syncStatus": status,
	}, nil
}

func (api *API) rollupConfig(context.Context, rpc.Parameters) (interface{}, error) {
	return api.rollupFile, nil
}

// safeHeadAtL1Block tells which L2 block was safe once an L1 block was read.
func (api *API) safeHeadAtL1Block(_ context.Context, parameters rpc.Parameters) (interface{}, error) {
	var number hexjson.Quantity
	if err := parameters.Read(1, &number); err != nil {
		return nil, err
	}

	if current := api.node.Status().CurrentL1.Number; uint64(number) > current {
		return nil, rpc.Fail(rpc.CodeNotFound, "L1 was read up to block %d only", current)
	}

	head, err := api.chain.SafeHeadAt(uint64(number))
	if err != nil {
		return nil, err
	}

	if head == nil {
		return nil, rpc.Fail(rpc.CodeNotFound, "no safe head is known at this L1 block")
	}

	return map[string]idForm{
		"l1Block":  {hexjson.Hash(head.L1Hash), head.L1Number},
		"safeHead": {hexjson.Hash(head.L2Hash), head.L2Number},
	}, nil
}
