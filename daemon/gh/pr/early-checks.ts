/**
 * The checks of a pull request's head, asked for while the pull request itself is: by the head that this machine saw
 * last. They are used only if GitHub then names that very head.
 */
import { z } from "zod";
import { type Repository, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import { type CheckContext, readChecks } from "../github/commit-checks.ts";

const headSchema = z.looseObject({ head: z.looseObject({ sha: z.string() }) });

interface Read {
  /** GitHub was asked for them, whatever the caches hold. */
  readonly live: boolean;
  readonly checks: readonly CheckContext[];
}

export class EarlyChecks {
  readonly #context: Context;
  readonly #isLive: (repository: Repository, sha: string) => boolean;
  #guessed: { readonly sha: string; readonly read: Promise<Read> } | undefined;

  /** @param isLive whether the checks of a head are asked from GitHub, whatever the caches hold */
  constructor(context: Context, isLive: (repository: Repository, sha: string) => boolean) {
    this.#context = context;
    this.#isLive = isLive;
  }

  /** The pull request is about to be read. */
  readonly guess = (repository: Repository, number: number): void => {
    const path = repositoryPath(repository, "pulls", number);
    const sha = this.#context.reads.held(path, headSchema)?.head.sha;
    if (sha === undefined) return;
    const read = this.#read(repository, sha);
    // Thrown away with its trouble if the head has moved.
    read.catch(() => undefined);
    this.#guessed = { sha, read };
  };

  /** The checks of the head that GitHub named. */
  of(repository: Repository, sha: string): Promise<Read> {
    return this.#guessed?.sha === sha ? this.#guessed.read : this.#read(repository, sha);
  }

  async #read(repository: Repository, sha: string): Promise<Read> {
    const live = this.#isLive(repository, sha);
    return { live, checks: await readChecks(this.#context, repository, sha, live) };
  }
}
