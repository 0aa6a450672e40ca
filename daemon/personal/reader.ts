/**
 * Reads of GitHub with the caller's own token, for data that the pool cannot serve. The policy, in one place:
 * - every answer is revalidated with its ETag each time it is used: a 304 costs no budget, and is never stale; a page
 * whose links a 304 would not confirm is not kept;
 * - an object named by a hash cannot change, and a read that accepts any age does not depend on changes: both are given
 * without a request for a while;
 * - identical reads in progress are one request, joined only by reads that were asked for before it began;
 * - a GraphQL query, whose answer has no ETag, is given for some seconds, until this machine writes; one that others
 * decide by is asked each time, and only joins a request in progress;
 * - a refusal, a rate limit or a network failure is native: gh runs and reports it itself.
 */
import { confirmsLinks } from "../../shared/page-links.ts";
import { type ClassifiedRoute, classify, isExpected } from "../../shared/routes/index.ts";
import { Flights } from "../cache/flights.ts";
import { isWholeAnswer } from "../graphql-answer.ts";
import { apiOf, githubCom } from "../hosts.ts";
import { NativeRequired, type ReadAnswer, type ReadRequest } from "../reader.ts";
import type { RawAnswer } from "../relay/collect.ts";
import { unpacked } from "../relay/unpack.ts";
import type { OwnAccount } from "./account.ts";
import type { OwnCounters } from "./counters.ts";
import type { AskGitHub } from "./github.ts";
import { bodyOf, keyOf, targetOf } from "./key.ts";
import { PersonalLimits } from "./limits.ts";
import type { OwnAnswer, OwnMemory } from "./memory.ts";
import { OwnPredictions } from "./predict.ts";
import { isKept, unchangingSeconds } from "./price.ts";

export interface PersonalReaderOptions {
  readonly ask: AskGitHub;
  readonly memory: OwnMemory;
  /** Of a host. */
  readonly countersOf: (host: string) => OwnCounters;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Seconds for which the answer to a query is given again; 0 keeps none. */
  readonly graphqlSeconds: number;
  /** Time of the last known write of this machine, milliseconds since the epoch. */
  readonly writtenAt: () => number;
  /** Called when GitHub does not accept the token. */
  readonly onUnauthorized: (account: OwnAccount) => void;
}

interface Landed {
  readonly answer: OwnAnswer;
  readonly createdAt: number;
}

const anyType = "*/*";

/** GitHub answers a renamed repository with one redirect; a longer chain is not followed. */
const mostRedirects = 3;

export class PersonalReader {
  readonly #options: PersonalReaderOptions;
  readonly #flights = new Flights<Landed>();
  readonly #limits: PersonalLimits;
  readonly #predictions: OwnPredictions;

  constructor(options: PersonalReaderOptions) {
    this.#options = options;
    this.#limits = new PersonalLimits(options.now);
    this.#predictions = new OwnPredictions(options.memory);
  }

  /** Answers one read; rejects with NativeRequired, or with the request's own abort reason. */
  async read(request: ReadRequest, account: OwnAccount): Promise<ReadAnswer> {
    request.signal?.throwIfAborted();
    const { now } = this.#options;
    const counters = this.#options.countersOf(account.host.name);
    const target = targetOf(request);
    const body = bodyOf(request);
    const key = keyOf(request, account);
    const kept = this.#options.memory.get(key);
    if (kept !== undefined && isKept(kept, request, this.#options)) {
      counters.kept++;
      return asRead({ answer: kept, createdAt: request.own ? kept.confirmedAt : now() });
    }
    const options = { live: true, signal: request.signal };
    const { value, coalesced } = await this.#flights.fly(key, options, (signal) =>
      body === undefined
        ? this.#ask({ request, account, target, key, signal })
        : this.#query({ request, account, target, key, body, signal }),
    );
    if (coalesced) counters.coalesced++;
    return asRead(value);
  }

  /** How many requests are in progress. */
  get underWay(): number {
    return this.#flights.size;
  }

  async #ask({ request, account, target, key, signal }: Asking): Promise<Landed> {
    const { memory, now } = this.#options;
    const counters = this.#options.countersOf(account.host.name);
    this.#requireUse(account);
    const began = now();
    const known = memory.get(key);
    const { accept = anyType } = request.headers ?? {};
    const send = async (conditions: Readonly<Record<string, string>>) => {
      const answer = await this.#send(account, target, { ...request.headers, ...conditions }, signal);
      counters.count(answer);
      return answer;
    };
    const classified = classify(request.path, Object.fromEntries(request.query ?? []));
    const read = { classified, account, key, accept };
    const isOurs = known !== undefined && request.headers?.["if-none-match"] === undefined;
    const [raw, confirmed] = isOurs
      ? await this.#predictions.ask(read, known, (etags) => send({ "if-none-match": etags }))
      : [await send({})];
    if (raw.status === 304 && confirmed) {
      memory.set(key, { ...confirmed, confirmedAt: began });
      return { answer: { ...confirmed, headers: { ...confirmed.headers, ...changing(raw) } }, createdAt: began };
    }
    if (raw.status >= 400 || raw.status === 304) memory.delete(key);
    this.#refuse(raw, account);
    if (!isAnswerTo(classified, accept, raw))
      throw new NativeRequired("GitHub's answer does not have the form of this read");
    const keptUntil = namedByHash(request) ? now() + unchangingSeconds * 1000 : 0;
    const answer = keep(raw, { keptUntil, confirmedAt: began });
    const page = { query: request.query ?? [], link: answer.headers.link, text: () => answer.body.toString() };
    if (answer.etag !== "" && answer.status === 200 && confirmsLinks(page)) memory.set(key, answer);
    else memory.delete(key);
    this.#predictions.note(read, raw, began);
    return { answer, createdAt: began };
  }

  /** The caller handles errors within an answer. */
  async #query({ request, account, target, key, body, signal }: Asking & { body: string }): Promise<Landed> {
    const { memory, now, graphqlSeconds } = this.#options;
    const counters = this.#options.countersOf(account.host.name);
    this.#requireUse(account);
    const createdAt = now();
    const headers = { "content-type": "application/json; charset=utf-8", "graphql-features": "merge_queue" };
    const raw = await this.#request({ account, target, headers, body, signal });
    counters.countQuery(account, raw);
    memory.noteQuery(key);
    this.#refuse(raw, account);
    if (raw.status !== 200) throw new NativeRequired(`GitHub answered ${raw.status}`);
    const answer = keep(raw, { keptUntil: createdAt + graphqlSeconds * 1000, confirmedAt: createdAt });
    if (graphqlSeconds > 0 && request.maxAge !== 0 && isWholeAnswer(raw.body)) memory.set(key, answer);
    return { answer, createdAt };
  }

  #requireUse({ hash }: OwnAccount): void {
    const pause = this.#limits.pauseOf(hash);
    if (pause) throw new NativeRequired(pause);
  }

  /** Follows the redirects of renamed repositories, on GitHub's own host only, as gh does. */
  async #send(
    account: OwnAccount,
    target: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<RawAnswer> {
    let next = target;
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const answer = await this.#request({ account, target: next, headers, signal });
      if (![301, 302, 307, 308].includes(answer.status)) return answer;
      const api = apiOf(account.host);
      const location = URL.parse(String(answer.headers.location ?? ""), api)?.href ?? "";
      if (!location.startsWith(`${api}/`)) throw new NativeRequired("GitHub names another host");
      next = location.slice(api.length);
    }
    throw new NativeRequired("GitHub redirects in a circle");
  }

  async #request(request: Parameters<AskGitHub>[0]): Promise<RawAnswer> {
    const headers = { accept: anyType, "accept-encoding": "gzip", ...request.headers };
    const ask = () => this.#options.ask({ ...request, headers });
    try {
      const answer = await ask().catch((error: unknown) => (isClosed(error) ? ask() : Promise.reject(error)));
      // They describe the body as it was sent.
      const { "content-encoding": _encoding, "content-length": _length, ...headers } = answer.headers;
      return { ...answer, headers, body: await unpacked(answer) };
    } catch (error) {
      request.signal.throwIfAborted();
      const { hash, host } = request.account;
      this.#options.countersOf(host.name).failed++;
      if (host.name !== githubCom.name) this.#limits.unreached(hash);
      // Without the error's own message: it may contain the request.
      throw new NativeRequired(`GitHub cannot be reached (${codeOf(error)})`);
    }
  }

  /** Errors that gh would get itself: a bad token, a rate limit, an organisation's sign-in, an outage of GitHub. */
  #refuse(raw: RawAnswer, account: OwnAccount): void {
    const { memory, onUnauthorized } = this.#options;
    if (raw.status < 400) return;
    if (raw.status === 401) {
      memory.forget(account.hash);
      this.#predictions.forget(account);
      onUnauthorized(account);
    }
    if (raw.status === 403 || raw.status === 429) this.#limits.refused(account.hash, raw);
    const isAnswer = raw.status === 404 || raw.status === 410 || raw.status === 422;
    if (!isAnswer) throw new NativeRequired(`GitHub answered ${raw.status}`);
  }
}

interface Asking {
  readonly request: ReadRequest;
  readonly account: OwnAccount;
  readonly target: string;
  readonly key: string;
  readonly signal: AbortSignal;
}

/**
 * A page or a truncated answer with a 200 does not count, for every caller; the body of an unknown route cannot be
 * checked.
 */
function isAnswerTo(
  classified: ClassifiedRoute | undefined,
  accept: string,
  { status, headers: told, body }: RawAnswer,
): boolean {
  const contentType = String(told["content-type"] ?? "");
  return !classified || isExpected({ classified, accept }, { status, contentType, body });
}

/** Objects that git names by their content. */
function namedByHash({ path }: ReadRequest): boolean {
  return /^\/repos\/[^/]+\/[^/]+\/git\/(blobs|trees|commits|tags)\/[0-9a-f]{40}$/.test(path);
}

function keep(
  { status, headers: received, body }: RawAnswer,
  times: Pick<OwnAnswer, "keptUntil" | "confirmedAt">,
): OwnAnswer {
  const headers = Object.fromEntries(
    Object.entries(received).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(", ")]],
    ),
  );
  return { status, headers, body, etag: headers.etag ?? "", ...times };
}

/** Headers that a 304 renews. */
function changing({ headers }: RawAnswer): Record<string, string> {
  const names = Object.keys(headers).filter((name) => name === "date" || name.startsWith("x-ratelimit-"));
  return Object.fromEntries(names.map((name) => [name, String(headers[name])]));
}

function asRead({ answer, createdAt }: Landed): ReadAnswer {
  const { status, headers, body } = answer;
  return { status, headers, body, answeredBy: "github", stale: false, createdAt, own: true };
}

/** A kept connection that GitHub had closed: there was no answer, and a read may be sent again. */
function isClosed(error: unknown): boolean {
  return ["UND_ERR_SOCKET", "ECONNRESET", "EPIPE"].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "no answer";
}
