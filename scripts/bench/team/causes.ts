/** The causes of GitHub's requests, told from the machines' requests to the relay at that moment. */
import type { GitHubCall } from "./calls.ts";
import type { AskRecord } from "./records.ts";

type Cause =
  | "own token, private"
  | "live gate"
  | "after an own write"
  | "bounded age"
  | "proof of publicity"
  | "refresh behind an answer"
  | "revalidation of an old entry"
  | "miss"
  | "further page"
  | "the web's diff"
  | "beside a read"
  | "membership and tokens";

interface CausedCall extends GitHubCall {
  readonly cause: Cause;
}

export function causesOf(calls: readonly GitHubCall[], asks: readonly AskRecord[]): readonly CausedCall[] {
  const asked = Map.groupBy(asks, ({ t, path, query }) => `${t} ${spelled(path, query)}`);
  return calls.map((call) => ({
    ...call,
    cause: causeOf(call, asked.get(`${call.t} ${spelled(call.path, call.query)}`)),
  }));
}

function causeOf(call: GitHubCall, asks: readonly AskRecord[] | undefined): Cause {
  if (!call.pooled && call.account !== "app" && !call.path.startsWith("/orgs/")) return "own token, private";
  if (call.path.startsWith("/app/") || call.path.startsWith("/orgs/")) return "membership and tokens";
  if (call.web) return "the web's diff";
  if (/[?&]page=([2-9]|\d\d)/.test(call.query)) return "further page";
  if (asks === undefined) return /^\/repos\/[^/]+\/[^/]+$/.test(call.path) ? "proof of publicity" : "beside a read";
  if (asks.some(({ gate }) => gate)) return "live gate";
  if (asks.some(({ maxAge }) => maxAge === 0)) return "after an own write";
  if (asks.every(({ cache }) => cache === "stale")) return "refresh behind an answer";
  if (asks.some(({ maxAge }) => maxAge !== undefined)) return "bounded age";
  return call.conditional ? "revalidation of an old entry" : "miss";
}

/** One spelling of a resource. */
function spelled(path: string, query: string): string {
  const pairs = [...new URLSearchParams(query)].map((pair) => pair.join("=")).toSorted();
  return `${path.toLowerCase()}?${pairs.join("&")}`;
}
