package block

import (
	"math/big"

	"culverin/guest/u256"
)

// BlobBaseFee is the price of a unit of blob gas in wei (EIP-4844, get_base_fee_per_blob_gas): about e to the power of
// excess / fraction, by the EIP's own series. The fraction is the fork's BLOB_BASE_FEE_UPDATE_FRACTION and not zero. A
// price of more than 256 bits cannot come about on a chain; it is cut to them.
func BlobBaseFee(excess, fraction uint64) (fee u256.Int) {
	numerator, denominator := new(big.Int).SetUint64(excess), new(big.Int).SetUint64(fraction)
	sum, term := new(big.Int), new(big.Int).Set(denominator)
	for index := int64(1); term.Sign() > 0; index++ {
		sum.Add(sum, term)
		term.Mul(term, numerator)
		term.Div(term, new(big.Int).Mul(denominator, big.NewInt(index)))
		if sum.BitLen() > 512 {
			break
		}
	}

	data := sum.Div(sum, denominator).Bytes()
	if len(data) > u256.Bytes {
		data = data[len(data)-u256.Bytes:]
	}

	fee.SetBytes(data)
	return fee
}
