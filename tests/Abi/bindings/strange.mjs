// strange.mjs FOLDER: programs that are not culverin, or another version's, are refused with a sentence.
import assert from "node:assert/strict";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";

const { Culverin, CulverinError } = await import(process.env.CULVERIN_NODE);
const [folder] = process.argv.slice(2);
let count = 0;

async function engineThat(script) {
  const binary = join(folder, `program-${count++}`);
  await writeFile(binary, `#!/bin/sh\n${script}\n`);
  await chmod(binary, 0o755);
  return new Culverin({ binary });
}

async function refuses(script, pattern, code = 15) {
  const engine = await engineThat(script);
  const calls = [
    () => engine.stateVersions(),
    () => engine.run("state.bin", { proofsAt: [1] }),
    () => engine.witness("state.bin"),
    () => engine.analyze("program.elf"),
    () => engine.verify("proof.json", 8),
    () => engine.trace("trace").build("state.bin"),
    () => engine.trace("trace").hashesAt([1, 2]),
    () => engine.trace("trace").proofAt(1),
    () => engine.trace("trace").describe(),
  ];
  for (const call of calls) {
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof CulverinError, `${error}`);
      assert.match(error.message, pattern);
      assert.equal(error.code, code);
      return true;
    });
  }
}

await refuses("exit 0", /is not culverin/);
await refuses("echo hello", /is not culverin/);
await refuses("echo '{}'", /is not culverin/);
await refuses("echo usage: something >&2; exit 3", /is not culverin.*usage: something/);
await refuses(`echo '{"schemaVersion":1,"report":"other"}'`, /is not culverin/);
await refuses(
  `echo '{"schemaVersion":1,"report":"error","errorCode":4,"message":"The state is bad."}'; exit 1`, /state is bad/, 4);
const reports = ["list", "run", "witness", "analyze", "verify", "traceBuild", "hash", "traceInfo"];
for (const [at, call] of [
  (engine) => engine.stateVersions(),
  (engine) => engine.run("state.bin"),
  (engine) => engine.witness("state.bin"),
  (engine) => engine.analyze("program.elf"),
  (engine) => engine.trace("trace").build("state.bin"),
  (engine) => engine.trace("trace").hashesAt([1]),
  (engine) => engine.trace("trace").describe(),
].entries()) {
  const name = reports.filter((report) => report !== "verify")[at];
  const engine = await engineThat(`echo '{"schemaVersion":2,"report":"${name}"}'`);
  await assert.rejects(call(engine), /writes reports of version 2; this package reads version 1/);
}
await assert.rejects(new Culverin({ binary: join(folder, "missing") }).stateVersions(), /ENOENT/);
console.log("done");
