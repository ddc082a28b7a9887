// What the wallet's steps share: one question as JSON on standard input, one answer as JSON on standard output, and clients
// of both chains. viem is the newest that reads the games of contracts-bedrock 0.17.3: later ones ask a game for its
// l2SequenceNumber, which those do not have.
import { createPublicClient, createWalletClient, defineChain, http } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { chainConfig, publicActionsL1, publicActionsL2, walletActionsL1, walletActionsL2 } from "viem/op-stack";

const polling = { pollingInterval: 50, cacheTime: 0 };

// chainsOf are the two chains of a question: ids, URLs, and the contracts on L1.
const chainsOf = ({ l1, l2, contracts }) => {
  const of = (id, name, url) => ({
    id, name, nativeCurrency: { name: "Ether", symbol: "ETH", decimals: 18 }, rpcUrls: { default: { http: [url] } },
  });
  const first = defineChain(of(l1.id, "L1", l1.url));
  const second = l2 && defineChain({
    ...chainConfig,
    ...of(l2.id, "L2", l2.url),
    sourceId: l1.id,
    contracts: {
      ...chainConfig.contracts,
      portal: { [l1.id]: { address: contracts?.portal } },
      disputeGameFactory: { [l1.id]: { address: contracts?.factory } },
    },
  });
  return { first, second };
};

// connect makes clients that read and that sign.
export const connect = (question) => {
  const { first, second } = chainsOf(question);
  const account = privateKeyToAccount(question.key);
  return {
    account,
    second,
    l1: createPublicClient({ chain: first, transport: http(), ...polling }).extend(publicActionsL1()),
    l1Wallet: createWalletClient({ account, chain: first, transport: http(), ...polling }).extend(walletActionsL1()),
    l2: second && createPublicClient({ chain: second, transport: http(), ...polling }).extend(publicActionsL2()),
    l2Wallet: second && createWalletClient({ account, chain: second, transport: http(), ...polling }).extend(walletActionsL2()),
  };
};

// answer runs a step on the question that stands on standard input. Numbers of the answer are decimal digits.
export const answer = async (step) => {
  let text = "";
  for await (const part of process.stdin) {
    text += part;
  }

  const result = await step(JSON.parse(text));
  process.stdout.write(JSON.stringify(result, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
};
