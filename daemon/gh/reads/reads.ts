/** Typed reads of GitHub's REST API for one command: parsed on arrival, whole or not at all. */
import * as z from "zod";
import type { Price } from "../../../shared/explanation.ts";
import type { GraphqlRequest } from "../../../shared/graphql/recognise.ts";
import { lengthQuery } from "../../../shared/routes/query.ts";
import { apiOf, githubCom, type Host } from "../../hosts.ts";
import {
  type GitHubReader,
  type GraphqlRead,
  NativeRequired,
  type ReadAnswer,
  type ReadRequest,
} from "../../reader.ts";
import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import { GitHubRefusal } from "../command-failure.ts";
import { lastPage, nextQuery } from "./links.ts";
import type { ReadOptions, ReadQuery } from "./options.ts";
import { type ListOptions, type Page, type ReadList, readPages } from "./paging.ts";
import { listOf, parseBody } from "./parsed.ts";

/** The oldest acceptable answer, in seconds. */
interface AgeBounds {
  /** From a header: it overrides OCTOPOOL_FRESH. */
  readonly maxAge?: number | undefined;
  /** From `--cache`: OCTOPOOL_FRESH overrides it. */
  readonly cacheFor?: number | undefined;
}

/** The oldest answer a command was built from. */
interface OldestAnswer {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly stale: boolean;
  /** Came from a cache, not from GitHub. */
  readonly cached: boolean;
}

interface ReadsSettings {
  /** The host that is asked; absent: github.com. */
  readonly host?: () => Host;
  /** OCTOPOOL_FRESH: every read is live, save one with a bound of its own. */
  readonly live: boolean;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const decoder = new TextDecoder("utf-8", { fatal: true });
const repositoryHead = z.looseObject({ fork: z.boolean(), has_issues: z.boolean() });
const accountHead = z.looseObject({ login: z.string() });
const anyList = z.array(z.unknown());
const userHead = z.looseObject({ name: z.string().nullable() });

export class Reads {
  readonly #reader: GitHubReader;
  readonly #settings: ReadsSettings;
  readonly #names = new Map<string, Promise<string>>();
  #unsettled = false;
  /** Reads of this command that need not be live: none is made twice. */
  readonly #made = new Map<string, Promise<ReadAnswer>>();
  /** GitHub's own answers to this command, the latest of each. */
  readonly #said = new Map<string, ReadAnswer>();
  #viewer: Promise<string> | undefined;
  #oldest: OldestAnswer | undefined;
  /** When the command, or this look of a watch, began. */
  #began: number;
  /**
   * When GitHub was last asked for an answer of this look that another caller's read may have caused, by the relay's
   * clock.
   */
  #told = 0;

  constructor(reader: GitHubReader, settings: ReadsSettings) {
    this.#reader = reader;
    this.#settings = settings;
    this.#began = settings.now();
  }

  /** GitHub's answer as it is, of any status. */
  async raw(path: string, options: ReadOptions & AgeBounds = {}): Promise<ReadAnswer> {
    const request = this.#requestOf(path, options);
    const listable = options.orListed && request.maxAge !== 0 && !request.host;
    const listed = listable ? await this.#reader.listed?.(request) : undefined;
    const answer = listed ?? ((options.live === "here" && this.#saidHere(request)) || (await this.#once(request)));
    // The next read must not be older: the jobs of a run are not older than its end.
    if (options.live === "here") this.#told = Math.max(this.#told, answer.toldAt || Number.POSITIVE_INFINITY);
    if (answer.answeredBy === "github") this.#said.set(targetOf(request), answer);
    if (answer.unsettled) this.#unsettled = true;
    // An answer that cannot change has no relevant age.
    if (!request.anyAge) this.#note(answer);
    return answer;
  }

  /** Whether the caller's own token reads it: the pool is not asked. */
  isOwn(path: string): boolean {
    return this.#reader.isOwn?.(this.#requestOf(path, {})) ?? false;
  }

  /** Whether events may vouch for fields that others decide by. */
  isPushed(path: string): boolean {
    return this.#reader.isPushed?.(this.#requestOf(path, { live: "vouched" })) ?? false;
  }

  /** The cost of a read, as far as it is known without a request. */
  price(path: string, options: ReadOptions = {}): Promise<Price> {
    return this.#reader.price?.(this.#requestOf(path, options)) ?? Promise.resolve("shared");
  }

  /** How often a query was asked with the caller's own token in the last minutes. */
  asked(own: GraphqlRequest): Promise<number> {
    const request = this.#requestOf("/graphql", { own, viewer: "the caller's own query" });
    return this.#reader.asked?.(request) ?? Promise.resolve(0);
  }

  #requestOf(path: string, options: ReadOptions & AgeBounds): ReadRequest {
    const maxAge = options.live
      ? 0
      : (options.maxAge ?? (this.#settings.live ? 0 : (options.cacheFor ?? options.within)));
    const host = this.#host();
    return {
      path,
      ...(host && { host }),
      ...(options.query && { query: options.query }),
      ...(options.headers && { headers: options.headers }),
      ...(maxAge !== undefined && { maxAge }),
      ...(options.live === "vouched" && !this.#settings.live && { vouched: true as const }),
      ...(options.live === "here" && !this.#settings.live && { since: { began: this.#began, told: this.#told } }),
      ...(options.viewer !== undefined && { viewer: options.viewer }),
      ...(options.graphql && { graphql: options.graphql }),
      ...(options.own && { own: options.own }),
      ...(options.anyAge && maxAge === undefined && { anyAge: true as const }),
      signal: this.#settings.signal,
    };
  }

  /** A query's answer that any caller got within so many seconds: GitHub is not asked for it. */
  async recent(graphql: GraphqlRead, within: number): Promise<ReadAnswer | undefined> {
    if (this.#settings.live || this.#host()) return undefined;
    const { signal } = this.#settings;
    const answer = await this.#reader.recent?.({ path: "/graphql", graphql, maxAge: within, signal });
    if (answer) this.#note(answer);
    return answer;
  }

  /** Whether this machine has an answer within so many seconds, so that no request is needed. */
  isHere(path: string, within: number, query: ReadQuery = []): boolean {
    if (this.#settings.live || this.#host()) return false;
    return this.#reader.isHere?.({ path, maxAge: within, ...(query.length > 0 && { query }) }) ?? false;
  }

  /** An answer with a status of 400 or more, as an error. */
  refusal(path: string, { status, body }: Pick<ReadAnswer, "status" | "body">): GitHubRefusal {
    return new GitHubRefusal({ status, path, api: this.api, body });
  }

  /** The address before a path of the API, for gh's message. */
  get api(): string {
    return apiOf(this.#host() ?? githubCom);
  }

  /** Undefined where it is github.com. */
  #host(): Host | undefined {
    const host = this.#settings.host?.() ?? githubCom;
    return host.name === githubCom.name ? undefined : host;
  }

  /** An answer of this look did not yet show an event. */
  get unsettled(): boolean {
    return this.#unsettled;
  }

  /** A watch looks again. */
  forget(): void {
    this.#unsettled = false;
    this.#told = 0;
    this.#made.clear();
    // A clock may stand still between two looks.
    this.#said.clear();
    this.#began = this.#settings.now();
  }

  #once(request: ReadRequest): Promise<ReadAnswer> {
    if (request.maxAge === 0) return this.#reader.read(request);
    const key = `${targetOf(request)} ${request.maxAge} ${request.anyAge}`;
    const made = this.#made.get(key) ?? this.#reader.read(request);
    this.#made.set(key, made);
    return made;
  }

  /** GitHub's own answer to the same read, asked for since the command began. */
  #saidHere(request: ReadRequest): ReadAnswer | undefined {
    const answer = this.#said.get(targetOf(request));
    return answer && answer.createdAt >= this.#began ? answer : undefined;
  }

  /**
   * This machine's last answer, of any age: a guess at GitHub's answer, or a fact that cannot change. `evenPart`: also
   * one page of several.
   */
  held<T>(path: string, schema: z.ZodType<T>, query: ReadQuery = [], { evenPart = false } = {}): T | undefined {
    if (this.#host()) return undefined;
    const answer = this.#reader.held?.({ path, ...(query.length > 0 && { query }) });
    return evenPart ? bodyOf(answer, schema) : wholeOf(answer, schema);
  }

  /** When GitHub gave this machine its last answer, of any age; 0 without one. In ms since the epoch. */
  heldAt(target: Pick<ReadOptions, "query" | "graphql"> & { readonly path: string }): number {
    return this.#host() ? 0 : (this.#reader.held?.(target)?.createdAt ?? 0);
  }

  /** As {@link held}, of a query. */
  heldQuery<T>(graphql: GraphqlRead, schema: z.ZodType<T>): T | undefined {
    return this.#host() ? undefined : bodyOf(this.#reader.held?.({ path: "/graphql", graphql }), schema);
  }

  /** As {@link held}, also of answers to the caller's own token. */
  async recalled<T>(path: string, schema: z.ZodType<T>, options: ReadOptions = {}): Promise<T | undefined> {
    return wholeOf(await this.#reader.recall?.(this.#requestOf(path, options)), schema);
  }

  /**
   * One resource. Rejects with {@link GitHubRefusal} for a status of 400 or more, NativeRequired for a strange body.
   */
  async get<T>(path: string, schema: z.ZodType<T>, options: ReadOptions = {}): Promise<T> {
    return parseBody(await this.#accepted(path, options), path, schema);
  }

  /** A body that is not JSON, such as a diff. */
  async bytes(path: string, options: ReadOptions = {}): Promise<Uint8Array> {
    return (await this.#accepted(path, options)).body;
  }

  /** A whole list of items; see {@link readPages} for the proof. */
  async list<T>(path: string, item: z.ZodType<T>, options: ReadOptions & ListOptions<T> = {}): Promise<readonly T[]> {
    return (await this.listUpTo(path, item, options)).items;
  }

  /** A list of items up to a limit, and whether that was all of it. */
  listUpTo<T>(path: string, item: z.ZodType<T>, options: ReadOptions & ListOptions<T>): Promise<ReadList<T>> {
    return this.envelopeUpTo(path, listOf(item), (items) => ({ items }), options);
  }

  /** A whole list inside an object with its total, such as `{total_count, check_runs: […]}`. */
  async envelope<B, T>(
    path: string,
    body: z.ZodType<B>,
    open: (body: B) => Omit<Page<T>, "next">,
    options: ReadOptions & ListOptions<T> = {},
  ): Promise<readonly T[]> {
    return (await this.envelopeUpTo(path, body, open, options)).items;
  }

  /** {@link envelope} up to a limit, and whether that was all of it. */
  envelopeUpTo<B, T>(
    path: string,
    body: z.ZodType<B>,
    open: (body: B) => Omit<Page<T>, "next">,
    options: ReadOptions & ListOptions<T>,
  ): Promise<ReadList<T>> {
    const { query = [], ...rest } = options;
    return readPages<T>(query, rest, async (pageQuery) => {
      const answer = await this.#accepted(path, { ...rest, query: pageQuery });
      return { ...open(parseBody(answer, path, body)), next: nextQuery(answer.headers.link) };
    });
  }

  /**
   * The length of a list: with one item on a page, the number of its last page. Undefined where GitHub does not give
   * it.
   */
  async count(path: string, query: ReadQuery): Promise<number | undefined> {
    const answer = await this.#accepted(path, { query: [...query, ...lengthQuery] });
    const { link } = answer.headers;
    return link === undefined ? parseBody(answer, path, anyList).length : lastPage(link);
  }

  /** A user's profile name, empty when unset; one look-up for each login of a command. */
  userName(login: string): Promise<string> {
    const key = login.toLowerCase();
    const known = this.#names.get(key);
    if (known) return known;
    const found = this.get(`/users/${login}`, userHead).then(({ name }) => name ?? "");
    this.#names.set(key, found);
    return found;
  }

  /** The login of the caller's own account. Rejects with NativeRequired where it cannot be asked for. */
  viewerLogin(): Promise<string> {
    this.#viewer ??= this.get("/user", accountHead, { viewer: "the account that asks" }).then(({ login }) => login);
    return this.#viewer;
  }

  /**
   * Scopes of the caller's own token; undefined where GitHub names none (fine-grained tokens, those of Apps). Only a
   * classic token's can change, and that by hand.
   */
  async viewerScopes(): Promise<readonly string[] | undefined> {
    const { headers } = await this.#accepted("/user", { viewer: "the account that asks", anyAge: true });
    return headers["x-oauth-scopes"]?.split(",").map((scope) => scope.trim());
  }

  async isFork(repository: RepositoryName): Promise<boolean> {
    return (await this.get(repositoryPath(repository), repositoryHead)).fork;
  }

  async hasIssues(repository: RepositoryName): Promise<boolean> {
    return (await this.get(repositoryPath(repository), repositoryHead)).has_issues;
  }

  /** Whether the repository answers at all: a 404 within it then means that the resource does not exist. */
  async repositoryExists(repository: RepositoryName): Promise<boolean> {
    await this.#accepted(repositoryPath(repository), {});
    return true;
  }

  /** The oldest answer so far; undefined before the first. */
  get oldest(): OldestAnswer | undefined {
    return this.#oldest;
  }

  async #accepted(path: string, options: ReadOptions): Promise<ReadAnswer> {
    const answer = await this.raw(path, options);
    if (answer.status >= 400) throw this.refusal(path, answer);
    if (answer.status !== 200) throw new NativeRequired(`GitHub answered ${answer.status} to ${path}`);
    return answer;
  }

  #note(answer: ReadAnswer): void {
    const cached = answer.answeredBy !== "github";
    const before = this.#oldest;
    this.#oldest = {
      createdAt: Math.min(answer.createdAt, before?.createdAt ?? Number.POSITIVE_INFINITY),
      stale: answer.stale || (before?.stale ?? false),
      cached: cached || (before?.cached ?? false),
    };
  }
}

type Held = Pick<ReadAnswer, "status" | "headers" | "body"> | undefined;

/** A body that is no page of several. */
function wholeOf<T>(answer: Held, schema: z.ZodType<T>): T | undefined {
  return answer?.headers.link === undefined ? bodyOf(answer, schema) : undefined;
}

function bodyOf<T>(answer: Held, schema: z.ZodType<T>): T | undefined {
  if (answer?.status !== 200) return undefined;
  try {
    return schema.safeParse(JSON.parse(decoder.decode(answer.body))).data;
  } catch {
    return undefined;
  }
}

/** A read that accepts an answer of any age. */
function targetOf({ path, query = [], headers = {}, graphql, own, viewer }: ReadRequest): string {
  // The public view cannot answer a read of the caller's private data.
  return JSON.stringify([path, query, headers, graphql?.read.key, own, viewer !== undefined]);
}
