/** Keeps one jq thread: started on first use, bounded in time and memory, ended when it has been idle. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { JqRequest, JqResponse } from "./worker.ts";

export interface JqLimits {
  /** For one program, milliseconds. */
  readonly timeout: number;
  /** How long a program waits for its turn behind others, milliseconds. */
  readonly patience: number;
  /** Memory of jq itself. */
  readonly bytes: number;
  /** The thread is given up after this long without work, milliseconds. */
  readonly idle: number;
  /** Programs one thread runs before it is replaced: jq leaks a little with each. */
  readonly programs: number;
}

const defaultLimits: JqLimits = {
  timeout: 5_000,
  patience: 2_000,
  bytes: 256 * 1024 * 1024,
  idle: 30_000,
  programs: 2_000,
};

/** How a program ended: its output, or why there is none. */
export type JqRun = { readonly lines: string } | { readonly failure: string };

interface Waiting {
  readonly request: JqRequest;
  readonly resolve: (run: JqRun) => void;
  /** Ends the wait for a turn. */
  readonly patience: NodeJS.Timeout;
}

export class JqHost {
  readonly #limits: JqLimits;
  #worker: Worker | undefined;
  #served = 0;
  #nextId = 1;
  #current: Waiting | undefined;
  readonly #queue: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: Partial<JqLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
  }

  /** Runs one program after those before it. */
  run(program: string, json: string): Promise<JqRun> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        request: { id: this.#nextId++, program, json },
        resolve,
        patience: setTimeout(() => this.#giveUp(waiting), this.#limits.patience).unref(),
      };
      this.#queue.push(waiting);
      this.#next();
    });
  }

  /** Whether a thread is running. */
  get running(): boolean {
    return this.#worker !== undefined;
  }

  /** Ends the thread; what it was doing fails. A later program starts another. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#settle({ failure: "jq was stopped" });
    await worker?.terminate();
  }

  #next() {
    if (this.#current) return;
    clearTimeout(this.#timer);
    this.#current = this.#queue.shift();
    clearTimeout(this.#current?.patience);
    if (!this.#current) {
      if (this.#worker) this.#timer = setTimeout(() => void this.close(), this.#limits.idle).unref();
      return;
    }
    try {
      const worker = this.#start();
      this.#timer = setTimeout(() => this.#abandon("jq took too long"), this.#limits.timeout);
      worker.postMessage(this.#current.request);
    } catch (error) {
      this.#abandon(`jq does not start: ${error instanceof Error ? error.message : "unknown"}`);
    }
  }

  /** One slow program before it costs a command two seconds, not its own time. */
  #giveUp(waiting: Waiting): void {
    const place = this.#queue.indexOf(waiting);
    if (place === -1) return;
    this.#queue.splice(place, 1);
    waiting.resolve({ failure: "jq is busy with another program" });
  }

  #start(): Worker {
    if (this.#worker && this.#served++ < this.#limits.programs) return this.#worker;
    void this.#worker?.terminate();
    const worker = new Worker(workerFile(), {
      workerData: { limitBytes: this.#limits.bytes },
      resourceLimits: { maxOldGenerationSizeMb: 256 },
      // The daemon's own flags (a test runner's loaders, say) are not the thread's.
      execArgv: [],
    });
    worker.unref();
    worker.on("message", ({ id, lines, broken }: JqResponse) => {
      if (this.#worker !== worker || this.#current?.request.id !== id) return;
      if (broken) return this.#abandon("jq ended in the middle");
      this.#settle(lines === undefined ? { failure: "jq reports an error" } : { lines });
    });
    const lost = (failure: string) => {
      if (this.#worker === worker) this.#abandon(failure);
    };
    worker.on("error", ({ message }) => lost(`jq failed: ${message}`));
    worker.on("exit", () => lost("jq ended"));
    this.#served = 1;
    this.#worker = worker;
    return worker;
  }

  #abandon(failure: string) {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    this.#settle({ failure });
  }

  #settle(run: JqRun) {
    clearTimeout(this.#timer);
    const done = this.#current;
    this.#current = undefined;
    done?.resolve(run);
    this.#next();
  }
}

/** The thread's program: its own bundle beside the daemon's, or the source when run from the source tree. */
function workerFile(): string {
  const here = import.meta.dirname;
  const bundled = join(here, "jq-worker.cjs");
  return existsSync(bundled) ? bundled : join(here, "worker.ts");
}
