// Commitments and proofs of blobs (EIP-4844, EIP-7594) for programs that have no KZG library: reads one question a line
// from its input, {"id": 1, "method": "commitment", "parameters": ["0x…"]}, and answers each in one line,
// {"id": 1, "result": "0x…"} or {"id": 1, "error": "…"}. It ends with its input.
"use strict";
const { createInterface } = require("node:readline");
// The part for one platform, named directly: npm cannot check a lock file that leaves out the package's other platforms, and
// not every registry has them.
const { DasContextJs } = require("@crate-crypto/node-eth-kzg-linux-x64-gnu");

const context = DasContextJs.create({ usePrecomp: false });

const bytes = (text) => {
  if (typeof text !== "string" || !/^0x([0-9a-f]{2})*$/i.test(text)) {
    throw new Error("a parameter is no bytes in hex");
  }

  return Uint8Array.from(Buffer.from(text.slice(2), "hex"));
};
const hex = (data) => "0x" + Buffer.from(data).toString("hex");

const methods = {
  // The commitment to a blob.
  commitment: (blob) => hex(context.blobToKzgCommitment(bytes(blob))),
  // The proof of a whole blob, for sidecars of version 0.
  proof: (blob, commitment) => hex(context.computeBlobKzgProof(bytes(blob), bytes(commitment))),
  // The proof of a blob's value at a point, and the value.
  point: (blob, point) => context.computeKzgProof(bytes(blob), bytes(point)).map(hex),
  // The proofs of a blob's cells, for sidecars of version 1.
  cells: (blob) => context.computeCellsAndKzgProofs(bytes(blob)).proofs.map(hex),
};

const answer = (line) => {
  let id = null;
  try {
    const question = JSON.parse(line);
    id = question.id;
    if (!Object.hasOwn(methods, question.method)) {
      throw new Error("there is no such method");
    }

    return { id, result: methods[question.method](...question.parameters) };
  } catch (failure) {
    return { id, error: String(failure.message ?? failure) };
  }
};

createInterface({ input: process.stdin, crlfDelay: Infinity }).on("line", (line) => {
  process.stdout.write(JSON.stringify(answer(line)) + "\n");
});
