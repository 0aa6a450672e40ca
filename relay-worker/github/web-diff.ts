/** Diffs and patches of public repositories, from GitHub's web host: they cost no API budget and no credential. */
import type { ClassifiedRoute } from "../../shared/routes/index.ts";
import type { Deps } from "../deps.ts";
import type { Settings } from "../env.ts";
import { callGitHub, type GitHubResponse } from "./call-github.ts";

const patchHost = "patch-diff.githubusercontent.com";

/** The page's path; undefined for kinds that have none. */
function webPath({ route, params }: ClassifiedRoute, format: "diff" | "patch"): string | undefined {
  const { owner, repo, number, sha, basehead } = params;
  const repository = `/${owner}/${repo}`;
  if (route.kind === "pr_view") return `${repository}/pull/${number}.${format}`;
  if (route.kind === "commit_view") return `${repository}/commit/${sha}.${format}`;
  return basehead === undefined ? undefined : `${repository}/compare/${basehead}.${format}`;
}

/**
 * Any status but 200 means that the API has to be asked. Pull requests redirect once, to GitHub's patch host: the
 * redirect is followed, because the request carries no credential.
 * @param count called for each request that GitHub is sent
 */
export async function readWebDiff(
  deps: Deps,
  settings: Settings,
  classified: ClassifiedRoute,
  format: "diff" | "patch",
  maxBytes: number,
  count: () => void,
): Promise<GitHubResponse> {
  const path = webPath(classified, format);
  const request = { timeoutMs: settings.requestTimeoutMs, maxBytes };
  count();
  const first = await callGitHub(deps, { ...request, url: `${settings.githubWeb}${path}` });
  if (first.status !== 302) return withMedia(first, format);
  const target = URL.parse(first.headers.get("location") ?? "", settings.githubWeb);
  if (target?.protocol !== "https:" || target.hostname !== patchHost || target.port !== "") return first;
  count();
  return withMedia(await callGitHub(deps, { ...request, url: target.href }), format);
}

/** The API names the format; the web host says text/plain. */
function withMedia(response: GitHubResponse, format: "diff" | "patch"): GitHubResponse {
  if (response.status !== 200) return response;
  return { ...response, headers: new Headers({ "content-type": `application/vnd.github.${format}; charset=utf-8` }) };
}
