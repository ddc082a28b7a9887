// Runs a program to its end, prints its root and the proof of one step:
//
//     node example.mjs PROGRAM.elf STATE_VERSION STEP [PREIMAGES [RECORDING]]
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Culverin } from "./index.mjs";

const [program, version, step, preimages, record] = process.argv.slice(2);
const source = preimages?.endsWith(".record") ? { replay: preimages } : { folder: preimages };
const engine = new Culverin();
const folder = await mkdtemp(join(tmpdir(), "culverin-example-"));
try {
  const state = join(folder, "state.bin.gz");
  await engine.loadElf(program, Number(version), { out: state });
  const run = await engine.run(state, { proofsAt: [step], ...source, record });
  const proof = run.proofs.get(BigInt(step));
  const { pre, post } = JSON.parse(proof.toString());
  await writeFile(join(folder, "proof.json"), proof);
  if (!(await engine.verify(join(folder, "proof.json"), Number(version)))) throw new Error("The proof is wrong.");
  console.log(`root ${run.stateHash}\npre  ${pre}\npost ${post}`);
  process.stdout.write(proof);
} finally {
  await rm(folder, { recursive: true, force: true });
}
