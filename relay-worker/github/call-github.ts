/** One request to GitHub: bounded in time and size, without following a redirect. */
import { fallbackLocal, OctopoolError } from "../../shared/errors.ts";
import type { Deps } from "../deps.ts";

interface GitHubRequest {
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Value of `Authorization`; without one the request carries no credential at all. */
  readonly authorization?: string | undefined;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** A form to send, or text whose type the headers name. */
  readonly body?: URLSearchParams | string;
}

export interface GitHubResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

const userAgent = "octopool-relay";

/**
 * @throws OctopoolError github_unreachable when no whole answer came in time, fallback_local github_response_too_large
 */
export async function callGitHub(deps: Deps, request: GitHubRequest): Promise<GitHubResponse> {
  const headers = new Headers({ "user-agent": userAgent, ...request.headers });
  if (request.authorization !== undefined) headers.set("authorization", request.authorization);
  try {
    const response = await deps.fetch(
      new Request(request.url, {
        method: request.method ?? "GET",
        headers,
        ...(request.body === undefined ? {} : { body: request.body }),
        redirect: "manual",
        signal: AbortSignal.timeout(request.timeoutMs),
      }),
    );
    return { status: response.status, headers: response.headers, body: await readBounded(response, request.maxBytes) };
  } catch (cause) {
    if (cause instanceof OctopoolError) throw cause;
    throw new OctopoolError("github_unreachable", "GitHub did not answer in time.", { cause });
  }
}

async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () =>
    fallbackLocal("github_response_too_large", `GitHub's answer is larger than ${maxBytes} bytes.`);
  if (!response.body) return new Uint8Array();
  if (Number(response.headers.get("content-length") ?? 0) > maxBytes) {
    await response.body.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
  return join(chunks, size);
}

function join(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
