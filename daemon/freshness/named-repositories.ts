/** Finds the repository that a command's argument names (an address, `owner/name`, a path). */
import { isGitHubCom } from "../hosts.ts";

const name = "([\\w.-]+)";
const patterns = [
  new RegExp(`^(?:https?:\\/\\/)?(?:www\\.)?github\\.com\\/${name}\\/${name}(?:[/?#]|$)`, "i"),
  new RegExp(`^(?:https:\\/\\/api\\.github\\.com)?\\/?repos\\/${name}\\/${name}(?:\\/|$)`, "i"),
  new RegExp(`^${name}\\/${name}$`),
];

/** The name of a host has a dot here: one without may be an owner's. */
const elsewhere = new RegExp(`^(?:https?:\\/\\/)?([\\w-]+(?:\\.[\\w-]+)+)\\/${name}\\/${name}(?:[/?#]|$)`);

/** `owner/name` in lower case, on another host than github.com `host/owner/name`; undefined for any other text. */
export function repositoryNamed(place: string): string | undefined {
  for (const pattern of patterns) {
    const match = pattern.exec(place);
    if (match) return named(match[1], match[2]);
  }
  const [, host = "", owner, repository] = elsewhere.exec(place) ?? [];
  return owner === undefined || isGitHubCom(host.toLowerCase()) ? undefined : named(host, owner, repository);
}

function named(...parts: readonly (string | undefined)[]): string {
  return parts
    .join("/")
    .replace(/\.git$/, "")
    .toLowerCase();
}

/** Whether a result of {@link repositoryNamed} is on another host than github.com. */
export function isElsewhere(repository: string): boolean {
  return repository.split("/").length > 2;
}

/** The repository of a git remote's address: https, ssh, git, or `git@github.com:owner/name`. */
export function repositoryOfRemote(address: string): string | undefined {
  const path = /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?(?:www\.|ssh\.)?github\.com(?::\d+)?[:/]\/?(.+)$/i.exec(
    address.trim(),
  )?.[1];
  return path === undefined ? undefined : repositoryNamed(path.replace(/\/+$/, ""));
}

/** `owner/name` in lower case, of a request of GitHub's REST API with or without its query. */
export function repositoryOfPath(path: string): string | undefined {
  return /^\/repos\/([^/]+\/[^/?]+)/.exec(path)?.[1]?.toLowerCase();
}

/**
 * The repository that a command names: by `-R`, an address, a path of the API, the argument of `gh repo view`, or
 * GH_REPO.
 */
export function repositoryInWords(call: {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}): string | undefined {
  const { args, env } = call;
  for (const [at, arg] of args.entries()) {
    const before = args[at - 1] ?? "";
    const [, joined] = /^(?:--repo=|-R=?)(.+)$/.exec(arg) ?? [];
    // `a/b` may be a branch or a label, too.
    const isNamed = joined !== undefined || /^(-R|--repo)$/.test(before) || args[0] === "repo";
    const place = joined ?? arg;
    const named = isNamed || /^https?:|^\/?repos\//.test(place) ? repositoryNamed(place) : undefined;
    if (named !== undefined) return named;
  }
  return repositoryNamed(env.GH_REPO ?? "");
}
