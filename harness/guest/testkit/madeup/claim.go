package madeup

import (
	"encoding/binary"

	"culverin/guest/keccak"
)

// SetGame sets what a dispute game serves to a program: the newest L1 block, the block that is agreed on, and a claim.
func (world *World) SetGame(agreed int, claim keccak.Hash, number uint64) {
	root, head := world.Output(agreed), world.L1[len(world.L1)-1].Hash
	world.SetLocal(1, head[:])
	world.SetLocal(2, root[:])
	world.SetLocal(3, claim[:])
	world.SetLocal(4, binary.BigEndian.AppendUint64(nil, number))
	world.SetLocal(5, binary.BigEndian.AppendUint64(nil, ChainID))
}
