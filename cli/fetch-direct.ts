/** One request by Node's plain client, in the terms of fetch. */
import * as http from "node:http";
import { checksCertificates } from "../shared/certificates.ts";

/** The parts of a request that commands set. */
interface FetchOptions {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** A redirect is an answer; else it is followed. */
  readonly redirect?: "manual";
  readonly signal?: AbortSignal;
}

/** The parts of an answer that commands read. */
export interface Fetched {
  /** The status is one of success. */
  readonly ok: boolean;
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}

export type Fetch = (input: string | URL, init?: FetchOptions) => Promise<Fetched>;

/** Follows no redirect. */
export async function askDirectly(url: URL, { method = "GET", headers, body, signal }: FetchOptions): Promise<Fetched> {
  const client = url.protocol === "https:" ? await import("node:https") : http;
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const options = {
      method,
      // Node does not send the length of a DELETE's body by itself: its bytes would be read as another request.
      headers: { ...length(body), "accept-encoding": "gzip", ...headers },
      ...checksCertificates,
      ...(signal && { signal }),
    };
    const asked = client.request(url, options, resolve);
    asked.once("error", reject);
    asked.end(body);
  });
  const status = answer.statusCode ?? 0;
  return {
    ok: status >= 200 && status < 300,
    status,
    headers: { get: (name) => textOf(answer.headers[name.toLowerCase()]) },
    text: () => wholeText(answer),
  };
}

function length(body: string | undefined): Record<string, number> {
  return body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
}

function textOf(value: string | readonly string[] | undefined): string | null {
  return typeof value === "object" ? value.join(", ") : (value ?? null);
}

async function wholeText(answer: http.IncomingMessage): Promise<string> {
  const bytes = Buffer.concat(await answer.toArray());
  // A status without a body may still name an encoding.
  const packed = bytes.length > 0 && answer.headers["content-encoding"] === "gzip";
  const plain = packed ? (await import("node:zlib")).gunzipSync(bytes) : bytes;
  return new TextDecoder().decode(plain);
}
