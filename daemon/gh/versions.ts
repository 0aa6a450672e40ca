/**
 * The changes of gh's output by release: one table for everything that prints. The first promise is the bytes of the
 * caller's own gh, so where a release lies between the known ones, or is not known at all, the real gh answers.
 */
import { NativeRequired } from "../reader.ts";

interface Row {
  /** The newest release that is known to print the old form. */
  readonly before: string;
  /** The oldest release that is known to print the new form. */
  readonly since: string;
  /** The subject of the change, as a sentence's subject. */
  readonly about: string;
  /** `run`: both releases were compared by running them; else the source in cli/cli. */
  readonly source: string;
}

/** The same, where cli/cli's source at 2.60 still has the old form. */
const after60 = { before: "2.60", since: "2.96", source: "run; source of 2.60" } as const;

/** The same, where a library prints it, whose versions between were not compared. */
const after46 = { before: "2.46", since: "2.96", source: "run" } as const;

export const changes = {
  slurp: { before: "2.47", since: "2.48", about: "--slurp of gh api", source: "source of 2.60; run" },
  checksJson: { before: "2.49", since: "2.50", about: "--json of pr checks", source: "source of 2.60; run" },
  quotedNames: {
    before: "2.49",
    since: "2.50",
    about: "the list of names that git quotes",
    source: "cli/cli e5e5c4fc4",
  },
  issueViewOfPull: {
    before: "2.47",
    since: "2.48",
    about: "a pull request's address in issue view",
    source: "cli/cli a6cccdf67",
  },
  stepTimes: { before: "2.59", since: "2.60", about: "the times of a job's steps", source: "cli/cli 86b4bb995" },
  tenants: { before: "2.46", since: "2.60", about: "the API of a tenant of ghe.com", source: "source of 2.60; run" },
  allRuns: { before: "2.51", since: "2.52", about: "--all of run list", source: "source of 2.60; run" },
  assetDigests: { ...after60, about: "the digest of an asset" },
  immutableReleases: { ...after60, about: "the line that shows whether a release is immutable" },
  assigneeIds: { ...after60, about: "the databaseId of assignees" },
  changeType: { ...after60, about: "the changeType of files" },
  headRepositoryOwner: { ...after60, about: "the nameWithOwner of a head repository" },
  peoplesNames: { ...after60, about: "the names of people beside their logins" },
  projects: { ...after60, about: "the projects that an issue or a pull request stands in" },
  cancelledSummary: { ...after60, about: "the summary of checks that were all cancelled" },
  relations: {
    before: "2.93",
    since: "2.94",
    about: "the lines of issue types, sub-issues and blockers",
    source: "cli/cli#13057; run",
  },
  ownerlessBranches: { ...after46, about: "a branch that names no owner" },
  pushedBranches: { ...after46, about: "the pull request of a branch that follows one of another name" },
  numberIsAsked: { ...after46, about: "the number of a pull request alone" },
  workflowNotFound: { ...after46, about: "the message about a workflow that is not there" },
  sprigFunctions: { ...after60, about: "contains, hasPrefix, hasSuffix and regexMatch in templates" },
  missingOfRelease: { ...after46, about: "the message about a release of no repository" },
  releaseLimit: { ...after46, about: "a limit of release list below one" },
  jsonOrComments: { ...after60, about: "--comments beside --json" },
  escapesRefused: {
    before: "2.96",
    since: "2.97",
    about: "terminal escape sequences",
    source: "GHSA-3m3g-3wcr-px46; run",
  },
  whiteDelimiters: { ...after46, about: "the colour of JSON's brackets" },
  joinedCharacters: { ...after46, about: "the width of joined characters" },
  noLeafPaths: { ...after46, about: "leaf_paths of jq" },
  searchPages: { ...after46, about: "the pages of a search beyond a hundred" },
  grayEnds: { ...after46, about: "the end of a grey text" },
  labelColorsAsked: { ...after60, about: "labels in their own colours" },
  grayLineEnds: { ...after60, about: "the end of the last line of run view" },
} as const satisfies Record<string, Row>;

type GhChange = keyof typeof changes;

/** `2.60.1` as numbers; undefined for anything else. */
function parse(version: string): readonly [number, number] | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return major === undefined || minor === undefined ? undefined : [Number(major), Number(minor)];
}

/** Whether `version` is of the release `bound` or a later one. */
export function isAtLeast(version: string, bound: string): boolean {
  const [ours, theirs] = [parse(version), parse(bound)];
  if (!ours || !theirs) return false;
  return ours[0] > theirs[0] || (ours[0] === theirs[0] && ours[1] >= theirs[1]);
}

/** Releases that the differential suite was run with, by era: all cases were answered with their bytes. */
export const provenReleases = ["2.46", "2.96", "2.97", "2.98", "2.99", "2.100", "2.101", "2.102", "2.103"] as const;

/** The newest release that was run here: later ones are compared on the caller's machine. */
export const newestProven = "2.103";

/** Fields of `--json` that came after 2.46, with the minor release that is known to have them. */
export const laterFields = {
  pull: { baseRefOid: 63, closingIssuesReferences: 66, fullDatabaseId: 59 },
  issue: {
    isPinned: 60,
    stateReason: 49,
    closedByPullRequestsReferences: 92,
    blockedBy: 94,
    blocking: 94,
    issueType: 94,
    parent: 94,
    subIssues: 94,
    subIssuesSummary: 94,
  },
  repository: { archivedAt: 60, projectsV2: 60 },
  run: { attempt: 50 },
  release: { databaseId: 96, isImmutable: 92 },
} as const;

/** Eras whose lists of `--json` fields are known whole. */
type FieldEra = "2.46" | "2.96";

/** The gh that would answer otherwise, as far as its output depends on it. */
export class GhRelease {
  /** Such as `2.60.1`; undefined where it is not certain. */
  readonly version: string | undefined;

  constructor(version: string | undefined) {
    this.version = version !== undefined && parse(version) ? version : undefined;
  }

  /** Whether this gh prints the new form of `change`. Throws NativeRequired where that is not certain. */
  has(change: GhChange): boolean {
    const known = this.tells(change);
    if (known !== undefined) return known;
    throw new NativeRequired(`${changes[change].about}: ${this.#whose()}`);
  }

  /** The same; undefined where it is not certain. */
  tells(change: GhChange): boolean | undefined {
    const { before, since }: Row = changes[change];
    if (this.version === undefined) return undefined;
    if (isAtLeast(this.version, since)) return true;
    return isLater(this.version, before) ? undefined : false;
  }

  /** Changes of this gh that the daemon does not imitate. */
  native(what: string): never {
    throw new NativeRequired(`${what}, as gh ${this.version ?? ""} has it`);
  }

  /** Whether this gh is certain to be of release 2.`minor` or later. */
  isAtLeast(minor: number): boolean {
    return this.version !== undefined && isAtLeast(this.version, `2.${minor}`);
  }

  /** The era whose fields this gh has; undefined between eras. */
  get fieldEra(): FieldEra | undefined {
    if (this.version === undefined) return undefined;
    if (this.isAtLeast(96)) return "2.96";
    return this.isAtLeast(46) && !this.isAtLeast(47) ? "2.46" : undefined;
  }

  /** Whether it is newer than every release that was run here. */
  get isAhead(): boolean {
    return this.version !== undefined && isLater(this.version, newestProven);
  }

  #whose(): string {
    return this.version === undefined
      ? "the version of gh is not certain"
      : `gh ${this.version} is not known to print it`;
  }
}

/** Whether `version` is of a later release than `bound`. */
function isLater(version: string, bound: string): boolean {
  return isAtLeast(version, bound) && !isAtLeast(bound, version);
}
