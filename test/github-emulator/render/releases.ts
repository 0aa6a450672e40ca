import { apiUrl, webUrl } from "../http.ts";
import type { Asset, Deployment, Release, Repository } from "../world/model.ts";
import { reactionCounts, user } from "./accounts.ts";

export function release(repository: Repository, each: Release): object {
  const base = `${apiUrl}/repos/${repository.full_name}`;
  const url = `${base}/releases/${each.id}`;
  const page = each.draft ? `untagged-${each.id.toString(16).padStart(20, "0")}` : encodeURIComponent(each.tag);
  const reacted = Object.keys(each.reactions).length > 0;
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `https://uploads.github.com/repos/${repository.full_name}/releases/${each.id}/assets{?name,label}`,
    html_url: `${webUrl}/${repository.full_name}/releases/tag/${page}`,
    id: each.id,
    author: user(each.author),
    node_id: each.node_id,
    tag_name: each.tag,
    target_commitish: each.target,
    name: each.name,
    draft: each.draft,
    immutable: each.immutable,
    prerelease: each.prerelease,
    created_at: each.created_at,
    updated_at: each.updated_at,
    published_at: each.published_at,
    assets: each.assets.map((asset) => releaseAsset(repository, each, asset)),
    tarball_url: each.draft ? null : `${base}/tarball/${each.tag}`,
    zipball_url: each.draft ? null : `${base}/zipball/${each.tag}`,
    body: each.body,
    ...(reacted ? { reactions: reactionCounts(each.reactions, url) } : {}),
  };
}

export function releaseAsset(repository: Repository, parent: Release, each: Asset): object {
  return {
    url: `${apiUrl}/repos/${repository.full_name}/releases/assets/${each.id}`,
    id: each.id,
    node_id: each.node_id,
    name: each.name,
    label: each.label,
    uploader: user(each.uploader),
    content_type: each.content_type,
    state: "uploaded",
    size: each.size,
    digest: each.digest,
    download_count: each.download_count,
    created_at: each.created_at,
    updated_at: each.updated_at,
    browser_download_url: `${webUrl}/${repository.full_name}/releases/download/${encodeURIComponent(parent.tag)}/${each.name}`,
  };
}

/** The newest by `created_at` that is neither draft nor prerelease, unless one is marked. */
export function latestRelease(repository: Repository): Release | undefined {
  const eligible = repository.releases.filter((each) => !each.draft && !each.prerelease && each.latest !== false);
  return eligible.find((each) => each.latest) ?? newestFirst(eligible)[0];
}

export function newestFirst(releases: Release[]): Release[] {
  return [...releases].sort((a, b) => b.created_at.localeCompare(a.created_at) || b.id - a.id);
}

export function deployment(repository: Repository, each: Deployment): object {
  const url = `${apiUrl}/repos/${repository.full_name}/deployments/${each.id}`;
  return {
    url,
    id: each.id,
    node_id: each.node_id,
    task: "deploy",
    original_environment: each.environment,
    environment: each.environment,
    description: each.description,
    created_at: each.created_at,
    updated_at: each.created_at,
    statuses_url: `${url}/statuses`,
    repository_url: `${apiUrl}/repos/${repository.full_name}`,
    creator: user(each.creator),
    sha: each.sha,
    ref: each.ref,
    payload: {},
    transient_environment: false,
    production_environment: each.environment === "production",
    performed_via_github_app: null,
  };
}
