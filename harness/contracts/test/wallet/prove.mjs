// Proves a withdrawal in the real portal by the game that covers it, or with "finalize" ends it: the dispute game is
// resolved and the portal pays.
import assert from "node:assert/strict";
import { getWithdrawals } from "viem/op-stack";
import { answer, connect } from "./chains.mjs";

const gameAbi = ["resolveClaim", "resolve"].map((name) => ({
  type: "function", name, stateMutability: "nonpayable", outputs: [],
  inputs: name === "resolve" ? [] : [{ type: "uint256" }, { type: "uint256" }],
}));

const mined = async (l1, hash) => {
  const receipt = await l1.waitForTransactionReceipt({ hash });
  assert.equal(receipt.status, "success");
};

await answer(async (question) => {
  const { account, second, l1, l1Wallet, l2 } = connect(question);
  const receipt = await l2.getTransactionReceipt({ hash: question.hash });
  const [withdrawal] = getWithdrawals(receipt);
  const game = await l1.getGame({ l2BlockNumber: receipt.blockNumber, targetChain: second });
  if (!question.finalize) {
    const output = await l1.getL2Output({ l2BlockNumber: receipt.blockNumber, targetChain: second });
    assert.ok(output.l2BlockNumber >= receipt.blockNumber);
    assert.equal(await l1.getWithdrawalStatus({ receipt, targetChain: second }), "ready-to-prove");
    const request = await l2.buildProveWithdrawal({ account, game, withdrawal });
    const spoiled = { ...request, l2OutputIndex: request.l2OutputIndex, withdrawal: { ...withdrawal, value: 1_001n } };
    await assert.rejects(l1Wallet.proveWithdrawal({ ...spoiled, targetChain: second }));
    await mined(l1, await l1Wallet.proveWithdrawal({ ...request, targetChain: second }));
    assert.equal(await l1.getWithdrawalStatus({ receipt, targetChain: second }), "waiting-to-finalize");
    return {};
  }

  const address = question.game;
  for (const [functionName, args] of [["resolveClaim", [0n, 0n]], ["resolve", []]]) {
    await mined(l1, await l1Wallet.writeContract({ address, abi: gameAbi, functionName, args }));
  }

  await l1.request({ method: "evm_increaseTime", params: [Number(question.waitSeconds)] });
  await l1.request({ method: "evm_mine", params: [] });
  const before = await l1.getBalance({ address: question.recipient });
  await mined(l1, await l1Wallet.finalizeWithdrawal({ targetChain: second, withdrawal }));
  return { paid: await l1.getBalance({ address: question.recipient }) - before };
});
