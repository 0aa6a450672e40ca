/** Finds the repository of a command: `-R`, GH_REPO, or the remotes of the checkout, by gh's own rules. */
import { githubCom } from "../../hosts.ts";
import { NativeRequired } from "../../reader.ts";
import { CommandFailure } from "../command-failure.ts";
import { goQuote } from "../go/quote.ts";
import type { Hosts } from "./hosts.ts";
import { hostName, type Remote, readRemotes } from "./remotes.ts";

/** A repository on the host that the command asks. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** `owner/name`. */
export function fullName(repository: RepositoryName): string {
  return `${repository.owner}/${repository.name}`;
}

/** The REST path of something in a repository: `repositoryPath(r, "pulls", 7)`. */
export function repositoryPath(repository: RepositoryName, ...segments: readonly (string | number)[]): string {
  return ["/repos", repository.owner, repository.name, ...segments.map(String)].join("/");
}

interface RepositorySources {
  readonly env: Readonly<Record<string, string>>;
  readonly git: (args: readonly string[]) => Promise<string>;
  /** Gets the host of each repository before it is read. */
  readonly hosts: Pick<Hosts, "default" | "isKnown" | "use">;
  /** The host that ssh's settings map a name to; undefined where that is not known. */
  readonly sshHost: (name: string) => Promise<string | undefined>;
  /** gh would ask the user which of several remotes is meant. */
  readonly canPrompt: boolean;
  readonly isFork: (repository: RepositoryName) => Promise<boolean>;
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

  /** `-R`: overrides GH_REPO, unless empty. */
  override(value: string): void {
    if (value === "") return;
    this.#override = value;
    this.#flagged = true;
  }

  /** Whether `-R` was given: the checkout's branch is not read then. */
  get flagged(): boolean {
    return this.#flagged;
  }

  /**
   * The repository a command acts on; reads ask its host.
   * @param before this command's prefix for gh's own refusals
   * @throws (rejects) CommandFailure with gh's message, NativeRequired
   */
  async base(before = ""): Promise<RepositoryName> {
    return this.#use(await this.#basePlace(before));
  }

  /** Its names alone, for a command that asks a host of its own choice. */
  async names(before = ""): Promise<RepositoryName> {
    return this.#basePlace(before);
  }

  /** The repository of the checkout, ignoring GH_REPO. */
  async ofCheckout(): Promise<RepositoryName> {
    return this.#use(await this.#checkoutPlace(""));
  }

  /** A repository as the user typed it. Throws CommandFailure with gh's message, NativeRequired. */
  named(text: string, before = ""): RepositoryName {
    return this.#use(parseRepository(text, this.#sources.hosts, before));
  }

  /**
   * The repository and number that a thread's URL names, such as `https://github.com/o/r/pull/7/files`; undefined for a
   * text that gh reads in another way.
   */
  ofThread(text: string, ...kinds: readonly ("pull" | "issues")[]) {
    const url = parseThreadUrl(text, ...kinds);
    return url && { repository: this.named(url.repository), number: url.number };
  }

  /** The remotes of the checkout, in gh's order. */
  remotes(before = ""): Promise<readonly Remote[]> {
    this.#remotes ??= readRemotes(this.#sources.git, before);
    return this.#remotes;
  }

  #use({ host, owner, name }: Place): RepositoryName {
    this.#sources.hosts.use(host);
    return { owner, name };
  }

  async #basePlace(before: string): Promise<Place> {
    if (this.#override === "") return this.#checkoutPlace(before);
    return parseRepository(this.#override, this.#sources.hosts, before);
  }

  async #checkoutPlace(before: string): Promise<Place> {
    const remotes = await this.#knownRemotes(before);
    const [first] = remotes;
    if (!first) throw await this.#noHost(before);
    const resolved = remotes.find((remote) => remote.resolved !== undefined);
    if (resolved) {
      if (resolved.resolved === "base") return placeOf(resolved);
      return { ...parseRepository(resolved.resolved ?? "", this.#sources.hosts), host: resolved.host };
    }
    if (!this.#sources.canPrompt) return placeOf(first);
    // At a terminal gh looks up the network of the remotes and asks the user to choose one.
    if (remotes.length > 1) throw new NativeRequired("several remotes, and gh may ask which one is meant");
    if (await this.#sources.isFork(this.#use(placeOf(first))))
      throw new NativeRequired("a fork, and gh may ask which one is meant");
    return placeOf(first);
  }

  /** gh's own message; where the environment chose a host or has a token for one, it names that host. */
  async #noHost(before: string): Promise<Error> {
    const { hosts, env } = this.#sources;
    const chosen = hosts.default.source === "GH_HOST" || serverTokens.some((name) => (env[name] ?? "") !== "");
    if (chosen || (await this.remotes(before)).length === 0) {
      return new NativeRequired("no git remote names a host that gh knows");
    }
    const words = "none of the git remotes configured for this repository point to a known GitHub host.";
    return new CommandFailure(`${before}${words} To tell gh about a new GitHub host, please use \`gh auth login\``);
  }

  /**
   * The remotes that gh considers: on hosts that it knows, or on the one that was chosen (factory/remote_resolver.go).
   */
  async #knownRemotes(before: string): Promise<readonly Remote[]> {
    const { hosts, canPrompt } = this.#sources;
    const { name, source } = hosts.default;
    const remotes = await this.remotes(before);
    const [first] = remotes;
    const decided = first?.host === githubCom.name && remotes.every(({ resolved }) => resolved === undefined);
    if (decided && name === githubCom.name && !canPrompt) return [first];
    const translated = await Promise.all(remotes.map((remote) => this.#translated(remote)));
    const known = translated.filter(({ host }) => hosts.isKnown(host));
    const there = known.filter(({ host }) => host === name);
    return source === "GH_HOST" || (source === "hosts" && there.length > 0) ? there : known;
  }

  /** A name in an address of ssh may be an alias. The name github.com counts as github.com. */
  async #translated(remote: Remote): Promise<Remote> {
    if (!remote.ssh || remote.host === githubCom.name) return remote;
    const host = await this.#sources.sshHost(remote.host);
    if (host === undefined) throw new NativeRequired(`remote ${remote.name} is on ${remote.host}, by ssh`);
    return { ...remote, host: hostName(host) };
  }
}

/** By these gh has a token for any host. */
const serverTokens = ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "CODESPACES"] as const;

/** A repository and its host, in lower case. */
interface Place extends RepositoryName {
  readonly host: string;
}

function placeOf({ host, owner, repository }: Remote): Place {
  return { host, owner, name: repository };
}

const segment = /^[A-Za-z0-9_.-]+$/;

/**
 * `OWNER/REPO`, `HOST/OWNER/REPO` or a URL (ghrepo.FromFullName). A text that gh refuses is refused with its message,
 * after `before`; names that GitHub does not allow are native.
 */
export function parseRepository(text: string, hosts: Pick<Hosts, "default">, before = ""): Place {
  const parts = /^(?:https?:|ssh:|git:|git\+ssh:|git\+https:|git@)/.test(text)
    ? urlParts(text, before)
    : text.split("/");
  if (parts.length < 2 || parts.length > 3 || parts.includes("")) {
    throw new CommandFailure(`${before}expected the "[HOST/]OWNER/REPO" format, got ${goQuote(text)}`);
  }
  const [name = "", owner = "", host] = parts.toReversed();
  if (!segment.test(owner) || !segment.test(name) || /^\.\.?$|\.git$/.test(name)) {
    throw new NativeRequired(`${JSON.stringify(text)} is not a repository name`);
  }
  return { owner, name, host: host === undefined ? hosts.default.name : hostName(host) };
}

/** Of a URL's path gh takes exactly two parts (go-gh's RepoInfoFromURL); the text after `?` or `#` is no part of it. */
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
 * Host and path of a URL as Go reads them: decoded, without the normalisation of WHATWG's parser (`..`); undefined for
 * a URL of an unusual form.
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

function parseThreadUrl(text: string, ...kinds: readonly ("pull" | "issues")[]) {
  const url = splitUrl(text);
  if (!url || !/^https?$/.test(url.scheme)) return undefined;
  const [, owner, name, word, digits] = /^\/([^/]+)\/([^/]+)\/([^/]+)\/(\d+)/.exec(url.path) ?? [];
  if (!kinds.some((kind) => kind === word) || digits === undefined) return undefined;
  if (!/^0*[1-9]\d{0,8}$/.test(digits)) throw new NativeRequired("an unusual number");
  return { repository: `${url.host}/${owner}/${name}`, number: Number(digits) };
}
