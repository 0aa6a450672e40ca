/** REST reads of gh's own, revalidated under the caller's credential: a 304 costs no budget, and is never stale. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { LRUCache } from "lru-cache";
import { confirmsLinks } from "../../shared/page-links.ts";
import { unpacked } from "../relay/unpack.ts";
import { readBounded } from "./body.ts";
import type { ViaCounters } from "./counters.ts";
import { head, headerOf, type ViaAnswer, type ViaRequest, withoutBudget } from "./exchange.ts";
import type { Upstream } from "./upstream.ts";

interface RestMemoryOptions {
  readonly upstream: Upstream;
  readonly counters: ViaCounters;
}

const capacity = 64 * 1024 * 1024;
/** A larger answer streams through and is not kept. */
const largestKept = 4 * 1024 * 1024;
const overhead = 1024;

/** Headers of a request that distinguish representations. */
const telling = ["accept", "accept-encoding", "x-github-api-version", "time-zone"] as const;
/** Requests with one of these do not ask for the plain resource. */
const conditional = ["range", "if-none-match", "if-modified-since", "if-match", "if-unmodified-since", "if-range"];

export class RestMemory {
  readonly #options: RestMemoryOptions;
  readonly #answers = new LRUCache<string, ViaAnswer & { readonly etag: string }>({ maxSize: capacity });

  constructor(options: RestMemoryOptions) {
    this.#options = options;
  }

  /** Whether the request is a plain read of a resource. */
  takes({ method, headers }: ViaRequest): boolean {
    return method === "GET" && !conditional.some((name) => headerOf(headers, name) !== undefined);
  }

  /** The whole answer; undefined when it has been streamed to `response`. */
  async answer(asked: ViaRequest, response: ServerResponse): Promise<ViaAnswer | undefined> {
    const { upstream, counters } = this.#options;
    const key = keyOf(asked);
    const known = this.#answers.get(key);
    const headers = known ? [...asked.headers, "If-None-Match", known.etag] : asked.headers;
    const { method, target, host, signal } = asked;
    const received = await upstream.send({ method, target, host, headers, signal });
    if (received.statusCode === 304 && known) {
      counters.unchanged++;
      received.resume();
      return known;
    }
    counters.paid++;
    return this.#take(key, target, received, response);
  }

  async #take(
    key: string,
    target: string,
    received: IncomingMessage,
    response: ServerResponse,
  ): Promise<ViaAnswer | undefined> {
    const { statusCode: status = 502, rawHeaders: headers } = received;
    const etag = headerOf(headers, "etag") ?? "";
    this.#answers.delete(key);
    const body = await readBounded(received, largestKept);
    if (!body.whole) {
      head(response, status, headers);
      await pipeline(body.stream, response);
      return undefined;
    }
    const answered = { status, headers, body: body.bytes };
    if (status === 200 && etag !== "" && (await isConfirmedWhole(target, answered))) {
      const kept = { ...answered, headers: withoutBudget(headers), etag };
      this.#answers.set(key, kept, { size: body.bytes.length + overhead });
    }
    return answered;
  }
}

function keyOf({ credential, host, target, headers }: ViaRequest): string {
  return JSON.stringify([credential, host, target, ...telling.map((name) => headerOf(headers, name) ?? "")]);
}

/** Whether a 304 confirms the links too; an answer that cannot be unpacked is gh's own affair. */
async function isConfirmedWhole(target: string, { headers, body }: ViaAnswer): Promise<boolean> {
  const query = new URLSearchParams(target.split("?")[1]);
  const packed = { body, headers: { "content-encoding": headerOf(headers, "content-encoding") } };
  const plain = await unpacked(packed).catch(() => undefined);
  const link = headerOf(headers, "link");
  return plain !== undefined && confirmsLinks({ query, link, text: () => plain.toString(), linksOfOne: true });
}
