/** `POST /gh`: as frames for the full client, or plainly for curl. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { OctopoolError } from "../../shared/errors.ts";
import {
  frame,
  framesMediaType,
  framesNeededStatus,
  githubTokenHeader,
  leavingStatus,
  nativeStatus,
  otherMountsStatus,
  protocolVersion,
  upgradeStatus,
} from "../../shared/protocol.ts";
import { isNewer, version } from "../../shared/version.ts";
import { answerCall, type CallOutcome } from "../answer-call.ts";
import { encodeFrame } from "../frames.ts";
import { type ParsedCall, parseCall } from "../parse-call.ts";
import type { ServerOptions } from "../server-options.ts";
import { bodyOf } from "./body.ts";

export async function handleCall(
  request: IncomingMessage,
  response: ServerResponse,
  { world, isLeaving }: ServerOptions,
): Promise<void> {
  const parsed = parseCall(await bodyOf(request));
  const refusal = refusalOf(parsed, isLeaving(), world.mounts);
  if (refusal) return sendText(response, refusal.status, refusal.message);
  const answer = request.headers.accept === framesMediaType ? new FramedAnswer(response) : new PlainAnswer(response);
  const gone = new AbortController();
  response.once("close", () => gone.abort(new OctopoolError("cancelled", "The client went away.")));
  const outcome = await answerCall(world, {
    invocation: parsed.invocation,
    token: bearerOf(request),
    githubTokens: { GH_TOKEN: githubTokenOf(request) },
    signal: gone.signal,
    emit: (stream, chunk) => answer.emit(stream, chunk),
  });
  if (!response.destroyed) answer.finish(outcome);
}

/**
 * A newer client replaces this daemon; while it leaves, nobody else may begin. Paths of a caller that sees other
 * mounts mean other files: its login, its aliases and its checkout are not ours to read.
 */
function refusalOf({ client, protocol, mounts }: ParsedCall, leaving: boolean, own: string) {
  if (leaving) return { status: leavingStatus, message: "This daemon is leaving." };
  if (mounts !== undefined && mounts !== own) {
    return { status: otherMountsStatus, message: "This daemon sees other files than its caller." };
  }
  if (protocol === protocolVersion && !isNewer(client, version)) return undefined;
  // An older client with another protocol cannot replace a newer daemon: it runs the real gh.
  const status = protocol < protocolVersion ? 400 : upgradeStatus;
  return { status, message: `This daemon is ${version} with protocol ${protocolVersion}.` };
}

function bearerOf(request: IncomingMessage): string | undefined {
  return /^Bearer (\S+)$/.exec(request.headers.authorization ?? "")?.[1];
}

/** The full client sends the token that the caller's gh would use; the sh script sends none. */
function githubTokenOf(request: IncomingMessage): string | undefined {
  const value = request.headers[githubTokenHeader];
  return typeof value === "string" && value !== "" ? value : undefined;
}

interface Answer {
  emit(stream: "stdout" | "stderr", chunk: string | Uint8Array): void;
  finish(outcome: CallOutcome): void;
}

class FramedAnswer implements Answer {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
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
    this.#response.writeHead(200, { "content-type": framesMediaType });
  }
}

function partsOf(outcome: CallOutcome): readonly Uint8Array[] {
  if (outcome.kind === "native") {
    const lines = outcome.notice === "" ? outcome.reason : `${outcome.reason.replaceAll("\n", " ")}\n${outcome.notice}`;
    return encodeFrame(frame.native, lines);
  }
  return [
    ...encodeFrame(frame.stdout, outcome.stdout),
    ...encodeFrame(frame.stderr, outcome.stderr),
    ...encodeFrame(frame.exit, String(outcome.exitCode)),
  ];
}

/** 200 is the whole answer; whatever needs more than its bytes is left to the full client. */
class PlainAnswer implements Answer {
  readonly #response: ServerResponse;
  #done = false;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  emit(): void {
    this.#needsFrames();
  }

  finish(outcome: CallOutcome): void {
    if (this.#done) return;
    if (outcome.kind === "native" && outcome.notice === "" && !outcome.needsToken)
      sendText(this.#response, nativeStatus, outcome.reason);
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

function sendText(response: ServerResponse, status: number, text: string): void {
  const body = Buffer.from(`${text}\n`);
  const headers = { "content-type": "text/plain; charset=utf-8", "content-length": body.length, connection: "close" };
  response.writeHead(status, headers).end(body);
}
