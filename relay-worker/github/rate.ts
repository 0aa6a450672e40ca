/** Reads from GitHub's response the rate limit and health of the identity that asked. */
import type { Bucket, Observation } from "../coordinator/contract.ts";
import type { GitHubResponse } from "./call-github.ts";

export interface Asked {
  readonly identityId: string | null;
  readonly budgetOwner: string;
  readonly bucket: Bucket;
  readonly routeKey: string;
}

/** The reason why GitHub refused an identity; another one may succeed. */
export type Refusal = "unauthorized" | "rate_limited" | "depleted" | "forbidden";

export function observe(asked: Asked, response: GitHubResponse): Observation {
  const { headers, status } = response;
  const retryAfter = number(headers, "retry-after");
  return {
    ...asked,
    status,
    // GitHub counts a rejected credential as a call without one from that address: the figures are not the identity's.
    ...(status === 401 ? {} : budgetOf(headers)),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(isSecondary(response) ? { secondary: true } : {}),
  };
}

function budgetOf(headers: Headers): Pick<Observation, "limit" | "remaining" | "reset"> {
  const limit = number(headers, "x-ratelimit-limit");
  const remaining = number(headers, "x-ratelimit-remaining");
  const reset = number(headers, "x-ratelimit-reset");
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(reset === undefined ? {} : { reset }),
  };
}

/** Undefined for every answer about the resource itself, 404 included. */
export function refusalOf(response: GitHubResponse): Refusal | undefined {
  if (response.status === 401) return "unauthorized";
  if (response.status !== 403 && response.status !== 429) return undefined;
  if (isSecondary(response)) return "rate_limited";
  if (response.headers.get("x-ratelimit-remaining") === "0") return "depleted";
  if (response.status === 429 || response.headers.has("retry-after")) return "rate_limited";
  return "forbidden";
}

/** Only the message identifies a secondary limit. */
function isSecondary({ status, body }: GitHubResponse): boolean {
  if (status !== 403 && status !== 429) return false;
  return /secondary rate limit|abuse detection/i.test(new TextDecoder().decode(body.subarray(0, 4096)));
}

function number(headers: Headers, name: string): number | undefined {
  const value = headers.get(name);
  return value !== null && /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}
