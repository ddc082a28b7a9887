package evm

import (
	"unsafe"

	"culverin/guest/keccak"
	"culverin/guest/u256"
)

func add(f *frame, _ uint32) {
	t := f.top()
	t[1].Add(&t[0], &t[1])
	f.offset += wordBytes
}

func mul(f *frame, _ uint32) {
	t := f.top()
	t[1].Mul(&t[0], &t[1])
	f.offset += wordBytes
}

func sub(f *frame, _ uint32) {
	t := f.top()
	t[1].Sub(&t[0], &t[1])
	f.offset += wordBytes
}

func div(f *frame, _ uint32) {
	t := f.top()
	t[1].Div(&t[0], &t[1])
	f.offset += wordBytes
}

func signedDiv(f *frame, _ uint32) {
	t := f.top()
	t[1].SignedDiv(&t[0], &t[1])
	f.offset += wordBytes
}

func mod(f *frame, _ uint32) {
	t := f.top()
	t[1].Mod(&t[0], &t[1])
	f.offset += wordBytes
}

func signedMod(f *frame, _ uint32) {
	t := f.top()
	t[1].SignedMod(&t[0], &t[1])
	f.offset += wordBytes
}

func addMod(f *frame, _ uint32) {
	t := f.top()
	t[2].AddMod(&t[0], &t[1], &t[2])
	f.offset += 2 * wordBytes
}

func mulMod(f *frame, _ uint32) {
	t := f.top()
	t[2].MulMod(&t[0], &t[1], &t[2])
	f.offset += 2 * wordBytes
}

// exp costs 50 gas for each byte of the exponent (EIP-160).
func exp(f *frame, _ uint32) {
	t := f.top()
	if !f.spend(50 * uint64((t[1].BitLen()+7)/8)) {
		return
	}

	t[1].Exp(&t[0], &t[1])
	f.offset += wordBytes
}

func signExtend(f *frame, _ uint32) {
	t := f.top()
	t[1].SignExtend(&t[0], &t[1])
	f.offset += wordBytes
}

func isBelow(f *frame, _ uint32) {
	t := f.top()
	t[1].SetBool(t[0].IsBelow(&t[1]))
	f.offset += wordBytes
}

func isAbove(f *frame, _ uint32) {
	t := f.top()
	t[1].SetBool(t[1].IsBelow(&t[0]))
	f.offset += wordBytes
}

func isSignedBelow(f *frame, _ uint32) {
	t := f.top()
	t[1].SetBool(t[0].IsSignedBelow(&t[1]))
	f.offset += wordBytes
}

func isSignedAbove(f *frame, _ uint32) {
	t := f.top()
	t[1].SetBool(t[1].IsSignedBelow(&t[0]))
	f.offset += wordBytes
}

func equals(f *frame, _ uint32) {
	t := f.top()
	t[1].SetBool(t[0].Equals(&t[1]))
	f.offset += wordBytes
}

func isZero(f *frame, _ uint32) {
	t := f.top()
	t[0].SetBool(t[0].IsZero())
}

func and(f *frame, _ uint32) {
	t := f.top()
	t[1].And(&t[0], &t[1])
	f.offset += wordBytes
}

func or(f *frame, _ uint32) {
	t := f.top()
	t[1].Or(&t[0], &t[1])
	f.offset += wordBytes
}

func xor(f *frame, _ uint32) {
	t := f.top()
	t[1].Xor(&t[0], &t[1])
	f.offset += wordBytes
}

func not(f *frame, _ uint32) {
	t := f.top()
	t[0].Not(&t[0])
}

func byteOf(f *frame, _ uint32) {
	t := f.top()
	t[1].Byte(&t[0], &t[1])
	f.offset += wordBytes
}

// distance reads how far to shift (EIP-145): everything from 256 on is the same.
func distance(count *u256.Int) uint {
	if !count.IsUint64() || count[0] > 256 {
		return 256
	}

	return uint(count[0])
}

func shiftLeft(f *frame, _ uint32) {
	t := f.top()
	t[1].ShiftLeft(&t[1], distance(&t[0]))
	f.offset += wordBytes
}

func shiftRight(f *frame, _ uint32) {
	t := f.top()
	t[1].ShiftRight(&t[1], distance(&t[0]))
	f.offset += wordBytes
}

func shiftRightSigned(f *frame, _ uint32) {
	t := f.top()
	t[1].ShiftRightSigned(&t[1], distance(&t[0]))
	f.offset += wordBytes
}

// keccak256 costs 6 gas for each word.
func keccak256(f *frame, _ uint32) {
	t := f.top()
	data, ok := f.reach(&t[0], &t[1], 6)
	if !ok {
		return
	}

	if len(data) == 2*wordBytes {
		t[1].Set(f.machine.hashes.of((*[2 * wordBytes]byte)(data)))
	} else {
		hash := keccak.Sum(data)
		t[1].LoadBytes32((*[wordBytes]byte)(&hash))
	}

	f.offset += wordBytes
}

func pop(f *frame, _ uint32) {
	f.offset += wordBytes
}

// pushSmall pushes a constant below 2^32.
func pushSmall(f *frame, value uint32) {
	f.offset -= wordBytes
	f.top()[0].SetUint64(uint64(value))
}

// pushLarge pushes a constant by its number.
func pushLarge(f *frame, number uint32) {
	f.offset -= wordBytes
	f.top()[0].Set(&f.program.constants[number])
}

// duplicate pushes the word that lies some bytes behind the top. SAFETY: within the stack, see frame.
func duplicate(f *frame, distance uint32) {
	t := f.top()
	f.offset -= wordBytes
	f.top()[0].Set((*u256.Int)(unsafe.Add(unsafe.Pointer(t), distance)))
}

// swap exchanges the top with the word that lies some bytes behind it. SAFETY: within the stack, see frame.
func swap(f *frame, distance uint32) {
	upper := &f.top()[0]
	lower := (*u256.Int)(unsafe.Add(unsafe.Pointer(upper), distance))
	upper[0], lower[0] = lower[0], upper[0]
	upper[1], lower[1] = lower[1], upper[1]
	upper[2], lower[2] = lower[2], upper[2]
	upper[3], lower[3] = lower[3], upper[3]
}
