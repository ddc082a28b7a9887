package oracle

import (
	"crypto/sha256"
	"encoding/binary"

	"culverin/guest/keccak"
	"culverin/guest/u256"
)

// Sizes of EIP-4844 in bytes, and the number of a blob's field elements.
const (
	commitmentBytes = 48
	elementBytes    = 32
	blobElements    = 4096
)

// versionKZG is the first byte of a versioned hash: the others are the end of the commitment's SHA-256 hash.
const versionKZG = 1

// The scalar field of BLS12-381: its prime (EIP-4844, BLS_MODULUS), and a root of unity of order 4,096: the field's
// generator 7 to the power of (prime - 1) / 4,096.
var (
	blobPrime = number("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001")
	blobRoot  = number("564c0a11a0f704f4fc3e8acfe0f8245f0ad1347b378fbf96e206da11a5d36306")
)

// blobPlaces are the points at which a blob's field elements are the values of its polynomial, in the blob's own order
// (EIP-4844: bit-reversed), as 32 bytes each. They are made when the first blob is read.
var blobPlaces [][elementBytes]byte

// Blob returns the 131,072 bytes of a blob of an L1 block by its versioned hash. Its place among the block's blobs and the
// block's time only tell the host where to look. Elements are named by commitment and point (key type 5): the oracle
// contract takes them with a KZG proof. Nothing in the program can check them but that they are numbers of the field.
func (oracle *Oracle) Blob(versionedHash [32]byte, index, timestamp uint64) []byte {
	place := binary.BigEndian.AppendUint64(nil, index)
	oracle.Hint("l1-blob", versionedHash[:], binary.BigEndian.AppendUint64(place, timestamp))
	commitment := oracle.commitment(versionedHash)
	if blobPlaces == nil {
		blobPlaces = makeBlobPlaces()
	}

	blob := make([]byte, 0, blobElements*elementBytes)
	var value u256.Int
	for place := range blobPlaces {
		element := oracle.source.Get(keyOf(blobType, keccak.Sum(commitment, blobPlaces[place][:])))
		if len(element) == elementBytes {
			value.SetBytes(element)
		}

		if len(element) != elementBytes || !value.IsBelow(&blobPrime) {
			Fail("a field element of a blob is missing or none; the blob's versioned hash is", versionedHash[:])
		}

		blob = append(blob, element...)
	}

	return blob
}

// commitment returns the KZG commitment behind a versioned hash.
func (oracle *Oracle) commitment(versionedHash [32]byte) []byte {
	commitment := oracle.source.Get(keyOf(sha256Type, versionedHash))
	hash := sha256.Sum256(commitment)
	hash[0] = versionKZG
	if hash != versionedHash || len(commitment) != commitmentBytes {
		Fail("a KZG commitment is missing or does not have the versioned hash that it was asked by", versionedHash[:])
	}

	return commitment
}

func makeBlobPlaces() [][elementBytes]byte {
	places := make([][elementBytes]byte, blobElements)
	power := u256.New(1)
	for exponent := uint32(0); exponent < blobElements; exponent++ {
		places[reversed(exponent)] = power.Bytes32()
		power.MulMod(&power, &blobRoot, &blobPrime)
	}

	return places
}

// reversed turns the twelve bits of a place round.
func reversed(place uint32) (result uint32) {
	for bit := uint32(1); bit < blobElements; bit *= 2 {
		result *= 2
		if place&bit != 0 {
			result++
		}
	}

	return result
}

// number reads 32 bytes in hex.
func number(digits string) (value u256.Int) {
	var data [elementBytes]byte
	for place := range digits {
		digit := digits[place]
		if digit >= 'a' {
			digit -= 'a' - '9' - 1
		}

		data[place/2] = data[place/2]<<4 | (digit - '0')
	}

	value.SetBytes(data[:])
	return value
}
