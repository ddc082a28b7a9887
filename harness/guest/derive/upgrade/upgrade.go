// Package upgrade holds the deposits with which a network upgrade changes an L2's contracts: they stand in the first
// block of the upgrade, behind the deposits of users (isthmus/derivation.md, "Network upgrade automation transactions";
// jovian/derivation.md, "Network Upgrade Transactions"). The code in folder bytecode is that of the rules' texts.
package upgrade

import (
	_ "embed" // The code stands in files.
	"encoding/hex"

	"culverin/guest/block"
	"culverin/guest/config"
	"culverin/guest/keccak"
)

//go:embed bytecode/isthmus-l1-block-deployment.bin
var isthmusL1Block []byte

//go:embed bytecode/isthmus-gas-price-oracle-deployment.bin
var isthmusGasPriceOracle []byte

//go:embed bytecode/isthmus-operator-fee-deployment.bin
var isthmusOperatorFeeVault []byte

//go:embed bytecode/jovian-l1-block-deployment.bin
var jovianL1Block []byte

//go:embed bytecode/jovian-gas-price-oracle-deployment.bin
var jovianGasPriceOracle []byte

// Proxies whose contract an upgrade replaces, and who says to the oracle that it begins (predeploys.md; deposits.md,
// "Special Accounts on L2").
var (
	gasPriceOracle   = block.Address{0: 0x42, 19: 0x0f}
	l1Block          = block.Address{0: 0x42, 19: 0x15}
	operatorFeeVault = block.Address{0: 0x42, 19: 0x1b}
	depositor        = block.Address{
		0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0xde, 0xad, 0, 1,
	}
)

// step is one deposit. It mints nothing and sends nothing along.
type step struct {
	// intent tells the deposits of all upgrades apart: their source hash follows from it.
	intent string
	from   block.Address
	// to is nil where a contract is made.
	to  *block.Address
	gas uint64
	// data are calldata, or the code that makes the contract.
	data []byte
}

// deployer makes the contract of one deposit: it has no other transaction, so that the contract's address is fixed.
func deployer(number byte) block.Address {
	return block.Address{0: 0x42, 1: 0x10, 19: number}
}

// update makes a proxy use another contract; the proxies let the address zero do so. The argument is a word of 32 bytes.
func update(intent string, proxy *block.Address, contract string) step {
	argument := append(make([]byte, 12), octets(contract)...)
	return step{intent: intent, to: proxy, gas: 50_000, data: append(selector("upgradeTo(address)"), argument...)}
}

// selector is the four bytes that begin a call.
func selector(signature string) []byte {
	hash := keccak.Sum([]byte(signature))
	return hash[:4]
}

// octets are the bytes of hex digits in this file; other text would be a fault of the file.
func octets(digits string) []byte {
	data, err := hex.DecodeString(digits)
	if err != nil {
		panic("upgrade: " + digits + " is not in hex digits")
	}

	return data
}

func isthmus() []step {
	return []step{
		{"Isthmus: L1 Block Deployment", deployer(3), nil, 425_000, isthmusL1Block},
		{"Isthmus: Gas Price Oracle Deployment", deployer(4), nil, 1_625_000, isthmusGasPriceOracle},
		{"Isthmus: Operator Fee Vault Deployment", deployer(5), nil, 500_000, isthmusOperatorFeeVault},
		update("Isthmus: L1 Block Proxy Update", &l1Block, "ff256497d61dcd71a9e9ff43967c13fde1f72d12"),
		update("Isthmus: Gas Price Oracle Proxy Update", &gasPriceOracle, "93e57a196454cb919193fa9946f14943cf733845"),
		update("Isthmus: Operator Fee Vault Proxy Update", &operatorFeeVault, "4fa2be8cd41504037f1838bce3bcc93bc68ff537"),
		{"Isthmus: Gas Price Oracle Set Isthmus", depositor, &gasPriceOracle, 90_000, selector("setIsthmus()")},
		// The contract of EIP-2935, by the account that the EIP names.
		{
			"Isthmus: EIP-2935 Contract Deployment",
			block.Address{
				0x34, 0x62, 0x41, 0x3a, 0xf4, 0x60, 0x90, 0x98, 0xe1, 0xe2, 0x7a, 0x49, 0x0f, 0x55, 0x4f, 0x26, 0x02, 0x13, 0xd6, 0x85,
			},
			nil, 250_000,
			octets("60538060095f395ff33373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f3560014303811160" +
				"4257611fff81430311604257611fff9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500"),
		},
	}
}

func jovian() []step {
	return []step{
		{"Jovian: L1Block Deployment", deployer(6), nil, 447_315, jovianL1Block},
		update("Jovian: L1Block Proxy Update", &l1Block, "3ba4007f5c922fbb33c454b41ea7a1f11e83df2c"),
		{"Jovian: GasPriceOracle Deployment", deployer(7), nil, 1_750_714, jovianGasPriceOracle},
		update("Jovian: GasPriceOracle Proxy Update", &gasPriceOracle, "4f1db3c6abd250ba86e0928471a8f7db3afd88f1"),
		{"Jovian: Gas Price Oracle Set Jovian", depositor, &gasPriceOracle, 90_000, selector("setJovian()")},
	}
}

// Deposits are those of a fork's first block, in their order, each as it stands in the block. Forks since Holocene that
// have none: Holocene.
func Deposits(fork config.Fork) (encoded [][]byte) {
	var steps []step
	switch fork {
	case config.Isthmus:
		steps = isthmus()
	case config.Jovian:
		steps = jovian()
	}

	for index := range steps {
		encoded = append(encoded, steps[index].deposit().Encode())
	}

	return encoded
}

func (step *step) deposit() *block.Transaction {
	return &block.Transaction{
		Type: block.DepositType, SourceHash: Source(step.intent), From: step.from, To: step.to, GasLimit: step.gas,
		Data: step.data,
	}
}

// Source is the source hash of a network upgrade's deposit (deposits.md, "Source hash computation").
func Source(intent string) keccak.Hash {
	return block.SourceHash(block.UpgradeSource, keccak.Sum([]byte(intent)))
}
