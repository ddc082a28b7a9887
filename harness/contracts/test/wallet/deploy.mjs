// Deploys the real contracts that a withdrawal needs on L1: portal, factory and dispute game with what they stand on. The
// answer has the addresses of the portal and the factory.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { encodeFunctionData, zeroAddress, zeroHash } from "viem";
import { answer, connect } from "./chains.mjs";

const require = createRequire(import.meta.url);
const artifact = (name) => {
  const { abi, bytecode } = JSON.parse(
    readFileSync(require.resolve(`@eth-optimism/contracts-bedrock/forge-artifacts/${name}.sol/${name}.json`), "utf8"));
  return { abi, bytecode: bytecode.object };
};

const gameType = 0;

// Deployer makes contracts, each once the one before is in a block.
class Deployer {
  constructor({ account, l1, l1Wallet }) {
    Object.assign(this, { account, l1, l1Wallet });
  }

  async mined(hash) {
    const receipt = await this.l1.waitForTransactionReceipt({ hash });
    if (receipt.status !== "success") {
      throw new Error(`transaction ${hash} failed`);
    }

    return receipt;
  }

  async create(name, ...args) {
    const hash = await this.l1Wallet.deployContract({ ...artifact(name), args });
    return (await this.mined(hash)).contractAddress;
  }

  // proxied makes a contract behind a proxy, not yet initialized.
  async proxied() {
    return this.create("Proxy", this.account.address);
  }

  // upgrade puts a contract behind a proxy and initializes it.
  async upgrade(proxy, name, creation, args) {
    const implementation = await this.create(name, ...creation);
    const data = encodeFunctionData({ abi: artifact(name).abi, functionName: "initialize", args });
    await this.write(proxy, "Proxy", "upgradeToAndCall", implementation, data);
  }

  async write(address, name, functionName, ...args) {
    await this.mined(await this.l1Wallet.writeContract({ address, abi: artifact(name).abi, functionName, args }));
  }
}

const resources = {
  maxResourceLimit: 20_000_000, elasticityMultiplier: 10, baseFeeMaxChangeDenominator: 8,
  minimumBaseFee: 1_000_000_000, systemTxMaxGas: 1_000_000, maximumBaseFee: 2n ** 128n - 1n,
};

await answer(async (question) => {
  const deployer = new Deployer(connect(question));
  const owner = deployer.account.address;
  const [superchain, system, portal, factory, registry, weth] = [
    await deployer.proxied(), await deployer.proxied(), await deployer.proxied(), await deployer.proxied(),
    await deployer.proxied(), await deployer.proxied(),
  ];
  await deployer.upgrade(superchain, "SuperchainConfig", [], [owner, false]);
  await deployer.upgrade(system, "SystemConfig", [], [
    owner, 1368, 810949, zeroHash, 30_000_000n, owner, resources, zeroAddress,
    {
      l1CrossDomainMessenger: zeroAddress, l1ERC721Bridge: zeroAddress, l1StandardBridge: zeroAddress,
      disputeGameFactory: factory, optimismPortal: portal, optimismMintableERC20Factory: zeroAddress,
      gasPayingToken: zeroAddress,
    },
  ]);
  await deployer.upgrade(factory, "DisputeGameFactory", [], [owner]);
  await deployer.upgrade(registry, "AnchorStateRegistry", [factory], [
    [{ gameType, outputRoot: { root: `0x${"11".repeat(32)}`, l2BlockNumber: 0n } }],
  ]);
  await deployer.upgrade(weth, "DelayedWETH", [0n], [owner, superchain]);
  await deployer.upgrade(portal, "OptimismPortal2", [question.maturitySeconds, question.finalitySeconds], [
    factory, system, superchain, gameType,
  ]);
  const machine = await deployer.create("MIPS", await deployer.create("PreimageOracle", 10_000n, 60n));
  const game = await deployer.create("FaultDisputeGame",
    gameType, `0x${"03".padEnd(64, "5")}`, 73n, 30n, 10n, question.clockSeconds, machine, weth, registry, question.l2ChainId);
  await deployer.write(factory, "DisputeGameFactory", "setImplementation", gameType, game);
  await deployer.write(factory, "DisputeGameFactory", "setInitBond", gameType, 80_000_000_000_000_000n);
  return { portal, factory };
});
