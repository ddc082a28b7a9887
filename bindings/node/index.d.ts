export const FINAL: bigint;

type Step = number | bigint;

/** Where pre-images come from, and where they are recorded. */
export interface Sources {
  folder?: string;
  replay?: string;
  record?: string;
  /** A pre-image server's program and arguments. */
  server?: string[];
}

export interface Abortable {
  /** Ends the child process, and with it the call. */
  signal?: AbortSignal;
}

export interface StateVersion {
  stateVersion: number;
  type: string;
  wordBits: number;
}

export interface Witness {
  stateVersion: number;
  witnessHash: string;
  witness: string;
  step: Step;
  exited: boolean;
  exitCode: number;
}

export interface RunOptions extends Sources, Abortable {
  untilStep?: Step;
  proofsAt?: Step[];
  hashesAt?: Step[];
  /** Where the last state goes; nowhere by default. */
  output?: string;
}

export interface RunResult {
  outcome: "exited" | "stopAt" | "preimageRead" | "interrupted";
  step: Step;
  exited: boolean;
  exitCode: number;
  stateHash: string;
  pages: number;
  hashes: Map<bigint, string>;
  proofs: Map<bigint, Buffer | undefined>;
}

export class CulverinError extends Error {
  code: number;
  report?: Record<string, unknown>;
}

export class Culverin {
  constructor(options?: { binary?: string; onLog?: (line: string) => void });
  stateVersions(options?: Abortable): Promise<StateVersion[]>;
  loadElf(
    path: string,
    stateVersion: number,
    options: { out: string; meta?: string } & Abortable,
  ): Promise<Record<string, unknown>>;
  run(input: string, options?: RunOptions): Promise<RunResult>;
  witness(input: string, options?: Abortable): Promise<Witness>;
  verify(path: string, stateVersion: number, options?: Abortable): Promise<boolean>;
  analyze(path: string, stateVersion?: number, options?: Abortable): Promise<Record<string, unknown>>;
  trace(directory: string): Trace;
}

export class Trace {
  build(input: string, options?: { untilStep?: Step } & Sources & Abortable): Promise<Record<string, unknown>>;
  hashesAt(steps: Step[], options?: Abortable): Promise<string[]>;
  claimAt(traceIndex: Step, options?: Abortable): Promise<string>;
  proofAt(step: Step, options?: Abortable): Promise<Buffer>;
  describe(options?: Abortable): Promise<Record<string, unknown>>;
}
