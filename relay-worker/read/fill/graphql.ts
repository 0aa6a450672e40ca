/** GitHub's answer to a GraphQL read: it reports most errors with status 200. */
import * as z from "zod";
import { fallbackLocal, OctopoolError } from "../../../shared/errors.ts";
import { unsealed } from "../../../shared/graphql/seal.ts";
import { parseJson } from "../../../shared/parse-json.ts";
import type { GitHubResponse } from "../../github/call-github.ts";
import { budgetOwnerOf } from "../../pools/definition.ts";
import type { GraphqlQuestion } from "../plan.ts";
import { refusedLately } from "../refused-queries.ts";
import { type Access, refused } from "./access.ts";
import type { Refused } from "./refusals.ts";

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.looseObject({ type: z.string().optional() })).optional(),
});

/** The time for which a query is not sent again that GitHub could not finish, and one whose object does not exist. */
const unfinishedMs = 60_000;
const missingMs = 5_000;

/**
 * The answer without its seal, as GitHub would have sent it; or the refusal of this identity: another one may succeed.
 * @throws OctopoolError fallback_local where the caller's own gh should run the query, github_unreachable
 */
export function judged(
  access: Access,
  { ending }: GraphqlQuestion,
  response: GitHubResponse,
): GitHubResponse | Refused {
  if (response.status !== 200) throw unanswered(access, response.status);
  const text = decode(response.body);
  const answer = answerSchema.safeParse(parseJson(text)).data;
  if (!answer) throw new OctopoolError("github_unreachable", "GitHub's answer does not have the form of this read.");
  if (answer.errors) return failed(access, new Set(answer.errors.map(({ type = "" }) => type)));
  const own = unsealed(text, ending);
  if (own === undefined)
    throw leave(access, missingMs, "The repository is not public, or an unsent review would show.");
  const headers = new Headers(response.headers);
  headers.delete("etag");
  return { ...response, headers, body: new TextEncoder().encode(own) };
}

/** Bytes that are not UTF-8 are no JSON. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return "";
  }
}

/** GitHub ends a query after ten seconds with 502 or 504, and would do so again. */
function unanswered(access: Access, status: number): OctopoolError {
  if (status === 502 || status === 504) return leave(access, unfinishedMs, "GitHub did not finish this query in time.");
  if (status >= 500) return new OctopoolError("github_unreachable", `GitHub answered ${status}.`);
  return leave(access, missingMs, `GitHub answered ${status}.`);
}

/** An answer with errors is never shown, not even its other half: gh prints both its own way. */
function failed(access: Access, types: ReadonlySet<string>): Refused {
  if (types.has("RATE_LIMITED")) {
    limit(access);
    return refused(access, "depleted");
  }
  const missing = [...types].every((type) => type === "NOT_FOUND" || type === "FORBIDDEN");
  throw leave(access, missing ? missingMs : unfinishedMs, "GitHub answered this query with errors.");
}

/** The status does not show the rate limit: the coordinator gets a 429. */
function limit({ identity, tally, work }: Access): void {
  if (!identity) return;
  const { bucket, routeKey } = work.plan;
  tally.note({ identityId: identity.id, budgetOwner: budgetOwnerOf(identity), bucket, routeKey, status: 429 });
}

function leave({ work }: Access, ms: number, why: string): OctopoolError {
  refusedLately(work.deps.memory).add(work.plan.key, work.deps.clock() + ms);
  return fallbackLocal("local_credentials_required", why);
}
