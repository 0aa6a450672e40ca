/** One call to the daemon, written by hand over node:net: all the code that a warm read loads. */
import {
  beatsHeader,
  callPath,
  formMediaType,
  frame,
  frameHeaderBytes,
  framesMediaType,
  githubTokenHeader,
  protocolVersion,
  sentVariables,
  serverTokenHeader,
  silenceMs,
} from "../../shared/protocol.ts";
import { version } from "../../shared/version.ts";
import { connectDaemon } from "../daemon-socket.ts";

/** The facts about this process that the daemon needs. */
export interface CallSurroundings {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly tty: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  /** Terminal width, when stdout is one. */
  readonly columns: number | undefined;
  /** The mounts that this process sees: see {@link mountsOf}. */
  readonly mounts?: string;
  /** The network that it sees: see {@link networkFile}. */
  readonly network?: string | undefined;
  /** The text of standard input, for a command that names it. */
  readonly stdin?: string;
}

export type CallResult =
  | { readonly kind: "exit"; readonly code: number }
  | {
      readonly kind: "native";
      readonly reason: string;
      readonly notice: string;
      readonly compare?: string;
      /** The directory of settings with which gh sends its requests to the daemon. */
      readonly via?: string;
    }
  /** The daemon refused with an HTTP status, before any output. */
  | { readonly kind: "refused"; readonly status: number; readonly message: string }
  /** No daemon listens. */
  | { readonly kind: "absent" }
  /** This process may not connect at all: in a sandbox without unix sockets, for example. */
  | { readonly kind: "denied"; readonly code: string }
  /** A daemon listens and sends nothing, not even a beat. */
  | { readonly kind: "silent" }
  /** The connection ended before the answer did. */
  | { readonly kind: "lost" };

type Print = (stream: "stdout" | "stderr", chunk: Uint8Array) => void;

/**
 * Sends the call and prints the answer as it comes. The call ends when the daemon sends nothing for `patienceMs`.
 */
export function call(
  socketPath: string,
  surroundings: CallSurroundings,
  print: Print,
  patienceMs: number = silenceMs,
): Promise<CallResult> {
  return new Promise((resolve) => {
    const answer = new AnswerReader(print);
    const silence = setTimeout(() => finish({ kind: "silent" }), patienceMs);
    const finish = (result: CallResult) => {
      clearTimeout(silence);
      // After a whole answer the daemon closes the connection; taking it down here costs half a millisecond.
      if (result.kind !== "exit" && result.kind !== "native") socket.destroy();
      resolve(result);
    };
    const socket = connectDaemon(socketPath, {
      connected: () => socket.write(httpRequest(surroundings)),
      failed: (problem, { code = "" }) => {
        if (problem === "absent") finish({ kind: "absent" });
        else finish(problem === "denied" ? { kind: "denied", code } : { kind: "lost" });
      },
    });
    socket.on("data", (chunk) => {
      const result = answer.take(chunk);
      if (result) return finish(result);
      // Printing may have taken long; an older daemon sends nothing while it works.
      if (answer.beats) silence.refresh();
      else clearTimeout(silence);
    });
    socket.once("end", () => finish(answer.ended()));
  });
}

/** The form body of `POST /gh`. */
export function encodeCall({ args, cwd, env, tty, columns, mounts, network, stdin }: CallSurroundings): string {
  const streams = `${tty.stdin ? "0" : ""}${tty.stdout ? "1" : ""}${tty.stderr ? "2" : ""}`;
  let form = `version=${protocolVersion}&client=${encodeURIComponent(version)}&beats=1&via=1&tty=${streams}&cwd=${encode(cwd)}`;
  if (mounts !== undefined) form += `&mounts=${mounts}`;
  if (network !== undefined) form += `&net=${encode(network)}`;
  if (stdin !== undefined) form += `&stdin=${encode(stdin)}`;
  if (columns !== undefined) form += `&columns=${columns}`;
  for (const arg of args) form += `&arg=${encode(arg)}`;
  for (const [name, value] of sentVariables(env)) form += `&env.${name}=${encode(value)}`;
  return form;
}

/** encodeURIComponent refuses lone surrogates, which Node never makes from bytes; it replaces invalid UTF-8 earlier. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function httpRequest(surroundings: CallSurroundings): string {
  const body = encodeCall(surroundings);
  const tokens = { ...callerToken(surroundings.env), ...githubTokens(surroundings.env) };
  const headers = Object.entries(tokens).map(([name, value]) => `${name}: ${value}\r\n`);
  return (
    `POST ${callPath} HTTP/1.1\r\nHost: octopool\r\nConnection: close\r\nAccept: ${framesMediaType}\r\n` +
    `${headers.join("")}Content-Type: ${formMediaType}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}

/**
 * Header with the caller's relay token; no header for a token that no relay issues. It travels in its own header on
 * this private socket: never in a form, an argument, or a log.
 */
export function callerToken({ OCTOPOOL_TOKEN: token }: CallSurroundings["env"]): Readonly<Record<string, string>> {
  return token && /^[\w-]+$/.test(token) ? { authorization: `Bearer ${token}` } : {};
}

/**
 * Headers with the tokens of the environment that gh would use, for github.com and for a GitHub Enterprise Server; none
 * with one that no header can hold.
 */
export function githubTokens(env: CallSurroundings["env"]): Readonly<Record<string, string>> {
  const tokens = {
    [githubTokenHeader]: env.GH_TOKEN || env.GITHUB_TOKEN || "",
    [serverTokenHeader]: env.GH_ENTERPRISE_TOKEN || env.GITHUB_ENTERPRISE_TOKEN || "",
  };
  return Object.fromEntries(Object.entries(tokens).filter(([, token]) => /^[\x21-\x7e]+$/.test(token)));
}

/** Takes the bytes of one answer: an HTTP head, then frames until `exit` or `native`. */
class AnswerReader {
  /** Whether the daemon sends beats while it works. */
  beats = false;
  readonly #print: Print;
  #status = 0;
  #compare: string | undefined;
  #via: string | undefined;
  #rest: Buffer = Buffer.alloc(0);

  constructor(print: Print) {
    this.#print = print;
  }

  take(chunk: Buffer): CallResult | undefined {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#status === 0 && !this.#takeHead()) return undefined;
    return this.#status === 200 ? this.#takeFrames() : undefined;
  }

  ended(): CallResult {
    if (this.#status === 0 || this.#status === 200) return { kind: "lost" };
    return { kind: "refused", status: this.#status, message: this.#rest.toString() };
  }

  #takeHead(): boolean {
    const end = this.#rest.indexOf("\r\n\r\n");
    if (end === -1) return false;
    const head = this.#rest.toString("latin1", 0, end);
    this.#status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 502);
    this.beats = head.toLowerCase().includes(`\r\n${beatsHeader}:`);
    this.#rest = this.#rest.subarray(end + 4);
    return true;
  }

  #takeFrames(): CallResult | undefined {
    while (this.#rest.length >= frameHeaderBytes) {
      const type = this.#rest[0];
      const length = this.#rest.readUInt32BE(1);
      const output = type === frame.stdout || type === frame.stderr;
      const whole = this.#rest.length >= frameHeaderBytes + length;
      if (!whole && !output) return undefined;
      const end = Math.min(frameHeaderBytes + length, this.#rest.length);
      const payload = this.#rest.subarray(frameHeaderBytes, end);
      if (type === frame.exit) return { kind: "exit", code: Number(payload.toString()) };
      if (type === frame.native) return nativeResult(payload.toString(), { compare: this.#compare, via: this.#via });
      if (type === frame.compare || type === frame.via) {
        if (type === frame.compare) this.#compare = payload.toString();
        else this.#via = payload.toString();
        this.#rest = this.#rest.subarray(end);
        continue;
      }
      if (!output && type !== frame.beat) return { kind: "lost" };
      this.#rest = whole ? this.#rest.subarray(end) : remainder(type, length - payload.length);
      if (payload.length === 0) {
        if (!whole) return undefined;
        continue;
      }
      this.#print(type === frame.stdout ? "stdout" : "stderr", payload);
    }
    return undefined;
  }
}

function nativeResult(
  payload: string,
  { compare, via }: { readonly compare: string | undefined; readonly via: string | undefined },
): CallResult {
  const [reason = "", ...notice] = payload.split("\n");
  const further = { ...(compare !== undefined && { compare }), ...(via !== undefined && { via }) };
  return { kind: "native", reason, notice: notice.join("\n"), ...further };
}

/** The head of a frame of which part was printed already, as if the rest were a frame of its own. */
function remainder(type: number, length: number): Buffer {
  const head = Buffer.alloc(frameHeaderBytes);
  head[0] = type;
  head.writeUInt32BE(length, 1);
  return head;
}
