//go:build !mips

package oracle

// namesPrecompileGas: later oracle contracts (loadPrecompilePreimagePart(uint256,address,uint64,bytes)) name the gas too.
const namesPrecompileGas = true
