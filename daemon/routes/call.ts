/** `POST /gh`: as frames for the full client, or plainly for curl. */

import type { IncomingMessage, ServerResponse } from "node:http";
import { bearerToken } from "../../shared/bearer.ts";
import {
  aliasReason,
  beatEveryMs,
  beatsHeader,
  frame,
  framesMediaType,
  framesNeededStatus,
  githubTokenHeader,
  leavingStatus,
  nativeStatus,
  otherMountsStatus,
  plainPatienceMs,
  protocolVersion,
  serverTokenHeader,
  upgradeStatus,
  viaHeader,
} from "../../shared/protocol.ts";
import { isNewer, version } from "../../shared/version.ts";
import { answerCall, type CallOutcome } from "../answer-call.ts";
import { encodeFrame } from "../frames.ts";
import { type ParsedCall, parseCall } from "../parse-call.ts";
import type { CallerTokens } from "../personal/index.ts";
import type { ServerOptions } from "../server-options.ts";
import type { DaemonWorld } from "../world.ts";
import { bodyOf } from "./body.ts";
import { differenceSeen } from "./difference-seen.ts";
import { abortAsGone } from "./gone.ts";

export async function handleCall(
  request: IncomingMessage,
  response: ServerResponse,
  { world, isLeaving }: ServerOptions,
): Promise<void> {
  const parsed = parseCall(await bodyOf(request));
  const refusal = refusalOf(parsed, isLeaving(), world);
  if (refusal) return sendText(response, refusal.status, refusal.message);
  const framed = request.headers.accept === framesMediaType;
  const answer = framed ? new FramedAnswer(response, parsed.beats) : new PlainAnswer(response);
  const gone = new AbortController();
  const leave = () => abortAsGone(gone);
  // A client that asks again for frames joins the reads in progress, if they still run.
  response.once("close", () => (answer.asksAgain ? void setTimeout(leave, plainPatienceMs) : leave()));
  const outcome = await answerCall(world, {
    invocation: parsed.invocation,
    token: bearerOf(request),
    githubTokens: githubTokensOf(request),
    signal: gone.signal,
    canGoVia: parsed.via,
    plain: !framed,
    emit: (stream, chunk) => answer.emit(stream, chunk),
  }).finally(() => answer.rest());
  if (!response.destroyed) answer.finish(outcome);
}

/** A newer client replaces this daemon; while it leaves, no other call may begin. */
function refusalOf(parsed: ParsedCall, leaving: boolean, world: DaemonWorld) {
  if (leaving) return { status: leavingStatus, message: "This daemon is leaving." };
  const difference = differenceSeen(parsed, world);
  if (difference !== undefined) {
    return { status: otherMountsStatus, message: `This daemon sees ${difference} than its caller.` };
  }
  const { client, protocol } = parsed;
  if (protocol === protocolVersion && !isNewer(client, version)) return undefined;
  // An older client with another protocol cannot replace a newer daemon: it runs the real gh.
  const status = protocol < protocolVersion ? 400 : upgradeStatus;
  return { status, message: `This daemon is ${version} with protocol ${protocolVersion}.` };
}

function bearerOf(request: IncomingMessage): string | undefined {
  return bearerToken(request.headers.authorization);
}

/** The full client sends the tokens that the caller's gh would use; the sh script sends none. */
export function githubTokensOf({ headers }: IncomingMessage): CallerTokens {
  const of = (name: string) => {
    const value = headers[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  return { GH_TOKEN: of(githubTokenHeader), GH_ENTERPRISE_TOKEN: of(serverTokenHeader) };
}

interface Answer {
  /** Whether the client must ask again for frames because the answer takes long. */
  readonly asksAgain: boolean;
  /** The work is done: beats stop. */
  rest(): void;
  emit(stream: "stdout" | "stderr", chunk: string | Uint8Array): void;
  finish(outcome: CallOutcome): void;
}

class FramedAnswer implements Answer {
  readonly asksAgain = false;
  readonly #response: ServerResponse;
  readonly #beats: NodeJS.Timeout | undefined;

  constructor(response: ServerResponse, beats: boolean) {
    this.#response = response;
    this.#beats = beats ? setInterval(() => this.#beat(), beatEveryMs) : undefined;
    response.once("close", () => this.rest());
  }

  rest(): void {
    clearInterval(this.#beats);
  }

  #beat(): void {
    this.#begin();
    this.#response.write(Buffer.from([frame.beat, 0, 0, 0, 0]));
  }

  emit(stream: "stdout" | "stderr", chunk: string | Uint8Array): void {
    this.#begin();
    for (const part of encodeFrame(frame[stream], chunk)) this.#response.write(part);
  }

  finish(outcome: CallOutcome): void {
    this.#begin();
    this.#response.cork();
    for (const part of partsOf(outcome)) this.#response.write(part);
    this.#response.end();
    this.#response.uncork();
  }

  /** No chunks: the client reads frames until the one that ends, and the connection ends with them. */
  #begin(): void {
    if (this.#response.headersSent) return;
    this.#response.removeHeader("transfer-encoding");
    this.#response.shouldKeepAlive = false;
    this.#response.writeHead(200, { "content-type": framesMediaType, ...(this.#beats && { [beatsHeader]: "1" }) });
  }
}

function partsOf(outcome: CallOutcome): readonly Uint8Array[] {
  if (outcome.kind === "native") {
    // Both may contain text of the relay; a line break would change the meaning of the rest.
    const lines = [outcome.reason, outcome.notice].map((line) => line.replaceAll(/[\r\n]+/g, " "));
    const way = outcome.via === undefined ? [] : encodeFrame(frame.via, outcome.via);
    const comparison = outcome.compare === undefined ? [] : encodeFrame(frame.compare, outcome.compare);
    const payload = outcome.notice === "" ? (lines[0] ?? "") : lines.join("\n");
    return [...comparison, ...way, ...encodeFrame(frame.native, payload)];
  }
  return [
    ...encodeFrame(frame.stdout, outcome.stdout),
    ...encodeFrame(frame.stderr, outcome.stderr),
    ...encodeFrame(frame.exit, String(outcome.exitCode)),
  ];
}

/** 200 is the whole answer; the full client handles any outcome that needs more than its bytes. */
class PlainAnswer implements Answer {
  asksAgain = false;
  readonly #response: ServerResponse;
  readonly #patience: NodeJS.Timeout;
  #done = false;

  constructor(response: ServerResponse) {
    this.#response = response;
    this.#patience = setTimeout(() => {
      this.asksAgain = true;
      this.#needsFrames();
    }, plainPatienceMs);
  }

  rest(): void {
    clearTimeout(this.#patience);
  }

  emit(): void {
    this.#needsFrames();
  }

  finish(outcome: CallOutcome): void {
    if (this.#done) return;
    // The sh script marks no write, and an alias may be one; it does not compare either.
    const plainly = outcome.kind === "native" && outcome.notice === "" && outcome.reason !== aliasReason;
    if (plainly && !outcome.needsToken && outcome.compare === undefined)
      sendText(this.#response, nativeStatus, outcome.reason, outcome.via ? { [viaHeader]: `${outcome.via};` } : {});
    else if (outcome.kind === "native" || outcome.exitCode !== 0 || outcome.stderr !== "") this.#needsFrames();
    else this.#whole(outcome.stdout);
  }

  #whole(stdout: string | Uint8Array): void {
    const body = typeof stdout === "string" ? Buffer.from(stdout) : stdout;
    const headers = { "content-type": "application/octet-stream", "content-length": body.length };
    this.#response.writeHead(200, headers).end(body);
  }

  #needsFrames(): void {
    if (this.#done) return;
    this.#done = true;
    sendText(this.#response, framesNeededStatus, `Ask with accept: ${framesMediaType}.`);
  }
}

function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  further: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(`${text}\n`);
  const own = { "content-type": "text/plain; charset=utf-8", "content-length": body.length, connection: "close" };
  response.writeHead(status, { ...own, ...further }).end(body);
}
