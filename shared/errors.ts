/**
 * The one error type and the one table that maps its codes to HTTP statuses and exit codes.
 * Exit codes are gh's own: 1 failure, 2 cancelled or bad usage, 4 authentication, 127 no program to run.
 */

interface ErrorRow {
  /** HTTP status when the relay or the daemon answers with this code. */
  readonly http: number;
  /** Exit status of a command that ends with this code. */
  readonly exit: number;
}

export const errorTable = {
  // The caller's request
  invalid_request: { http: 400, exit: 1 },
  invalid_json: { http: 400, exit: 1 },
  invalid_path: { http: 400, exit: 1 },
  invalid_query: { http: 400, exit: 1 },
  invalid_window: { http: 400, exit: 1 },
  invalid_policy: { http: 400, exit: 1 },
  installation_id_required: { http: 400, exit: 1 },
  missing_auth: { http: 401, exit: 4 },
  invalid_auth: { http: 401, exit: 4 },
  invalid_admin_auth: { http: 401, exit: 4 },
  github_auth_failed: { http: 401, exit: 4 },
  pool_denied: { http: 403, exit: 4 },
  org_member_denied: { http: 403, exit: 4 },
  github_identity_mismatch: { http: 403, exit: 4 },
  method_denied: { http: 403, exit: 1 },
  csrf_denied: { http: 403, exit: 1 },
  dashboard_denied: { http: 403, exit: 4 },
  proxy_denied: { http: 403, exit: 1 },
  not_found: { http: 404, exit: 1 },
  method_not_allowed: { http: 405, exit: 1 },
  client_name_ambiguous: { http: 409, exit: 1 },
  identity_conflict: { http: 409, exit: 1 },
  payload_too_large: { http: 413, exit: 1 },
  unsupported_media_type: { http: 415, exit: 1 },
  fallback_local: { http: 424, exit: 1 },
  login_rate_limited: { http: 429, exit: 1 },
  admin_rate_limited: { http: 429, exit: 1 },
  // The relay's own trouble
  internal_error: { http: 500, exit: 1 },
  org_verification_failed: { http: 502, exit: 1 },
  github_redirect_denied: { http: 502, exit: 1 },
  github_unreachable: { http: 502, exit: 1 },
  relay_overloaded: { http: 503, exit: 1 },
  admin_unconfigured: { http: 503, exit: 1 },
  oauth_unconfigured: { http: 503, exit: 1 },
  hooks_unconfigured: { http: 503, exit: 1 },
  pool_policy_unavailable: { http: 503, exit: 1 },
  identity_misconfigured: { http: 503, exit: 1 },
  github_app_key_format: { http: 503, exit: 1 },
  // This machine
  usage: { http: 400, exit: 2 },
  cancelled: { http: 499, exit: 2 },
  not_logged_in: { http: 401, exit: 4 },
  relay_unreachable: { http: 502, exit: 1 },
  relay_timeout: { http: 504, exit: 1 },
  relay_answer_invalid: { http: 502, exit: 1 },
  insecure_server: { http: 400, exit: 1 },
  discovery_invalid: { http: 502, exit: 1 },
  discovery_redirected: { http: 502, exit: 1 },
  cli_outdated: { http: 400, exit: 1 },
  settings_corrupt: { http: 500, exit: 1 },
  credentials_corrupt: { http: 500, exit: 4 },
  credentials_unavailable: { http: 500, exit: 4 },
  environment_invalid: { http: 400, exit: 1 },
  socket_unsafe: { http: 500, exit: 1 },
  daemon_unavailable: { http: 503, exit: 1 },
  daemon_protocol: { http: 400, exit: 1 },
  output_failed: { http: 500, exit: 1 },
  real_gh_not_found: { http: 500, exit: 127 },
} as const satisfies Record<string, ErrorRow>;

/** A stable, documented error code. */
export type ErrorCode = keyof typeof errorTable;

interface FallbackRow {
  /** May pass within a second, so that one retry is worth more than the user's own rate limit. */
  readonly transient?: true;
  /** The pool, its storage or GitHub's limits are exhausted: a stale answer is better than none. */
  readonly outage?: true;
  /** The pool's identities cannot be used; GitHub may still answer without a credential. */
  readonly poolCannot?: true;
  /** Holds for the whole repository, and does not pass soon: its queries need not be asked for again. */
  readonly lasting?: true;
}

const fallbackTable = {
  route_denied: {},
  owner_denied: {},
  search_denied: {},
  logs_denied: {},
  repo_not_public: { lasting: true },
  repo_public_check_failed: { transient: true },
  repo_moved: {},
  local_credentials_required: {},
  web_only_unavailable: { outage: true },
  github_response_too_large: {},
  no_identity: { outage: true, poolCannot: true, lasting: true },
  identities_cooling_down: { transient: true, outage: true, poolCannot: true },
  identity_pool_depleted: { outage: true, poolCannot: true },
  github_identity_unauthorized: { outage: true, poolCannot: true },
  github_rate_limited: { outage: true, poolCannot: true },
  github_identity_depleted: { outage: true, poolCannot: true },
  github_identity_forbidden: { poolCannot: true, lasting: true },
  relay_overloaded: { transient: true, outage: true },
  relay_storage_unavailable: { transient: true, outage: true },
} as const satisfies Record<string, FallbackRow>;

/** Why the relay asks the caller to use their own `gh` (`details.reason` of a 424). */
export type FallbackReason = keyof typeof fallbackTable;

export const fallbackReasons: readonly FallbackReason[] = Object.keys(fallbackTable).filter(
  (name): name is FallbackReason => name in fallbackTable,
);

/** The reasons with a mark in one column of their table. */
function reasonsThat(column: keyof FallbackRow): ReadonlySet<FallbackReason> {
  const rows: Readonly<Record<FallbackReason, FallbackRow>> = fallbackTable;
  return new Set(fallbackReasons.filter((reason) => rows[reason][column]));
}

export const transientReasons = reasonsThat("transient");
export const outageReasons = reasonsThat("outage");
export const poolCannotReasons = reasonsThat("poolCannot");
/** As texts: other parts of a read have reasons of their own. */
export const lastingReasons: ReadonlySet<string> = reasonsThat("lasting");

interface ErrorOptions {
  /** The remedy, one sentence. */
  readonly hint?: string;
  /** Machine-readable particulars; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Every failure that a person or a program may see: a stable code, the cause, and the remedy. */
export class OctopoolError extends Error {
  override readonly name = "OctopoolError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }

  /** The bundles carry a copy of this class each: an error is recognised by its name, from any copy. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "OctopoolError";
  }

  /** HTTP status of {@link errorTable}. */
  get httpStatus(): number {
    return errorTable[this.code].http;
  }

  /** Process exit status of {@link errorTable}. */
  get exitCode(): number {
    return errorTable[this.code].exit;
  }
}

/** A 424: the caller's own `gh` should answer this. */
export function fallbackLocal(reason: FallbackReason, message: string): OctopoolError {
  return new OctopoolError("fallback_local", message, { details: { reason } });
}
