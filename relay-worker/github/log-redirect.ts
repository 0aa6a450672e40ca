/** Job logs: GitHub answers with a signed link that lives one minute. It is followed once, without any credential. */
import { OctopoolError } from "../../shared/errors.ts";
import { isLoopback } from "../../shared/loopback.ts";
import type { Deps } from "../deps.ts";
import type { Settings } from "../env.ts";
import { callGitHub, type GitHubResponse } from "./call-github.ts";

const logHosts = [".actions.githubusercontent.com", ".blob.core.windows.net"];

/** Where a log redirect may lead; undefined for everywhere else. */
function logTarget(location: string | null, api: string): URL | undefined {
  const url = URL.parse(location ?? "", api);
  if (location === null || url === null || url.username + url.password !== "") return undefined;
  // A GitHub that runs on this machine signs links to itself.
  if (isLoopback(url.hostname) && url.origin === new URL(api).origin) return url;
  const known = logHosts.some((suffix) => url.hostname.endsWith(suffix));
  return known && url.protocol === "https:" && url.port === "" ? url : undefined;
}

/** @throws OctopoolError github_redirect_denied, github_unreachable, fallback_local github_response_too_large */
export async function followLogRedirect(
  deps: Deps,
  settings: Settings,
  location: string | null,
  path: string,
): Promise<GitHubResponse> {
  const target = logTarget(location, settings.githubApi);
  if (!target || target.pathname === path) throw denied();
  const response = await callGitHub(deps, {
    url: target.href,
    timeoutMs: settings.requestTimeoutMs,
    maxBytes: settings.maxResponseBytes,
  });
  if (response.status >= 300 && response.status < 400) throw denied();
  if (response.status >= 400) throw new OctopoolError("github_unreachable", "The log's store did not deliver it.");
  const headers = new Headers({ "content-type": response.headers.get("content-type") ?? "text/plain; charset=utf-8" });
  return { ...response, headers };
}

function denied(): OctopoolError {
  return new OctopoolError(
    "github_redirect_denied",
    "GitHub's redirect for this log leads to a host that the relay does not trust.",
  );
}
