/** The context of a running command: the user's surroundings, GitHub, git, the clock. */

import { resolve } from "node:path";
import type { Family } from "../../shared/events/families.ts";
import { githubCom } from "../hosts.ts";
import { NativeRequired } from "../reader.ts";
import { isFresh } from "../switches.ts";
import { Hosts } from "./checkout/hosts.ts";
import { RepositoryResolver } from "./checkout/repository.ts";
import { GhFailure } from "./command-failure.ts";
import type { EngineDependencies, Filter, Invocation } from "./engine.ts";
import { Reads } from "./reads/reads.ts";
import { type OutputStyle, outputStyle } from "./terminal/style.ts";
import { GhRelease } from "./versions.ts";

/** Starts of gh for one command: of more pages gh is quicker by itself. */
const mostFiltered = 5;

/** Passed to every command; made once for each invocation. */
/** The least time between looks of a watch, for any number of events: each look costs the pool calls, ms. */
const changedLookMs = 3_000;
/** After a look that did not yet show an event, ms. */
const unsettledLookMs = 4_000;
/** Before a look that failed is tried again, ms; longer after each. */
const failedLookMs = 5_000;
/** So many in a row end the watch. */
const mostFailedLooks = 3;

/** The pauses between the looks of a watch. */
export interface Looks {
  /** Whether an event came: then the caches know how new an answer must be. */
  next(milliseconds: number): Promise<boolean>;
  /** From now on only changes of these wake; earlier events still do. */
  narrow(tags: readonly string[]): void;
  close(): void;
}

export class Context {
  readonly invocation: Invocation;
  readonly reads: Reads;
  readonly style: OutputStyle;
  /** The host that is asked. */
  readonly hosts: Hosts;
  readonly repository: RepositoryResolver;
  readonly #dependencies: EngineDependencies;
  #emitted = false;
  #filtered = 0;
  #gh = new GhRelease(undefined);

  /** @param serverReason - see {@link Hosts} */
  constructor(invocation: Invocation, dependencies: EngineDependencies, serverReason?: string) {
    this.invocation = invocation;
    this.#dependencies = dependencies;
    this.style = outputStyle(invocation);
    const live = isFresh(invocation.env);
    const { env } = invocation;
    this.hosts = new Hosts({ env, named: dependencies.ghHosts ?? (() => []), gh: () => this.#gh, serverReason });
    const { signal, now } = dependencies;
    this.reads = new Reads(dependencies.reader, { host: () => this.hosts.asked, live, signal, now });
    this.repository = new RepositoryResolver({
      env,
      hosts: this.hosts,
      sshHost: async (name) => dependencies.sshHost?.(name),
      git: (args) => this.git(args),
      canPrompt: invocation.tty.stdin && this.style.stdoutTty && !invocation.env.GH_PROMPT_DISABLED,
      isFork: async (repository) => this.reads.isFork(repository),
    });
  }

  /** A file's text as the user's gh would read it; undefined where this process cannot read it so. */
  readText(path: string): string | undefined {
    const whole = resolve(this.invocation.cwd, path);
    // The caller's own descriptors do not exist in this process.
    return /^\/(dev|proc)\//.test(whole) ? undefined : this.#dependencies.readText?.(whole);
  }

  /** Milliseconds since the epoch. */
  now(): number {
    return this.#dependencies.now();
  }

  get signal(): AbortSignal {
    return this.#dependencies.signal;
  }

  /** Runs git where the user is. */
  git(args: readonly string[]): Promise<string> {
    return this.#dependencies.git(args, this.invocation.cwd);
  }

  /**
   * For watches, made before the first look: waits for a change of the watched data, or for the polling interval.
   * Earlier reads belong to the look before.
   */
  watch(repository: string, tags: readonly string[], families: readonly Family[]): Looks {
    const heard = this.hosts.current.name === githubCom.name ? this.#dependencies.watch : undefined;
    const changes = heard?.(repository.toLowerCase(), tags, families);
    return {
      next: async (milliseconds) => {
        // GitHub's API may show an event only after a moment: an answer that did not show it is read again soon.
        const otherwise = this.reads.unsettled ? Math.min(unsettledLookMs, milliseconds) : milliseconds;
        const wait = async () => {
          if (changes && otherwise === milliseconds)
            return changes.wait({ atLeast: changedLookMs, otherwise }, this.signal);
          await this.#dependencies.sleep(otherwise, this.signal);
          return otherwise !== milliseconds;
        };
        const woken = await wait();
        // The next look begins now: earlier reads belong to the look before.
        this.reads.forget();
        return woken;
      },
      narrow: (narrower) => changes?.narrow(narrower),
      close: () => changes?.close(),
    };
  }

  /**
   * One look of a watch. After it has printed, it cannot be handed over any more: a read that the relay could not have
   * answered just now is tried again before it ends everything.
   */
  async look<T>(read: () => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await read();
      } catch (error) {
        const isLast = failures >= mostFailedLooks || this.signal.aborted;
        if (!this.#emitted || isLast || !(error instanceof NativeRequired)) throw error;
        await this.#dependencies.sleep(failedLookMs * failures, this.signal);
        this.reads.forget();
      }
    }
  }

  /** Prints before the command has ended; from then on it cannot be handed over. */
  emit(stream: "stdout" | "stderr", chunk: string | Uint8Array): void {
    this.#dependencies.emit(stream, chunk);
    this.#emitted = true;
  }

  /** Whether output has left already. */
  get emitted(): boolean {
    return this.#emitted;
  }

  /** The gh that would run otherwise; known once {@link learnGh} has ended. */
  get gh(): GhRelease {
    return this.#gh;
  }

  /** Finds the version of gh; quick for a build that was asked before. */
  async learnGh(): Promise<void> {
    this.#gh = new GhRelease(await this.#dependencies.ghVersion());
  }

  /** The real gh must answer; `reason` is one line for OCTOPOOL_VERBOSE. */
  native(reason: string): never {
    throw new NativeRequired(reason);
  }

  /**
   * The output of the caller's own gh for a filter. Throws {@link GhFailure} with its message where it fails,
   * NativeRequired with `reason` where it cannot be asked.
   */
  async filterByGh(filter: Filter, reason: string): Promise<string> {
    this.#filtered++;
    const result = this.#filtered > mostFiltered ? undefined : await this.#dependencies.filter?.(filter);
    if (result === undefined) return this.native(reason);
    if (result.exitCode !== 0 || result.stderr !== "") throw new GhFailure(result);
    return result.stdout;
  }

  /** Takes the value of `-R`; an empty one counts as none (gh falls back to GH_REPO). */
  useRepositoryFlag(value: unknown): void {
    if (typeof value === "string") this.repository.override(value);
  }
}
