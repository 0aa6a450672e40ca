/** Keeps one jq thread: started on first use, bounded in time and memory, ended when it has been idle. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { JqRun } from "./run.ts";
import type { JqRequest, JqResponse } from "./thread.ts";

interface JqLimits {
  /** For one program, milliseconds. */
  readonly timeout: number;
  /** How long a program waits for its turn behind others, milliseconds. */
  readonly patience: number;
  /** Of the thread's memory. */
  readonly megabytes: number;
  /** The thread is given up after this long without work, milliseconds. */
  readonly idle: number;
}

const defaultLimits: JqLimits = {
  timeout: 5_000,
  patience: 2_000,
  megabytes: 256,
  idle: 30_000,
};

interface Waiting {
  readonly request: JqRequest;
  readonly resolve: (run: JqRun) => void;
  /** Ends the wait for a turn. */
  readonly patience: NodeJS.Timeout;
}

export class JqHost {
  readonly #limits: JqLimits;
  #worker: Worker | undefined;
  #nextId = 1;
  #current: Waiting | undefined;
  readonly #queue: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(limits: Partial<JqLimits> = {}) {
    this.#limits = { ...defaultLimits, ...limits };
  }

  /** Runs one program after those before it. */
  run(program: string, json: string, now: number): Promise<JqRun> {
    return new Promise((resolve) => {
      const waiting: Waiting = {
        request: { id: this.#nextId++, program, json, now },
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

  /** Ends the thread; its current program fails. A later program starts another. */
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
    if (this.#worker) return this.#worker;
    const worker = new Worker(workerFile(), {
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.megabytes },
      // The daemon's own flags (a test runner's loaders, say) are not the thread's.
      execArgv: [],
    });
    worker.unref();
    worker.on("message", ({ id, run }: JqResponse) => {
      if (this.#worker === worker && this.#current?.request.id === id) this.#settle(run);
    });
    const lost = (failure: string) => {
      if (this.#worker === worker) this.#abandon(failure);
    };
    worker.on("error", ({ message }) => lost(`jq failed: ${message}`));
    worker.on("exit", () => lost("jq ended"));
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
  return existsSync(bundled) ? bundled : join(here, "thread.ts");
}
