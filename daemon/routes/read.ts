/** `GET /github/<path>?<query>`: GitHub's own answer through this machine's memory, for scripts and other tools. */
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
  validateHeaderName,
  validateHeaderValue,
} from "node:http";
import { maxAgeSeconds } from "../../shared/cache-control.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { nativeStatus, readPrefix } from "../../shared/protocol.ts";
import { type Resource, resourceOf } from "../cache/resource.ts";
import type { ReadTrouble } from "../cache/trouble.ts";
import type { KnownConnection } from "../connections.ts";
import { NativeRequired, type ReadAnswer, type ReadRequest } from "../reader.ts";
import type { ServerOptions } from "../server-options.ts";
import type { DaemonWorld } from "../world.ts";
import { goneSignal } from "./gone.ts";
import { sendJson } from "./send-json.ts";

/** Request headers that choose the representation; other headers are not passed on. */
const choosing = ["accept", "x-github-api-version", "if-none-match", "if-modified-since"] as const;

export function handleRead(
  incoming: IncomingMessage,
  response: ServerResponse,
  options: ServerOptions,
): Promise<void> | undefined {
  const { world } = options;
  const known = options.isLeaving() ? undefined : world.connections.latest(world.env);
  if (known && sendWarm(incoming, response, world, known)) return undefined;
  return readSlowly(incoming, response, options);
}

/** Answers from memory, if it can. */
function sendWarm(
  incoming: IncomingMessage,
  response: ServerResponse,
  world: DaemonWorld,
  known: KnownConnection,
): boolean {
  const { headers, url = "" } = incoming;
  const resource = choosing.some((name) => chosen(headers, name)) ? undefined : targetOf(url).resource;
  if (resource === undefined) return false;
  world.freshness.look();
  const kept = world.reads.peek(resource, known.id, maxAgeSeconds(headers["cache-control"]));
  if (kept) send(response, kept, "local", world.now());
  return kept !== undefined;
}

async function readSlowly(
  incoming: IncomingMessage,
  response: ServerResponse,
  { world, isLeaving }: ServerOptions,
): Promise<void> {
  if (isLeaving()) {
    response.setHeader("connection", "close");
    throw new OctopoolError("daemon_unavailable", "This daemon is leaving.", {
      hint: "Ask again: a new one may listen.",
    });
  }
  const known = await world.connections.once(world.env);
  if (known === undefined) {
    throw new OctopoolError("not_logged_in", "No account is logged in on this machine.", {
      hint: "Run `octopool login`.",
    });
  }
  if (sendWarm(incoming, response, world, known)) return;
  const signal = goneSignal(response);
  const troubles: ReadTrouble[] = [];
  const asker = world.relays.asker(known, {
    env: world.env,
    onTrouble: (trouble) => troubles.push(trouble),
  });
  try {
    const answer = await world.reads.read({ ...requestOf(incoming), signal }, asker);
    send(response, answer, answer.stale ? "stale" : answer.answeredBy, world.now());
  } catch (error) {
    if (!(error instanceof NativeRequired)) throw error;
    refuse(response, error.reason, troubles.at(-1));
  }
}

/** The read that a URL asks for; scripts repeat themselves, so the latest are remembered. */
interface Target {
  readonly path: string;
  readonly query: NonNullable<ReadRequest["query"]>;
  /** Where no header chooses a representation. */
  readonly resource: Resource | undefined;
}
const remembered = new Map<string, Target>();
const mostRemembered = 1000;

function requestOf({ url = "", headers }: IncomingMessage): ReadRequest {
  const { path, query } = targetOf(url);
  const passed: Record<string, string> = {};
  for (const name of choosing) {
    const value = chosen(headers, name);
    if (value !== undefined) passed[name] = value;
  }
  const maxAge = maxAgeSeconds(headers["cache-control"]);
  return { path, query, headers: passed, ...(maxAge !== undefined && { maxAge }) };
}

/** curl's own default of `accept` expresses no preference. */
function chosen(headers: IncomingHttpHeaders, name: (typeof choosing)[number]): string | undefined {
  const value = headers[name];
  return typeof value === "string" && value !== "*/*" ? value : undefined;
}

function targetOf(url: string): Target {
  return remembered.get(url) ?? remember(url);
}

function remember(url: string): Target {
  const at = url.indexOf("?");
  const path = url.slice(readPrefix.length, at === -1 ? undefined : at);
  const query: Target["query"] = at === -1 ? [] : [...new URLSearchParams(url.slice(at + 1))];
  const target = { path, query, resource: resourceOf({ path, query }) };
  if (remembered.size >= mostRemembered) remembered.delete(remembered.keys().next().value ?? "");
  remembered.set(url, target);
  return target;
}

function send(response: ServerResponse, answer: Sendable, source: string, now: number): void {
  if (!isSendable(answer)) {
    refuse(response, "relay_answer_invalid", undefined);
    return;
  }
  // A large body is unpacked each time it is read.
  const { body } = answer;
  response.writeHead(answer.status, {
    ...answer.headers,
    "content-length": body.length,
    age: String(Math.max(0, Math.floor((now - answer.createdAt) / 1000))),
    "x-octopool-cache": source,
    ...(answer.reduced && { "x-octopool-reduced": "true" }),
  });
  response.end(body);
}

type Sendable = Pick<ReadAnswer, "status" | "headers" | "body" | "createdAt" | "reduced">;

/** Headers that were checked already; a kept answer is given many times. */
const sendable = new WeakSet<ReadAnswer["headers"]>();

/** A status that ends an answer, and headers that HTTP can carry; a client would wait for the end of anything else. */
function isSendable({ status, headers }: Sendable): boolean {
  if (!Number.isInteger(status) || status < 200 || status > 599) return false;
  if (sendable.has(headers)) return true;
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    sendable.add(headers);
    return true;
  } catch {
    return false;
  }
}

/** Only the caller's own gh can answer: the reason, in the form of the relay's errors. */
function refuse(response: ServerResponse, reason: string, trouble: ReadTrouble | undefined): void {
  const outage = trouble?.kind === "outage";
  const message = trouble?.message ?? `This read is for your own gh (${reason}).`;
  const code = outage ? "relay_unreachable" : trouble?.kind === "refusal" ? trouble.code : "fallback_local";
  const status = outage ? 502 : code === "invalid_auth" || code === "missing_auth" ? 401 : nativeStatus;
  sendJson(response, status, { error: { code, message, details: { reason } } });
}
