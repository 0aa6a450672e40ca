/**
 * The socket to which gh's own requests come when gh runs with a copy of its settings. A request that is not certainly
 * a shareable read is passed on untouched, streaming both ways. An answer is never shared between two credentials.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { repositoryOfPath } from "../freshness/named-repositories.ts";
import { anythingOn, apiPathOf, otherHostOf } from "../hosts.ts";
import { readBounded } from "./body.ts";
import type { ViaCounters } from "./counters.ts";
import { head, headerOf, type ViaAnswer, type ViaRequest } from "./exchange.ts";
import type { GraphqlMemory } from "./graphql.ts";
import type { RestMemory } from "./rest.ts";
import type { Upstream } from "./upstream.ts";

export interface ViaOptions {
  readonly upstream: Upstream;
  readonly rest: RestMemory;
  readonly graphql: GraphqlMemory;
  readonly counters: ViaCounters;
  /** Called after a possible write: `owner/name`, or undefined for any repository. */
  readonly onWrite: (repository: string | undefined) => void;
  /** Called with whether GitHub could not be asked. */
  readonly onTrouble: (failed: boolean) => void;
  readonly log: (event: string, details: Readonly<Record<string, string | number>>) => void;
}

/** GraphQL requests are small; a larger one is passed on as it streams. */
const largestQuery = 256 * 1024;

export function createViaServer(options: ViaOptions): Server {
  const server = createServer({ noDelay: true }, (request, response) => {
    answer(request, response, options).then(
      () => options.onTrouble(false),
      (error: unknown) => fail(response, error, options),
    );
  });
  // Uploads and downloads take as long as they take: gh has no limit of its own.
  server.requestTimeout = 0;
  server.timeout = 0;
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, options: ViaOptions): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort(new Error("gh has ended")));
  const asked = askedBy(request, gone.signal);
  const { rest, graphql, counters } = options;
  counters.requests++;
  const path = apiPathOf(asked);
  if (path !== undefined && rest.takes(asked)) return reply(response, await rest.answer(asked, response));
  if (path === "/graphql" && asked.method === "POST") {
    const body = await readBounded(request, largestQuery);
    if (body.whole) return reply(response, await graphql.answer(asked, body.bytes));
    options.onWrite(anythingOn(asked));
    return pass(asked, response, options, body.stream);
  }
  const writes = asked.method !== "GET" && asked.method !== "HEAD";
  const repository = repositoryAsked(asked, path);
  if (writes) options.onWrite(repository);
  await pass(asked, response, options, writes ? request : undefined);
  if (writes) options.onWrite(repository);
}

/** The repository of a request; any repository where its path names none. */
function repositoryAsked(asked: ViaRequest, path: string | undefined): string | undefined {
  const repository = repositoryOfPath(path ?? asked.target);
  const host = otherHostOf(asked.host);
  return repository === undefined || host === undefined ? (repository ?? anythingOn(asked)) : `${host}/${repository}`;
}

function askedBy(request: IncomingMessage, signal: AbortSignal): ViaRequest {
  const { rawHeaders: headers, method = "GET", url = "/" } = request;
  const authorization = headerOf(headers, "authorization") ?? "";
  return {
    method,
    target: url,
    host: (request.headers.host ?? "").toLowerCase(),
    headers,
    credential: createHash("sha256").update(authorization).digest("hex"),
    signal,
  };
}

/** Undefined: the answer has been streamed already. */
function reply(response: ServerResponse, answered: ViaAnswer | undefined): void {
  if (answered === undefined || response.destroyed) return;
  head(response, answered.status, answered.headers);
  response.end(answered.body);
}

async function pass(
  asked: ViaRequest,
  response: ServerResponse,
  { upstream, counters }: ViaOptions,
  body: NodeJS.ReadableStream | undefined,
): Promise<void> {
  counters.passed++;
  const { method, target, host, headers, signal } = asked;
  const answered = await upstream.send({ method, target, host, headers, signal, ...(body && { body }) });
  head(response, answered.statusCode ?? 502, answered.rawHeaders);
  await pipeline(answered, response);
}

/** gh prints the message of a JSON body. */
function fail(response: ServerResponse, error: unknown, { counters, log, onTrouble }: ViaOptions): void {
  if (response.destroyed) return;
  onTrouble(true);
  counters.failed++;
  const code = error instanceof Error && "code" in error ? String(error.code) : "no answer";
  log("via", { error: code });
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const body = JSON.stringify({ message: `octopool: GitHub cannot be reached (${code})` });
  head(response, 502, ["Content-Type", "application/json", "Content-Length", String(Buffer.byteLength(body))]);
  response.end(body);
}
