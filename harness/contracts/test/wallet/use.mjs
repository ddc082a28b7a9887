// What a wallet asks a node of an L2 and sends to it: balances, fees, estimates, a transaction, its receipt, logs, and a
// withdrawal, which is begun. Whatever does not fit together ends the step with an error.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { erc20Abi, parseEther } from "viem";
import { getWithdrawals } from "viem/op-stack";
import { answer, connect } from "./chains.mjs";

const require = createRequire(import.meta.url);
const passerAbi = JSON.parse(readFileSync(require.resolve(
  "@eth-optimism/contracts-bedrock/forge-artifacts/L2ToL1MessagePasser.sol/L2ToL1MessagePasser.json"), "utf8")).abi;
const passer = "0x4200000000000000000000000000000000000016";

// reads compares what the node says in several ways.
const reads = async (l2, account, friend) => {
  const head = await l2.getBlock({ includeTransactions: true });
  assert.equal(await l2.getChainId(), l2.chain.id);
  assert.equal((await l2.getBlock({ blockHash: head.hash })).number, head.number);
  assert.equal(head.transactions[0].typeHex, "0x7e");
  assert.ok(await l2.getBalance({ address: account.address }) > parseEther("1"));
  assert.equal(await l2.getBalance({ address: friend }), 0n);
  const fees = await l2.estimateFeesPerGas();
  assert.ok(fees.maxFeePerGas > head.baseFeePerGas && fees.maxPriorityFeePerGas >= 0n);
  const history = await l2.getFeeHistory({ blockCount: 2, rewardPercentiles: [50] });
  assert.equal(history.baseFeePerGas.length, 3);
  // Blocks go on while this asks; the base fee falls a little with each empty one.
  assert.ok(2n * (await l2.getGasPrice()) >= head.baseFeePerGas);
  assert.equal(await l2.estimateGas({ account, to: friend, value: 1n }), 21_000n);
  const l1Fee = await l2.estimateL1Fee({ account, to: friend, value: 1n });
  assert.ok(l1Fee > 0n);
  assert.ok(await l2.estimateTotalFee({ account, to: friend, value: 1n }) > l1Fee);
  await assert.rejects(l2.readContract({ address: friend, abi: erc20Abi, functionName: "totalSupply" }));
};

// sends pays a friend and finds the transaction again.
const sends = async (l2, wallet, account, friend) => {
  const before = await l2.getBalance({ address: account.address });
  const hash = await wallet.sendTransaction({ to: friend, value: 7n });
  const receipt = await l2.waitForTransactionReceipt({ hash });
  assert.equal(receipt.status, "success");
  assert.equal((await l2.getTransaction({ hash })).blockNumber, receipt.blockNumber);
  assert.equal(await l2.getBalance({ address: friend }), 7n);
  const paid = receipt.gasUsed * receipt.effectiveGasPrice + receipt.l1Fee + 7n;
  assert.equal(await l2.getBalance({ address: account.address }), before - paid);
  assert.equal(await l2.getTransactionCount({ address: account.address }), 1);
};

await answer(async (question) => {
  const { account, l1, l2, l2Wallet } = connect(question);
  await reads(l2, account, question.friend);
  await sends(l2, l2Wallet, account, question.friend);

  const request = await l1.buildInitiateWithdrawal({ account, to: question.recipient, value: 1_000n, gas: 50_000n });
  const hash = await l2Wallet.initiateWithdrawal({ ...request, gas: null });
  const receipt = await l2.waitForTransactionReceipt({ hash });
  const [withdrawal] = getWithdrawals(receipt);
  const logs = await l2.getContractEvents({
    address: passer, abi: passerAbi, eventName: "MessagePassed", fromBlock: 0n, strict: true,
  });
  assert.deepEqual(logs.map((log) => log.args.withdrawalHash), [withdrawal.withdrawalHash]);
  assert.equal(await l2.readContract({
    address: passer, abi: passerAbi, functionName: "sentMessages", args: [withdrawal.withdrawalHash],
  }), true);
  return { hash, block: receipt.blockNumber };
});
