/** A request of gh's and its answer, with their headers as they came. */
import type { ServerResponse } from "node:http";

/** One request of gh's, its credential as a hash. */
export interface ViaRequest {
  readonly method: string;
  readonly target: string;
  readonly host: string;
  readonly headers: readonly string[];
  /** Separates the answers of one credential from those of another. */
  readonly credential: string;
  readonly signal: AbortSignal;
}

/** A whole answer. */
export interface ViaAnswer {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Headers of one connection, which are not passed on (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** The head as it came; Node only adds the framing of the body. */
export function head(response: ServerResponse, status: number, headers: readonly string[]): void {
  response.sendDate = false;
  response.shouldKeepAlive = false;
  response.writeHead(status, withoutHop(headers));
}

/** The same headers, in their order, without those of one connection. */
export function withoutHop(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = "", value = ""] = headers.slice(at, at + 2);
    if (!hopByHop.has(name.toLowerCase())) kept.push(name, value);
  }
  return kept;
}

/** The value of a header in such a list; names are compared without case. */
export function headerOf(headers: readonly string[], wanted: string): string | undefined {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (headers[at]?.toLowerCase() === wanted) return headers[at + 1];
  }
  return undefined;
}

/** A cached rate limit is out of date: gh would wait for a reset that has passed. */
export function withoutBudget(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = "", value = ""] = headers.slice(at, at + 2);
    if (!name.toLowerCase().startsWith("x-ratelimit-")) kept.push(name, value);
  }
  return kept;
}
