/** Questions to the daemon over its socket, for commands and for the version handshake; reads go through call.ts. */
import { request } from "node:http";
import { shutdownPath } from "../../shared/protocol.ts";

export interface ControlAnswer {
  readonly status: number;
  readonly body: string;
}

/** A daemon answers these questions at once, unless it hangs. In milliseconds. */
export const controlPatienceMs = 5_000;

/** The daemon accepted the connection and did not answer. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

export interface AskOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** A form to send. */
  readonly body?: string;
  /** How long the answer may take, in milliseconds. */
  readonly patienceMs?: number;
}

/** One request; rejects with the system's error when no daemon listens, and with {@link NoAnswer} when it hangs. */
export function ask(
  socketPath: string,
  method: "GET" | "POST",
  path: string,
  { headers = {}, body, patienceMs = controlPatienceMs }: AskOptions = {},
): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(Math.ceil(patienceMs));
    signal.addEventListener("abort", () => reject(new NoAnswer("the daemon does not answer")));
    const form =
      body === undefined
        ? {}
        : { "content-type": "application/x-www-form-urlencoded", "content-length": String(Buffer.byteLength(body)) };
    const options = { socketPath, method, path, headers: { connection: "close", ...form, ...headers }, signal };
    const outgoing = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      response.once("error", reject);
    });
    outgoing.once("error", reject);
    outgoing.end(body);
  });
}

/** Asks the daemon to finish its calls and leave; true when one was there. */
export async function shutdown(socketPath: string): Promise<boolean> {
  try {
    return (await ask(socketPath, "POST", shutdownPath)).status < 300;
  } catch {
    return false;
  }
}
