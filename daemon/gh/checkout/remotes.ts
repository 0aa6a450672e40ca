/** The git remotes of a checkout, read and ordered as gh does (context/remote.go, git/url.go). */
import { GitFailure } from "../../git-failure.ts";
import { NativeRequired } from "../../reader.ts";
import { CommandFailure } from "../command-failure.ts";

export interface Remote {
  readonly name: string;
  readonly host: string;
  /** Reached by ssh, whose settings may map the host's name to another host. */
  readonly ssh: boolean;
  readonly owner: string;
  readonly repository: string;
  /** `base`, or a repository name, as `gh repo set-default` wrote it. */
  readonly resolved: string | undefined;
}

type Git = (args: readonly string[]) => Promise<string>;

/** gh's refusal outside of a checkout, which is git's with `before` before it; undefined for any other failure of git. */
export function outsideOfCheckout(error: unknown, before: string): CommandFailure | undefined {
  const outside = error instanceof GitFailure && error.stderr.startsWith("fatal: not a git repository (or any");
  return outside ? new CommandFailure(`${before}${error.stderr}`) : undefined;
}

/**
 * Reads the remotes; rejects with NativeRequired where git is missing or hangs, and with gh's own refusal where there is no
 * checkout or no remote.
 * @param before this command's prefix for a refusal
 */
export async function readRemotes(git: Git, before: string): Promise<readonly Remote[]> {
  const [listing, resolutions] = await Promise.all([
    git(["remote", "-v"]).catch((error: unknown) => {
      const message = `git remote failed: ${error instanceof Error ? error.message : "unknown"}`;
      throw outsideOfCheckout(error, `${before}failed to run git: `) ?? new NativeRequired(message);
    }),
    // No match is git's exit code 1.
    git(["config", "--get-regexp", "^remote\\..*\\.gh-resolved$"]).catch(() => ""),
  ]);
  if (listing === "") throw new CommandFailure(`${before}no git remotes found`);
  return parseRemotes(listing, resolutions);
}

/** {@link readRemotes} on git's output. */
export function parseRemotes(listing: string, resolutions: string): readonly Remote[] {
  const resolved = new Map<string, string>();
  for (const line of resolutions.split("\n")) {
    const match = /^remote\.(.+)\.gh-resolved (.*)$/.exec(line);
    if (match) resolved.set(match[1] ?? "", match[2] ?? "");
  }
  const urls = new Map<string, { fetch?: string; push?: string }>();
  for (const line of listing.split("\n")) {
    const match = /^(.+?)\s+(.+)\s+\((push|fetch)\)/.exec(line);
    if (!match) continue;
    const entry = urls.get(match[1] ?? "") ?? {};
    entry[match[3] === "push" ? "push" : "fetch"] = match[2] ?? "";
    urls.set(match[1] ?? "", entry);
  }
  return [...urls]
    .flatMap(([name, { fetch, push }]) => {
      const place = remotePlace(fetch) ?? remotePlace(push);
      return place ? [{ name, ...place, resolved: resolved.get(name) }] : [];
    })
    .sort((a, b) => score(b.name) - score(a.name));
}

/** upstream, then github, then origin, then the rest as git lists them. */
function score(name: string): number {
  const order = ["origin", "github", "upstream"];
  return order.indexOf(name.toLowerCase()) + 1;
}

/** Host, owner and name of a remote's URL; undefined where gh would skip the remote. */
export function remotePlace(text: string | undefined) {
  if (text === undefined) return undefined;
  const url = parseGitUrl(text);
  if (!url) return undefined;
  const [owner, name, ...more] = url.pathname.replace(/^\//, "").split("/");
  if (!owner || !name || more.length > 0) return undefined;
  const ssh = !/^(?:git|https?|git\+https):/.test(text);
  return { host: hostName(url.hostname), ssh, owner, repository: name.replace(/\.git$/, "") };
}

function parseGitUrl(text: string): URL | null {
  const known = /^(ssh|git\+ssh|git|http|https|git\+https):/.test(text);
  // scp-like: [user@]host:path
  const scp = known ? null : /^([^:/\\]+):(?!\/\/)\/?(.+)$/.exec(text);
  if (!known && !scp) return null;
  // WHATWG parsing leaves unknown schemes' hosts alone, so ask as https.
  const asHttps = scp ? `https://${scp[1]}/${scp[2]}` : text.replace(/^[a-z+]+:/, "https:");
  return URL.parse(asHttps);
}

/** gh treats these as one host: a leading `www.`, and ssh's names of github.com. */
export function hostName(host: string): string {
  const name = host.toLowerCase().replace(/^www\./, "");
  return name === "ssh.github.com" ? "github.com" : name;
}
