package oracle

// namesPrecompileGas: the oracle contract beside the 32-bit machine (contracts-bedrock 0.17.3,
// loadPrecompilePreimagePart(uint256,address,bytes)) knows no gas.
const namesPrecompileGas = false
