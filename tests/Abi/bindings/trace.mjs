// trace.mjs PROGRAM VERSION FOLDER PREIMAGES STEP...: what a trace answers, and that the loop stays free.
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { Culverin } = await import(pathToFileURL(process.env.CULVERIN_NODE));
const [program, version, folder, preimages, ...words] = process.argv.slice(2);
const steps = words.map(BigInt);
const engine = new Culverin();
const state = join(folder, "..", "first.bin.gz");
await engine.loadElf(program, Number(version), { out: state });
const trace = engine.trace(folder);

let ticks = 0;
const ticking = setInterval(() => ticks++, 1);
await trace.build(state, { folder: preimages });
clearInterval(ticking);
assert.ok(ticks > 0, "the event loop stood still");

console.log("prestate", (await engine.witness(state)).witnessHash.slice(2));
const hashes = await trace.hashesAt(steps);
steps.forEach((step, index) => console.log(`${step}`, hashes[index].slice(2)));
assert.equal(await trace.claimAt(steps[1] - 1n), hashes[1]);
const end = await engine.run(state, { folder: preimages, hashesAt: [steps[1]] });
assert.equal(end.hashes.get(steps[1]), hashes[1]);
assert.equal((await trace.describe()).finished, true);
console.log("final", `${end.step}`, `${end.exitCode}`, end.stateHash.slice(2));
process.stdout.write(await trace.proofAt(steps.at(-1)));

await assert.rejects(engine.loadElf(state, Number(version), { out: "x.bin" }), { code: 3 });
await assert.rejects(engine.witness("no such file.bin"), { code: 2 });
await assert.rejects(engine.run(state, { signal: AbortSignal.timeout(1) }), { name: "AbortError" });
assert.equal((await engine.stateVersions()).at(-1).stateVersion, 8);
assert.equal(typeof (await engine.analyze(program, Number(version))).versions[0].verdict, "string");
