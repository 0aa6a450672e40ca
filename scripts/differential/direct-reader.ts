import { addressOf, apiOf, type Host } from "../../daemon/hosts.ts";
import {
  type GitHubReader,
  type GraphqlRead,
  NativeRequired,
  type ReadAnswer,
  type ReadRequest,
} from "../../daemon/reader.ts";
import { Turns } from "../../daemon/relay/turns.ts";
import { sealedBody, unsealed } from "../../shared/graphql/seal.ts";
import { classify } from "../../shared/routes/index.ts";
import { type Emulator, type EmulatorFetch, type FetchAnswer, otherHosts } from "./emulator.ts";

/** One machine's burst does not flood the relay. */
const mostConcurrent = 8;
const day = 24 * 3_600_000;
const limits = { quick: mostConcurrent, most: mostConcurrent, slowAfterMs: day, patienceMs: day, longestWaitMs: day };

const passed = new Set(["content-type", "etag", "last-modified", "link", "retry-after", "x-github-request-id"]);

/**
 * Reads as daemon and relay do for one machine, without either: the route table, the public-repository guard, a pooled
 * identity that is not the user, the headers that are let through, and a cache. Each refusal of the relay is one here.
 */
export class DirectReader implements GitHubReader {
  /** Reads that reached GitHub. */
  calls = 0;
  readonly #cache = new Map<string, ReadAnswer>();
  readonly #proofs = new Map<string, Promise<number>>();
  readonly #turns = new Turns(limits);
  readonly #fetch: EmulatorFetch;
  readonly #fetchElsewhere: EmulatorFetch;
  readonly #poolToken: string;
  readonly #ownToken: string;
  readonly #now: () => number;

  constructor(
    github: Pick<Emulator, "fetch" | "fetchElsewhere">,
    tokens: { readonly pool: string; readonly own: string },
    now: () => number,
  ) {
    this.#fetch = github.fetch;
    this.#fetchElsewhere = github.fetchElsewhere;
    this.#poolToken = tokens.pool;
    this.#ownToken = tokens.own;
    this.#now = now;
  }

  /** The pool where it knows the answer, else the caller's own token: as the daemon does. */
  async read(request: ReadRequest): Promise<ReadAnswer> {
    if (request.host) return this.#elsewhere(request, request.host);
    if (request.graphql) return this.#query(request.graphql, request.maxAge);
    if (request.viewer !== undefined) return this.#own(request);
    try {
      return await this.#pooled(request);
    } catch (error) {
      if (!(error instanceof NativeRequired)) throw error;
      return this.#own(request);
    }
  }

  /** The kept answers have grown too old. */
  forget(): void {
    this.#cache.clear();
  }

  async #own({ path, query = [], headers = {}, own }: ReadRequest): Promise<ReadAnswer> {
    const body = own && JSON.stringify(own);
    const answer = await this.#load(targetOf(path, query), { accept: "*/*", ...headers }, this.#ownToken, body);
    const { location } = answer.headers;
    const moved = location && [301, 302, 307, 308].includes(answer.status) ? new URL(location) : undefined;
    if (moved && moved.host !== "api.github.com") throw new NativeRequired("GitHub names another host");
    const followed = moved ? await this.#load(`${moved.pathname}${moved.search}`, headers, this.#ownToken) : answer;
    return { ...this.#accept(followed), headers: followed.headers, own: true };
  }

  /** With the account's token of that host. */
  async #elsewhere({ path, query = [], headers = {}, graphql, own }: ReadRequest, host: Host): Promise<ReadAnswer> {
    if (graphql) throw new NativeRequired("the pool answers queries of github.com alone");
    const api = apiOf(host);
    const token = Object.entries(otherHosts).find(([name]) => name === host.name)?.[1];
    const sent = { accept: "*/*", ...headers, authorization: `token ${token}` };
    const load = (target: string) => {
      this.calls += 1;
      return this.#fetchElsewhere(target, sent, own && JSON.stringify(own));
    };
    const answer = await load(addressOf(host, targetOf(path, query)));
    const { location } = answer.headers;
    const followed = location?.startsWith(`${api}/`) ? await load(location) : answer;
    return { ...this.#accept(followed), headers: followed.headers, own: true };
  }

  /** Sealed, by the pool's identity alone: the real gh asks refused ones with its own token. */
  async #query({ read, ...request }: GraphqlRead, maxAge: number | undefined): Promise<ReadAnswer> {
    if (read.drafts === "any") throw new NativeRequired("local_credentials_required");
    await this.#provePublic(read);
    const cached = this.#cache.get(read.key);
    if (cached && maxAge !== 0) return { ...cached, answeredBy: "local" };
    const body = sealedBody(read.sealed, request);
    const answer = this.#accept(await this.#load("/graphql", {}, this.#poolToken, body));
    const own = unsealed(Buffer.from(answer.body).toString(), read.sealed.ending);
    if (answer.status !== 200 || own === undefined) throw new NativeRequired("local_credentials_required");
    const shown = { ...answer, body: Buffer.from(own) };
    this.#cache.set(read.key, shown);
    return shown;
  }

  async #pooled(request: ReadRequest): Promise<ReadAnswer> {
    const { path, query = [], headers = {}, maxAge } = request;
    const grouped = Object.fromEntries(
      [...Map.groupBy(query, ([key]) => key)].map(([key, pairs]) => [key, pairs.map(([, value]) => value)]),
    );
    const found = classify(path, grouped);
    if (!found) throw new NativeRequired("route_denied");
    if (found.route.class === "native") throw new NativeRequired("local_credentials_required");
    if (found.repository) await this.#provePublic(found.repository);
    const target = targetOf(path, query);
    const key = JSON.stringify([target, headers]);
    const cached = this.#cache.get(key);
    if (cached && maxAge !== 0) return { ...cached, answeredBy: "local" };
    const token = found.route.class === "pool" ? this.#poolToken : undefined;
    const loaded = await this.#load(target, headers, token);
    const { location } = loaded.headers;
    const followed = found.route.logs && location ? await this.#follow(location) : loaded;
    const answer = this.#accept(followed);
    if (answer.status === 200) this.#cache.set(key, answer);
    return answer;
  }

  /** The guard: a repository that the public cannot see is never read with pooled credentials. */
  async #provePublic({ owner, name }: { owner: string; name: string }): Promise<void> {
    const key = `${owner}/${name}`;
    const proof = this.#proofs.get(key) ?? this.#fetch(`/repos/${key}`, {}).then(({ status }) => status);
    this.#proofs.set(key, proof);
    const status = await proof;
    if (status === 200) return;
    throw new NativeRequired(status === 301 ? "repo_moved" : "repo_not_public");
  }

  async #load(
    target: string,
    headers: Readonly<Record<string, string>>,
    token: string | undefined,
    body?: string,
  ): Promise<FetchAnswer> {
    const done = await this.#turns.take(new AbortController().signal);
    try {
      this.calls += 1;
      return await this.#fetch(target, { ...headers, ...(token && { authorization: `token ${token}` }) }, body);
    } finally {
      done();
    }
  }

  /** Logs lie behind a signed link, which takes no credential. */
  #follow(location: string): Promise<FetchAnswer> {
    const { pathname, search } = new URL(location);
    return this.#fetch(`${pathname}${search}`, {});
  }

  #accept(answer: FetchAnswer): ReadAnswer {
    const { status, headers, body } = answer;
    if (status === 401 || status === 403 || status === 429) throw new NativeRequired("github_rate_limited");
    if (status >= 500) throw new NativeRequired("github_server_error");
    if (status >= 300 && status < 400 && status !== 304) throw new NativeRequired("github_redirect_denied");
    const kept = Object.entries(headers).filter(([name]) => passed.has(name) || name.startsWith("x-ratelimit-"));
    return {
      status,
      headers: Object.fromEntries(kept),
      body,
      answeredBy: "github",
      stale: false,
      createdAt: this.#now(),
    };
  }
}

function targetOf(path: string, query: NonNullable<ReadRequest["query"]>): string {
  if (query.length === 0) return path;
  return `${path}?${new URLSearchParams(query.map(([key, value]): [string, string] => [key, value]))}`;
}
