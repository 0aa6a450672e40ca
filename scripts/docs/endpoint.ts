/** One endpoint on the API's page. */
import type * as z from "zod";
import type { ErrorCode } from "../../shared/errors.ts";

export interface Endpoint {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  /** Whose credential it takes. */
  readonly auth: "none" | "caller" | "operator" | "session";
  readonly does: string;
  /** Of a good answer; 200 when absent. */
  readonly status?: string;
  /** Query parameters, each with its default and limits. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  /** Fields of a form instead of a JSON body. */
  readonly form?: Readonly<Record<string, string>>;
  readonly answer?: z.ZodType;
  /** Particulars that a schema does not say, one sentence each or more. */
  readonly notes?: readonly string[];
  /** Beside those that every endpoint may answer. */
  readonly errors: readonly ErrorCode[];
}

/** Codes of every endpoint. */
export const everywhere: readonly ErrorCode[] = ["internal_error", "relay_overloaded", "proxy_denied", "not_found"];

/** Of a body of JSON. */
export const ofBody: readonly ErrorCode[] = [
  "unsupported_media_type",
  "invalid_json",
  "invalid_request",
  "payload_too_large",
];

export const ofMember: readonly ErrorCode[] = [
  "org_member_denied",
  "org_verification_failed",
  "github_identity_mismatch",
];
export const ofCaller: readonly ErrorCode[] = ["missing_auth", "invalid_auth", ...ofMember];
export const ofOperator: readonly ErrorCode[] = [
  "admin_unconfigured",
  "missing_auth",
  "invalid_admin_auth",
  "admin_rate_limited",
];
export const ofSession: readonly ErrorCode[] = ["missing_auth", "dashboard_denied", ...ofMember];

/** Parameters of lists that come page by page. */
export const paging = {
  limit: "Rows of a page: 50 when absent, at most 200 are given, 0 is a 400.",
  cursor: "`next_cursor` of the page before, which is null on the last one.",
} as const;

export const since = "How far back: `30m`, `24h`, `7d`, or a number of hours; `24h` when absent, at most 30 days.";
