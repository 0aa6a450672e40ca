/** Finds the pull request of a command: a number, `#N`, a URL, a branch, or the branch that is checked out. */

import { branchConfig, currentBranch } from "../checkout/branch.ts";
import { remotePlace } from "../checkout/remotes.ts";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import { CommandFailure, GitHubRefusal } from "../command-failure.ts";
import type { Context } from "../context.ts";
import { pullListItemSchema, type RestPull } from "../github/schemas.ts";
import { goQuote } from "../go/quote.ts";
import type { Live } from "../reads/options.ts";
import { headLabel } from "./project.ts";
import { numberByQuery } from "./query/branch.ts";
import { readPull } from "./source.ts";

export interface FoundPull {
  readonly repository: RepositoryName;
  readonly pull: RestPull;
}

/** The form of a selector: a number, or a head branch whose pull request is to be found. */
interface LocatedPull {
  readonly repository: RepositoryName;
  readonly at: number | string;
}

/** Reads the selector, and git where there is none; sends no request about the pull request. */
export async function locatePull(context: Context, selector: string | undefined): Promise<LocatedPull> {
  const url = selector === undefined ? undefined : context.repository.ofThread(selector, "pull");
  if (url) return { repository: url.repository, at: url.number };
  const repository = await context.repository.base();
  const number = selector === undefined ? undefined : /^#?\+?(\d{1,9})$/.exec(selector)?.[1];
  if (number !== undefined && Number(number) > 0) return { repository, at: Number(number) };
  if (selector !== undefined && /^#?[+-]?\d+$|^$|[\0-\x1f\x7f]/.test(selector)) context.native("an unusual selector");
  if (selector?.startsWith(":") && context.gh.has("ownerlessBranches")) context.gh.native("a branch of no owner");
  return { repository, at: selector ?? (await headOfCheckout(context, repository)) };
}

export interface FoundNumber {
  readonly repository: RepositoryName;
  readonly number: number;
}

interface FindOptions {
  /** Asked once it is known which one it is. */
  readonly live: Live | (() => Live);
  /** The oldest acceptable answer where it need not be live, in seconds. */
  readonly within?: number;
  /** Called with the number as soon as it is known, before the read. */
  readonly onNumber?: (repository: RepositoryName, number: number) => void;
}

/** Finds and reads it. gh's own message for one that does not exist. */
export async function findPull(
  context: Context,
  selector: string | undefined,
  options: FindOptions,
): Promise<FoundPull> {
  const { repository, number } = await findNumber(context, selector);
  return readNumber(context, repository, number, options);
}

/** Finds its number; a selector that is a number takes no read. */
export async function findNumber(context: Context, selector: string | undefined): Promise<FoundNumber> {
  const { repository, at } = await locatePull(context, selector);
  return { repository, number: typeof at === "number" ? at : await numberOfBranch(context, repository, at) };
}

/** Reads it; gh's own message for one that does not exist. */
export async function readNumber(
  context: Context,
  repository: RepositoryName,
  number: number,
  { live, within, onNumber }: FindOptions,
): Promise<FoundPull> {
  onNumber?.(repository, number);
  const bounds = { live: typeof live === "function" ? live() : live, ...(within !== undefined && { within }) };
  try {
    return { repository, pull: await readPull(context, repository, number, bounds) };
  } catch (error) {
    if (!(error instanceof GitHubRefusal) || error.status !== 404) throw error;
    await context.reads.repositoryExists(repository);
    throw new CommandFailure(
      `GraphQL: Could not resolve to a PullRequest with the number of ${number}. (repository.pullRequest)`,
    );
  }
}

/**
 * gh looks through the newest thirty pull requests whose head branch has this name, in any repository; asking for one
 * owner's branch finds the same one unless the name is so common that thirty others are newer.
 */
async function numberOfBranch(context: Context, repository: RepositoryName, head: string): Promise<number> {
  const [owner, branch] = head.includes(":") ? splitLabel(head) : [repository.owner, head];
  if (/^(main|master|develop|dev|trunk|patch-\d+)$/.test(branch)) {
    return (await numberByQuery(context, repository, head)) ?? refuse(head);
  }
  // No branch can have such a name, so no read is needed.
  if (/[ ~^:?*[\\]|\.\.|@\{/.test(branch)) {
    await context.reads.repositoryExists(repository);
    throw noPull(head);
  }
  const pulls = await context.reads.list(repositoryPath(repository, "pulls"), pullListItemSchema, {
    query: [
      ["state", "all"],
      ["head", `${owner}:${branch}`],
    ],
    perPage: 30,
    identity: (pull) => pull.number,
  });
  if (pulls.some((pull) => pull.base.repo.default_branch === branch)) {
    return (await numberByQuery(context, repository, head)) ?? refuse(head);
  }
  const open = pulls.toSorted((a, b) => Number(b.state === "open") - Number(a.state === "open"));
  const found = open.find((pull) => pull.head.ref === branch && headLabel(pull) === head);
  if (!found) throw noPull(head);
  return found.number;
}

function refuse(head: string): never {
  throw noPull(head);
}

function noPull(head: string): CommandFailure {
  return new CommandFailure(`no pull requests found for branch ${goQuote(head)}`);
}

function splitLabel(label: string): [string, string] {
  const index = label.indexOf(":");
  return [label.slice(0, index), label.slice(index + 1)];
}

/** The pull request of the branch that is checked out: its number, or its head as gh labels it. */
async function headOfCheckout(context: Context, repository: RepositoryName): Promise<string | number> {
  return headOfBranch(context, repository, await currentBranch(context));
}

/** The pull request of a branch: its number, or its head as gh labels it. */
export async function headOfBranch(
  context: Context,
  repository: RepositoryName,
  branch: string,
): Promise<string | number> {
  const { remote, merge } = await branchConfig(context, branch);
  const pull = /^refs\/pull\/(\d{1,9})\/head$/.exec(merge)?.[1];
  if (pull !== undefined) return Number(pull);
  const owner = remote === undefined ? undefined : await ownerOfRemote(context, remote);
  if (owner === undefined) return branch;
  const head = merge.startsWith("refs/heads/") ? merge.slice("refs/heads/".length) : branch;
  if (head !== branch && context.gh.has("pushedBranches")) context.gh.native("a branch that follows another name");
  return owner.toLowerCase() === repository.owner.toLowerCase() ? head : `${owner}:${head}`;
}

async function ownerOfRemote(context: Context, remote: string): Promise<string | undefined> {
  if (/[:/]/.test(remote)) return remotePlace(remote)?.owner;
  return (await context.repository.remotes()).find(({ name }) => name === remote)?.owner;
}
