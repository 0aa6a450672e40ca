/** Messages for the relay's refusals and the network's failures. */

import { errorBodySchema } from "../../shared/envelope.ts";
import { type ErrorCode, errorTable, OctopoolError } from "../../shared/errors.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { Fetched } from "../fetch-direct.ts";
import { humanText } from "../output/text.ts";
import { networkWords } from "./network-words.ts";

/** This command's remedy for a code; for other codes the relay's hint is shown. */
const hints: Partial<Record<ErrorCode, string | ((response: Fetched) => string)>> = {
  missing_auth: "Run `octopool login`.",
  invalid_auth: "Run `octopool login` again: the token was revoked or replaced.",
  invalid_admin_auth: "Check OCTOPOOL_ADMIN_TOKEN against the relay's secret of that name.",
  admin_unconfigured: "Set the relay's secret: `wrangler secret put OCTOPOOL_ADMIN_TOKEN`.",
  github_auth_failed: "Run `gh auth login`, or set GH_TOKEN to a token of github.com.",
  pool_denied: "Ask the pool's operator for access, or choose another with --pool.",
  org_member_denied: "Ask an owner of the organisation to invite you; accept the invitation, then log in again.",
  github_identity_mismatch: "Ask the operator to let the old caller of this login go: `octopool admin caller forget`.",
  client_name_ambiguous: "Choose another name with --client.",
  login_rate_limited: waitHint,
  admin_rate_limited: waitHint,
  invalid_window: "Give a window such as 30m, 24h or 7d, at most 30d.",
  pool_policy_unavailable: "Ask the operator to set the pool's policy: `octopool admin pool set-policy`.",
  relay_overloaded: "Try again in a moment.",
  fallback_local: "Your own gh can answer this one: run the same read with `gh api`.",
};

/** A refusal with the relay's own message and code, or an error for an answer that is not a relay's. */
export function relayFailure(server: string, response: Fetched, text: string): OctopoolError {
  if (response.status >= 300 && response.status < 400)
    return new OctopoolError("relay_answer_invalid", `${server} redirects elsewhere (${response.status}).`, {
      hint: "Use the address it redirects to; a token follows no redirects.",
    });
  const body = errorBodySchema.safeParse(parseJson(text));
  if (!body.success)
    return new OctopoolError(
      "relay_answer_invalid",
      `${server} answered ${response.status} without the form of a relay.`,
      {
        hint: "Check the address; `octopool doctor` shows more.",
      },
    );
  const { code, message, request_id, details } = body.data.error;
  const known = knownCode(code) ?? "relay_answer_invalid";
  const reason = typeof details?.reason === "string" ? ` (${details.reason})` : "";
  const said = typeof details?.hint === "string" ? details.hint : undefined;
  const own = hints[known] ?? said;
  const hint = typeof own === "function" ? own(response) : own;
  return new OctopoolError(known, `${server}: ${humanText(message)}${reason}`, {
    ...(hint === undefined ? {} : { hint }),
    details: { ...details, request_id, status: response.status },
  });
}

export function unreachable(server: string, error: unknown, timedOut: boolean): OctopoolError {
  if (timedOut)
    return new OctopoolError("relay_timeout", `${server} did not answer in time.`, {
      hint: "Try again; `octopool doctor` checks the way there.",
      cause: error,
    });
  return new OctopoolError("relay_unreachable", `${server} cannot be reached: ${rootCause(error)}.`, {
    hint: unreachableHint(server, error),
    cause: error,
  });
}

/** fetch says "fetch failed" and keeps the reason inside. */
function innermost(error: unknown): unknown {
  let cause = error;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return cause instanceof AggregateError && cause.errors[0] instanceof Error ? cause.errors[0] : cause;
}

/** The errors of a TLS client when a server answers in plain text, by OpenSSL's and by Node's names. */
const plainServer = /wrong version number|ERR_SSL_WRONG_VERSION_NUMBER|packet length too long|ERR_SSL_PACKET_LENGTH/i;

function unreachableHint(server: string, error: unknown): string {
  const cause = innermost(error);
  if (server.startsWith("https:") && cause instanceof Error && plainServer.test(`${cause.message} ${codeOf(cause)}`))
    return `Is it ${server.replace("https:", "http:")}?`;
  return "Check the address and the network; `octopool doctor` checks both.";
}

function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

function rootCause(error: unknown): string {
  const cause = innermost(error);
  if (!(cause instanceof Error)) return String(cause);
  const code = codeOf(cause);
  if (plainServer.test(`${cause.message} ${code}`)) return "it does not speak https";
  if (cause.message === "bad port") return "browsers and fetch refuse this port";
  const meaning = networkWords(code);
  if (meaning !== undefined) return meaning;
  return humanText(cause.message === "" ? (code ?? "unknown reason") : cause.message).replace(/\.$/, "");
}

function waitHint(response: Fetched): string {
  const seconds = Number(response.headers.get("retry-after"));
  return Number.isFinite(seconds) && seconds > 0
    ? `Wait ${seconds} s before you try again.`
    : "Wait before you try again.";
}

function knownCode(code: string): ErrorCode | undefined {
  const codes = Object.keys(errorTable).filter((name): name is ErrorCode => name in errorTable);
  return codes.find((name) => name === code);
}
