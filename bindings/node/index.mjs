// The engine as a child process: `culverin` does the work and reports JSON lines, so that nothing here can
// block the event loop, and a guest that goes wrong cannot take this process with it.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const FINAL = 2n ** 64n - 1n;

// The version of the program's reports that this package reads.
const SCHEMA_VERSION = 1;

// CULVERIN_E_UNSUPPORTED_VERSION and CULVERIN_E_PROCESS_START of culverin.h.
const UNSUPPORTED_VERSION = 5;
const PROCESS_START = 15;

/** What the engine refused; `code` is a number of culverin.h, or the exit code where there is none. */
export class CulverinError extends Error {
  constructor(code, message, report) {
    super(message);
    this.name = "CulverinError";
    this.code = code;
    this.report = report;
  }
}

export class Culverin {
  /** @param {{ binary?: string, onLog?: (line: string) => void }} [options] */
  constructor({ binary = process.env.CULVERIN_BIN ?? "culverin", onLog } = {}) {
    this.binary = binary;
    this.onLog = onLog;
    this.versions = undefined;
  }

  /** Number, name and word size of all state versions. */
  async stateVersions({ signal } = {}) {
    this.versions ??= (await this.#report("list", ["list"], { signal })).versions;
    return this.versions;
  }

  /** Makes the first state of a program and writes it to `out`, its symbols to `meta`. */
  async loadElf(path, stateVersion, { out, meta = "", signal } = {}) {
    const type = await this.#typeOf(stateVersion);
    return this.#report("loadElf", ["load-elf", "--type", type, "--path", path, "--out", out, "--meta", meta], {
      signal,
    });
  }

  /**
   * Runs a state file to a step or to the end. Proofs come back as the bytes of their files, by step;
   * hashes by step.
   */
  async run(input, { untilStep, proofsAt = [], hashesAt = [], output = "", signal, ...sources } = {}) {
    const folder = await mkdtemp(join(tmpdir(), "culverin-"));
    try {
      const words = ["run", "--input", input, `--output=${output}`, "--trace-disk", "0", "--meta="];
      words.push("--proof-fmt", join(folder, "%d.json"));
      if (proofsAt.length > 0) words.push("--proof-at", pattern(proofsAt));
      if (hashesAt.length > 0) words.push("--hash-at", pattern(hashesAt));
      if (untilStep !== undefined) words.push("--stop-at", `=${untilStep}`);
      const text = await this.execute([...words, ...sourceFlags(sources), "--json"], {
        signal,
        server: sources.server,
      });
      const reports = text.split("\n").filter(Boolean).map((line) => this.read(line, ["hash", "run"]));
      if (reports.at(-1)?.report !== "run") throw this.strange("Its last line does not tell how the run ended.");
      const proofs = new Map();
      for (const step of proofsAt) {
        proofs.set(BigInt(step), await readFile(join(folder, `${step}.json`)).catch(() => undefined));
      }
      const hashes = new Map(
        reports.filter((report) => report.report === "hash").map((report) => [BigInt(report.step), report.stateHash]),
      );
      return { ...reports.at(-1), hashes, proofs };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Witness, hash and step of a state file; its hash is the absolute prestate of a first state. */
  witness(input, { signal } = {}) {
    return this.#report("witness", ["witness", "--input", input], { signal });
  }

  /** Checks a proof file as the contract does; false if the contract would revert. */
  async verify(path, stateVersion, { signal } = {}) {
    const type = await this.#typeOf(stateVersion);
    const report = await this.#report("verify", ["verify", "--proof", path, "--type", type], { signal, also: [3] });
    return report.valid;
  }

  /** What a state version, or all, make of a program. */
  async analyze(path, stateVersion, { signal } = {}) {
    const type = stateVersion === undefined ? [] : ["--type", await this.#typeOf(stateVersion)];
    return this.#report("analyze", ["analyze", "--path", path, ...type], { signal, also: [4] });
  }

  /** A trace in a folder of the caller's, begun by `build`. */
  trace(directory) {
    return new Trace(this, directory);
  }

  async #typeOf(stateVersion) {
    const found = (await this.stateVersions()).find((version) => version.stateVersion === Number(stateVersion));
    if (!found) throw new CulverinError(UNSUPPORTED_VERSION, `There is no state version ${stateVersion}.`);
    return found.type;
  }

  async #report(name, words, options) {
    return this.read(await this.execute([...words, "--json"], options), [name]);
  }

  /** A report of one of these kinds. */
  read(text, names) {
    const report = tryParse(text);
    if (!names.includes(report?.report)) throw this.strange("What it wrote is no report of the kind asked for.");
    if (report.schemaVersion !== SCHEMA_VERSION) {
      const versions = `reports of version ${report.schemaVersion}; this package reads version ${SCHEMA_VERSION}`;
      throw new CulverinError(PROCESS_START, `${this.binary} writes ${versions}.`);
    }
    return report;
  }

  /** The error of a program that is another than it should be. */
  strange(why) {
    return new CulverinError(PROCESS_START, `${this.binary} is not culverin, or not this version's. ${why}`);
  }

  /** Runs a command of the program; the text of its standard output. */
  async execute(words, { signal, server, also = [] } = {}) {
    const all = server ? [...words, "--", ...server] : words;
    const child = spawn(this.binary, all, { stdio: ["ignore", "pipe", "pipe"], signal, killSignal: "SIGTERM" });
    let text = "";
    let log = "";
    let unfinished = "";
    child.stdout.setEncoding("utf8").on("data", (data) => (text += data));
    child.stderr.setEncoding("utf8").on("data", (data) => {
      log = (log + data).slice(-65536);
      const lines = (unfinished + data).split("\n");
      unfinished = lines.pop();
      if (this.onLog) for (const line of lines) if (line) this.onLog(line);
    });
    const code = await new Promise((resolve, reject) => {
      // An interrupted program still saves what it has; nobody may take its folder away before it has ended.
      let failure;
      child.on("error", (error) => (failure = error));
      child.on("close", (exitCode) => (failure ? reject(failure) : resolve(exitCode)));
    });
    if (this.onLog && unfinished) this.onLog(unfinished);
    if (code === 0 || also.includes(code)) return text;
    const last = [text, ...text.split("\n").filter(Boolean)].findLast((line) => tryParse(line)?.report === "error");
    if (last) {
      const report = this.read(last, ["error"]);
      throw new CulverinError(report.errorCode, report.message, report);
    }
    const message = log.split("\n").findLast((line) => line.startsWith("error: "));
    if (message) throw new CulverinError(code, message.slice("error: ".length));
    throw this.strange(`It ended with ${code} without a report and said: ${log.trim()}`);
  }
}

/** Hash, proof and end of a run, from checkpoints in a folder of the caller's. */
export class Trace {
  constructor(engine, directory) {
    this.engine = engine;
    this.directory = directory;
  }

  /** Begins the trace of a state file, or goes on with it, to a step or to the guest's end. */
  async build(input, { untilStep, signal, ...sources } = {}) {
    const until = untilStep === undefined ? [] : ["--until", `${untilStep}`];
    const words = ["trace", "build", "--dir", this.directory, "--input", input, ...until, "--json"];
    const text = await this.engine.execute([...words, ...sourceFlags(sources)], { signal, server: sources.server });
    return this.engine.read(text, ["traceBuild"]);
  }

  /** The state hashes before some steps, in the order asked. */
  async hashesAt(steps, { signal } = {}) {
    const words = ["trace", "hash", "--dir", this.directory, "--at", steps.join(","), "--json"];
    const text = await this.engine.execute(words, { signal });
    const lines = text.split("\n").filter(Boolean);
    if (lines.length !== steps.length) throw this.engine.strange(`It told ${lines.length} hashes of ${steps.length}.`);
    return lines.map((line) => this.engine.read(line, ["hash"]).stateHash);
  }

  /** The claim at a trace index: the hash after index + 1 steps of a trace from step 0. */
  async claimAt(traceIndex, { signal } = {}) {
    const step = BigInt(traceIndex) < FINAL ? BigInt(traceIndex) + 1n : FINAL;
    return (await this.hashesAt([step], { signal }))[0];
  }

  /** The proof of a step as the bytes of its file. */
  async proofAt(step, { signal } = {}) {
    const words = ["trace", "proof", "--dir", this.directory, "--at", `${step}`, "--proof-fmt", "-"];
    const text = await this.engine.execute(words, { signal });
    const proof = tryParse(text);
    // Behind the end it is that of the last state.
    if (proof?.step === undefined || proof.step > BigInt(step)) {
      throw this.engine.strange("What it wrote is no proof of that step.");
    }
    return Buffer.from(text);
  }

  /** What the trace holds. */
  async describe({ signal } = {}) {
    const text = await this.engine.execute(["trace", "info", "--dir", this.directory, "--json"], { signal });
    return this.engine.read(text, ["traceInfo"]);
  }
}

// Steps are 64-bit numbers, which JSON.parse would round: those that do not fit become BigInt.
function parse(text) {
  return JSON.parse(text.replace(/("[^"\\]*(?:\\.[^"\\]*)*")|\b(\d{16,})\b/g, (all, string, number) =>
    string ?? `"bigint:${number}"`), (_, value) =>
    typeof value === "string" && value.startsWith("bigint:") ? BigInt(value.slice(7)) : value);
}

function tryParse(text) {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function pattern(steps) {
  return steps.map((step) => `=${step}`).join(",");
}

function sourceFlags({ folder, replay, record }) {
  return [
    ...(folder ? ["--oracle-dir", folder] : []),
    ...(replay ? ["--replay", replay] : []),
    ...(record ? ["--record", record] : []),
  ];
}
