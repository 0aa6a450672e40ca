/** Why the real gh runs a command, in words: the daemon's reason is a code, or already words. */
const inWords: Readonly<Record<string, string>> = {
  "not logged in": "you are not logged in to a relay; `octopool login URL` changes that",
  route_denied: "it reads a part of GitHub that a pool does not read",
  local_credentials_required: "the answer depends on the account",
  "markdown on a terminal":
    "Octopool does not render Markdown on a terminal; with --json, or in a pipe, it would answer",
  owner_denied: "the pool's policy does not allow repositories of this owner",
  search_denied: "the pool's policy does not allow searches",
  logs_denied: "the pool's policy does not allow logs",
  repo_not_public: "the repository is not public, or does not exist, and a relay answers for public ones only",
  repo_public_check_failed: "the relay could not check that the repository is public",
  repo_moved: "the repository has another name by now",
  web_only_unavailable: "GitHub's web pages did not answer the relay",
  github_response_too_large: "the answer is larger than a relay passes on",
  no_identity: "the pool has no identity that may read this repository",
  identities_cooling_down: "all identities of the pool are waiting after an error",
  identity_pool_depleted: "the pool's rate limits are used up for now",
  github_identity_unauthorized: "GitHub no longer accepts the token that the pool used",
  github_rate_limited: "GitHub's rate limit stopped the pool",
  github_identity_depleted: "the pool's rate limits are used up for now",
  github_identity_forbidden: "GitHub refused the pool's identity",
  relay_overloaded: "the relay is overloaded at the moment",
  relay_storage_unavailable: "the relay's storage does not answer",
  pool_denied:
    "you have no access to this pool, or it does not exist (OCTOPOOL_POOL, or the one that you logged in to)",
  invalid_auth: "the relay does not know this login any more, or it was not made for this pool",
  missing_auth: "you are not logged in to a relay; `octopool login URL` changes that",
};

/** The words for a code; other reasons are words already. */
export function whyNative(reason: string): { readonly text: string; readonly code: string | undefined } {
  const words = Object.hasOwn(inWords, reason) ? inWords[reason] : undefined;
  return words === undefined ? { text: reason, code: undefined } : { text: words, code: reason };
}
