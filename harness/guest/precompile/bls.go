package precompile

import "culverin/guest/config"

// The contracts of BLS12-381 (EIP-2537, "Specification"): addresses 0x0b to 0x11, all computed by L1.
var bls = [numberBlsLast - numberBlsFirst + 1]contract{
	// G1 addition: two points of 128 bytes.
	{gas: fixed(375), check: exactly(256), outputs: []int{128}},
	// G1 multi-scalar multiplication: pairs of a point and 32 bytes.
	{
		gas:     msmGas(blsG1Pair, 12000, &blsG1Discounts),
		check:   multiples(blsG1Pair, 513760, 288960),
		outputs: []int{128},
	},
	// G2 addition: two points of 256 bytes.
	{gas: fixed(600), check: exactly(512), outputs: []int{256}},
	// G2 multi-scalar multiplication.
	{
		gas:     msmGas(blsG2Pair, 22500, &blsG2Discounts),
		check:   multiples(blsG2Pair, 488448, 278784),
		outputs: []int{256},
	},
	// Pairing check: pairs of a point of G1 and one of G2.
	{gas: blsPairingGas, check: multiples(blsPairingPair, 235008, 156672), outputs: []int{32}},
	// A field element to a point of G1, and one of the quadratic extension to a point of G2.
	{gas: fixed(5500), check: exactly(64), outputs: []int{128}},
	{gas: fixed(23800), check: exactly(128), outputs: []int{256}},
}

const (
	blsG1Pair      = 128 + 32
	blsG2Pair      = 256 + 32
	blsPairingPair = 128 + 256
)

// multiples allows one pair or more, and on L2 no more than a limit: Isthmus (isthmus/exec-engine.md, "BLS
// Precompiles"), lower from Jovian (jovian/exec-engine.md, "Precompile Input Size Restrictions"). L1 has none.
func multiples(pair, isthmus, jovian int) func(int, *config.Rules) bool {
	return func(length int, rules *config.Rules) bool {
		if length == 0 || length%pair != 0 {
			return false
		}

		switch {
		case rules.Jovian:
			return length <= jovian
		case rules.Isthmus:
			return length <= isthmus
		}

		return true
	}
}

// msmGas is k · multiplication · discount / 1000 (EIP-2537, "G1/G2 MSM").
func msmGas(pair int, multiplication uint64, discounts *[128]uint16) func(input []byte) (uint64, bool) {
	return func(input []byte) (uint64, bool) {
		pairs := uint64(len(input) / pair)
		if pairs == 0 {
			return 0, true
		}

		row := pairs
		if row > uint64(len(discounts)) {
			row = uint64(len(discounts))
		}

		return pairs * multiplication * uint64(discounts[row-1]) / 1000, true
	}
}

func blsPairingGas(input []byte) (uint64, bool) {
	return 37700 + 32600*uint64(len(input)/blsPairingPair), true
}

// pairingGas is that of BN254 by EIP-1108; a pair has 192 bytes.
func pairingGas(input []byte) (uint64, bool) {
	return 45000 + 34000*uint64(len(input)/bn254Pair), true
}

const bn254Pair = 192

// checkPairing: any number of pairs (EIP-197), on L2 no more bytes than Granite (granite/exec-engine.md) and Jovian
// (jovian/exec-engine.md, "Precompile Input Size Restrictions") allow.
func checkPairing(length int, rules *config.Rules) bool {
	switch {
	case length%bn254Pair != 0:
		return false
	case rules.Jovian:
		return length <= 81984
	case rules.Granite:
		return length <= 112687
	}

	return true
}

// Discounts of multi-scalar multiplications in thousandths, by the number of pairs from 1 on; the last one holds for all
// above (EIP-2537, "G1/G2 MSM").
var blsG1Discounts = [128]uint16{
	1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677,
	673, 669, 665, 661, 658, 654, 651, 648, 645, 642, 640, 637, 635, 632, 630, 627,
	625, 623, 621, 619, 617, 615, 613, 611, 609, 608, 606, 604, 603, 601, 599, 598,
	596, 595, 593, 592, 591, 589, 588, 586, 585, 584, 582, 581, 580, 579, 577, 576,
	575, 574, 573, 572, 570, 569, 568, 567, 566, 565, 564, 563, 562, 561, 560, 559,
	558, 557, 556, 555, 554, 553, 552, 551, 550, 549, 548, 547, 547, 546, 545, 544,
	543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534, 533, 532, 532, 531,
	530, 529, 528, 528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520, 520, 519,
}

var blsG2Discounts = [128]uint16{
	1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717,
	711, 704, 699, 693, 688, 683, 679, 674, 670, 666, 663, 659, 655, 652, 649, 646,
	643, 640, 637, 634, 632, 629, 627, 624, 622, 620, 618, 615, 613, 611, 609, 607,
	606, 604, 602, 600, 598, 597, 595, 593, 592, 590, 589, 587, 586, 584, 583, 582,
	580, 579, 578, 576, 575, 574, 573, 571, 570, 569, 568, 567, 566, 565, 563, 562,
	561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 552, 551, 550, 549, 548, 547,
	546, 545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537, 537, 536, 535, 535,
	534, 533, 532, 532, 531, 530, 530, 529, 528, 528, 527, 526, 526, 525, 524, 524,
}
