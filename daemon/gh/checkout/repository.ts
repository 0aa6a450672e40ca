/** Which repository a command is about: `-R`, GH_REPO, or the remotes of the checkout, by gh's own rules. */
import { NativeRequired } from "../../reader.ts";
import { CommandFailure } from "../command-failure.ts";
import { goQuote } from "../go/quote.ts";
import { type Remote, readRemotes } from "./remotes.ts";

/** A repository on github.com. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
}

/** `owner/name`. */
export function fullName(repository: Repository): string {
  return `${repository.owner}/${repository.name}`;
}

/** The REST path of something in a repository: `repositoryPath(r, "pulls", 7)`. */
export function repositoryPath(repository: Repository, ...segments: readonly (string | number)[]): string {
  return ["/repos", repository.owner, repository.name, ...segments.map(String)].join("/");
}

interface RepositorySources {
  readonly env: Readonly<Record<string, string>>;
  readonly git: (args: readonly string[]) => Promise<string>;
  /** gh would ask the user which of several remotes is meant. */
  readonly canPrompt: boolean;
  readonly isFork: (repository: Repository) => Promise<boolean>;
}

/** Finds the base repository once for a command. */
export class RepositoryResolver {
  readonly #sources: RepositorySources;
  #override: string;
  #flagged = false;
  #remotes: Promise<readonly Remote[]> | undefined;

  constructor(sources: RepositorySources) {
    this.#sources = sources;
    this.#override = sources.env.GH_REPO ?? "";
  }

  /** `-R`: goes before GH_REPO, unless empty. */
  override(value: string): void {
    if (value === "") return;
    this.#override = value;
    this.#flagged = true;
  }

  /** Whether `-R` was given: no branch of a checkout is looked at then. */
  get flagged(): boolean {
    return this.#flagged;
  }

  /**
   * The repository a command acts on.
   * @param before what this command puts before gh's own refusals
   * @throws (rejects) CommandFailure with gh's words, NativeRequired
   */
  async base(before = ""): Promise<Repository> {
    if (this.#override !== "") return parseRepository(this.#override, before);
    return this.ofCheckout(before);
  }

  /** The repository of the checkout, whatever GH_REPO says. */
  async ofCheckout(before = ""): Promise<Repository> {
    const remotes = await this.remotes(before);
    const [first] = remotes;
    if (!first) throw new NativeRequired("no git remote names a GitHub repository");
    const resolved = remotes.find((remote) => remote.resolved !== undefined);
    if (resolved) {
      onGitHub(resolved);
      return resolved.resolved === "base" ? onGitHub(resolved) : parseRepository(resolved.resolved ?? "");
    }
    if (!this.#sources.canPrompt) return onGitHub(first);
    // At a terminal gh looks the network of the remotes up and asks which one is meant.
    if (remotes.length > 1) throw new NativeRequired("several remotes, and gh may ask which one is meant");
    if (await this.#sources.isFork(onGitHub(first)))
      throw new NativeRequired("a fork, and gh may ask which one is meant");
    return onGitHub(first);
  }

  /** The remotes of the checkout, in gh's order. */
  remotes(before = ""): Promise<readonly Remote[]> {
    this.#remotes ??= readRemotes(this.#sources.git, before);
    return this.#remotes;
  }
}

function onGitHub(remote: Remote): Repository {
  if (remote.host !== "github.com") throw new NativeRequired(`remote ${remote.name} is on ${remote.host}`);
  return { owner: remote.owner, name: remote.repository };
}

const segment = /^[A-Za-z0-9_.-]+$/;

/**
 * `OWNER/REPO`, `HOST/OWNER/REPO` or a URL (ghrepo.FromFullName). What gh refuses is refused in its words, with `before`
 * before them; other hosts and names that GitHub does not allow are native.
 */
export function parseRepository(text: string, before = ""): Repository {
  const parts = /^(?:https?:|ssh:|git:|git\+ssh:|git\+https:|git@)/.test(text)
    ? urlParts(text, before)
    : text.split("/");
  if (parts.length < 2 || parts.length > 3 || parts.includes("")) {
    throw new CommandFailure(`${before}expected the "[HOST/]OWNER/REPO" format, got ${goQuote(text)}`);
  }
  const [name = "", owner = "", host = "github.com"] = parts.toReversed();
  if (!isGitHub(host)) throw new NativeRequired(`repository on ${host}`);
  if (!segment.test(owner) || !segment.test(name) || /^\.\.?$|\.git$/.test(name)) {
    throw new NativeRequired(`${JSON.stringify(text)} is not a repository name`);
  }
  return { owner, name };
}

/** gh takes these for one host. */
const isGitHub = (host: string) => /^(?:www\.|ssh\.)?github\.com$/i.test(host);

/** Of a URL's path gh takes exactly two parts (go-gh's RepoInfoFromURL); what follows `?` or `#` is no part of it. */
function urlParts(text: string, before: string): string[] {
  const scp = /^git@([^:/]+):([^/].*)$/.exec(text);
  const url = splitUrl(scp ? `ssh://git@${scp[1]}/${scp[2]}` : text);
  if (!url) throw new NativeRequired(`${JSON.stringify(text)} is an unusual URL`);
  const [owner, name, ...more] = url.path.replace(/^\/+|\/+$/g, "").split("/");
  if (owner === undefined || name === undefined || more.length > 0) {
    throw new CommandFailure(`${before}invalid path: ${url.path}`);
  }
  return [url.host, owner, name.replace(/\.git$/, "")];
}

const urlForm =
  /^([a-z][a-z+]*):\/\/(?:[\w.~-]+@)?([\w.-]+)(?::\d+)?((?:\/(?:[^?#\\%\s]|%[0-9a-f]{2})*)?)(?:[?#][\x21-\x7e]*)?$/i;

/**
 * Host and path of a URL as Go reads them: decoded, without what WHATWG's parser would tidy (`..`); undefined for a URL of
 * an unusual form.
 */
export function splitUrl(text: string): { scheme: string; host: string; path: string } | undefined {
  const [, scheme, host, path] = urlForm.exec(text) ?? [];
  if (scheme === undefined || host === undefined || path === undefined) return undefined;
  try {
    return { scheme: scheme.toLowerCase(), host, path: decodeURIComponent(path) };
  } catch {
    return undefined;
  }
}

/**
 * The repository and number that a thread's URL names, such as `https://github.com/o/r/pull/7/files`; undefined for what
 * gh reads in another way.
 */
export function parseThreadUrl(text: string, ...kinds: readonly ("pull" | "issues")[]) {
  const url = splitUrl(text);
  if (!url || !/^https?$/.test(url.scheme)) return undefined;
  const [, owner, name, word, digits] = /^\/([^/]+)\/([^/]+)\/([^/]+)\/(\d+)/.exec(url.path) ?? [];
  if (!kinds.some((kind) => kind === word) || digits === undefined) return undefined;
  if (!/^0*[1-9]\d{0,8}$/.test(digits)) throw new NativeRequired("an unusual number");
  return { repository: parseRepository(`${url.host}/${owner}/${name}`), number: Number(digits) };
}
