/** The meaning of each code and each reason of the Worker, one sentence each; a test compares them with the Worker. */
import type { ErrorCode, FallbackReason } from "../../shared/errors.ts";

export const errorSentences = {
  invalid_request: "A field or parameter is missing or not as it should be; the message names it.",
  invalid_json: "The body is not JSON.",
  invalid_path: "The path could mean another one than it says.",
  invalid_query: "A query key looks as if its value were a secret.",
  invalid_window: "`since` is not a time span of at most 30 days.",
  invalid_policy: "The policy is not one; the message says what is wrong.",
  installation_id_required: "A `github_app` identity needs its installation.",
  missing_auth: "There is no credential.",
  invalid_auth: "The caller token is unknown, its caller is disabled, or the pool was not granted.",
  invalid_admin_auth: "The operator's token is wrong.",
  github_auth_failed: "GitHub did not accept the token or the sign-in.",
  pool_denied: "The pool was not granted, or an operator has disabled the caller.",
  org_member_denied: "The account is neither a member of the relay's organisation nor listed in ALLOWED_GITHUB_USERS.",
  github_identity_mismatch: "The login belongs to another account here.",
  method_denied: "Only GET is relayed.",
  csrf_denied: "The form or the sign-in was not begun in this browser, or is over.",
  dashboard_denied: "The session's caller is no operator.",
  proxy_denied:
    "A host was asserted by somebody who is not the relay's proxy, or a local relay was asked by another name.",
  not_found:
    "There is no such path, pool, identity, caller, token or action; a path that exists under another method is none.",
  client_name_ambiguous: "The caller has named machines already, so this one needs a name.",
  identity_conflict: "The identity exists with another pool or kind.",
  payload_too_large: "The body has more than 64 KiB (a read: 1 MiB, a form: 16 KiB).",
  unsupported_media_type: "The body is not `application/json`, or the form not `application/x-www-form-urlencoded`.",
  fallback_local: "The caller's own gh should answer; `details.reason` says why.",
  login_rate_limited: "Too many logins from this address; `retry-after` says for how long.",
  admin_rate_limited: "Too many wrong operator's tokens came from this address; `retry-after` says for how long.",
  internal_error: "Something unforeseen; the message is in the relay's log only.",
  org_verification_failed:
    "GitHub did not tell whether the account is a member, or the relay has no token to ask with.",
  github_redirect_denied: "GitHub led the read to a place that the relay does not follow.",
  github_unreachable: "GitHub did not answer whole and in time.",
  relay_overloaded: "The database or the coordinator does not answer; a read gets a `fallback_local` instead.",
  admin_unconfigured: "The relay has no operator's token.",
  oauth_unconfigured: "The relay has no OAuth app for browsers.",
  hooks_unconfigured: "The relay has no secret to check webhooks with, and takes none.",
  pool_policy_unavailable: "The pool's policy cannot be read, so that it allows nothing.",
  identity_misconfigured: "Every identity that covers the read has a secret that is missing or broken.",
  github_app_key_format: "The App's key is not in PKCS#8 format.",
} as const satisfies Partial<Record<ErrorCode, string>>;

export const reasonSentences = {
  route_denied: "the relay does not know this kind of read",
  owner_denied: "the pool's policy does not allow the owner",
  search_denied: "the policy allows no search, or the search is not confined to one repository",
  logs_denied: "the policy allows no logs",
  repo_not_public: "the repository is private or not there",
  repo_public_check_failed: "GitHub did not tell whether the repository is public",
  repo_moved: "the repository has another name now",
  local_credentials_required: "what is read depends on who asks",
  web_only_unavailable: "GitHub serves it without a credential only, and not now",
  github_response_too_large: "GitHub's answer is larger than the relay takes",
  no_identity: "no identity covers the repository",
  identities_cooling_down: "those that could serve it rest for now",
  identity_pool_depleted: "the budget of those that could serve it is used up",
  github_identity_unauthorized: "GitHub rejected the credential",
  github_rate_limited: "GitHub limits the identity for now",
  github_identity_depleted: "GitHub says that the budget is used up",
  github_identity_forbidden: "the identities may not read it",
  relay_overloaded: "the coordinator does not answer, or too much is under way",
  relay_storage_unavailable: "the database does not answer",
} as const satisfies Partial<Record<FallbackReason, string>>;

/** The own answers of the proxy in front of a second host, in the same shape. */
export const proxyErrors = {
  proxy_unconfigured: { http: 503, sentence: "The proxy has no relay's origin or no secret." },
  proxy_loop: { http: 508, sentence: "The proxy's relay is the proxy itself." },
  relay_unreachable: { http: 502, sentence: "The relay behind the proxy does not answer." },
} as const;
