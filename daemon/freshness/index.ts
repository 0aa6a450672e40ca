/** Everything by which this machine learns of writes, in one look. */
import { join } from "node:path";
import { marksDirectory } from "../../shared/protocol.ts";
import { MarkWatch } from "./marks.ts";
import { WriteMemory } from "./memory.ts";
import { RefWatch } from "./refs.ts";

export interface FreshnessOptions {
  /** The runtime directory. */
  readonly directory: string;
  readonly now: () => number;
  /** For a process that lives for one command. */
  readonly onlyLook?: boolean;
}

export class Freshness {
  readonly memory: WriteMemory;
  readonly #marks: MarkWatch;
  readonly #refs: RefWatch;
  #lookedThisTurn = false;

  constructor({ directory, now, onlyLook = false }: FreshnessOptions) {
    this.memory = new WriteMemory(now);
    this.#marks = new MarkWatch({ directory: join(directory, marksDirectory), memory: this.memory, now, onlyLook });
    this.#refs = new RefWatch(this.memory, now);
  }

  /**
   * Looks for writes that began or ended. Requests that are handled in one turn of the event loop had all arrived
   * before it began, so one look serves them.
   */
  look(): void {
    if (this.#lookedThisTurn) return;
    this.#lookedThisTurn = true;
    setImmediate(() => {
      this.#lookedThisTurn = false;
    });
    this.#marks.look();
  }

  /** Looks at the caller's checkout as well. */
  lookAt(cwd: string, gitDir: string | undefined): void {
    this.look();
    this.#refs.look(cwd, gitDir);
  }

  /** See {@link WriteMemory.writtenAt}. */
  writtenAt(repository: string | undefined): number {
    return this.memory.writtenAt(repository);
  }
}
