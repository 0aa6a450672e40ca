/**
 * The checks of a pull request's head, asked for together with the pull request itself, by the head that this machine
 * saw last. They are used only if GitHub then names that same head.
 */
import * as z from "zod";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { type CheckContext, readChecks } from "../github/commit-checks.ts";
import type { Live } from "../reads/options.ts";

const headSchema = z.looseObject({ head: z.looseObject({ sha: z.string() }) });

/** The head of a pull request that this machine saw last, of any age. */
export function knownHead({ reads }: Context, repository: RepositoryName, number: number): string | undefined {
  return reads.held(repositoryPath(repository, "pulls", number), headSchema)?.head.sha;
}

interface EarlyOptions {
  /** Prints the checks without their workflows; undefined if the output names these. */
  readonly show?: ((checks: readonly CheckContext[]) => unknown) | undefined;
  /** The head from elsewhere, if this machine has not read the pull request itself. */
  readonly head?: string | undefined;
}

export class EarlyChecks {
  readonly #context: Context;
  readonly #isLive: (repository: RepositoryName, sha: string) => Live;
  readonly #options: EarlyOptions;
  #guessed: { readonly sha: string; readonly live: Live; readonly read: Promise<readonly CheckContext[]> } | undefined;

  /** @param isLive whether GitHub is asked for the checks of a head, ignoring the caches */
  constructor(context: Context, isLive: (repository: RepositoryName, sha: string) => Live, options: EarlyOptions = {}) {
    this.#context = context;
    this.#isLive = isLive;
    this.#options = options;
  }

  /** The pull request is about to be read. */
  readonly guess = (repository: RepositoryName, number: number): void => {
    const sha = knownHead(this.#context, repository, number) ?? this.#options.head;
    if (sha === undefined) return;
    const live = this.#isLive(repository, sha);
    const read = this.#read(repository, sha, live);
    // Discarded, with any error, if the head has moved.
    read.catch(() => undefined);
    this.#guessed = { sha, live, read };
  };

  /** The checks of the head that is known are asked from GitHub. */
  get isLive(): boolean {
    return this.#guessed !== undefined && this.#guessed.live !== false;
  }

  /** The checks of the head that GitHub named. */
  of(repository: RepositoryName, sha: string): Promise<readonly CheckContext[]> {
    return this.#guessed?.sha === sha ? this.#guessed.read : this.#read(repository, sha, this.#isLive(repository, sha));
  }

  #read(repository: RepositoryName, sha: string, live: Live): Promise<readonly CheckContext[]> {
    return readChecks(this.#context, repository, sha, { live, show: this.#options.show });
  }
}
