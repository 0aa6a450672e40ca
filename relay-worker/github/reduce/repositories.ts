/** The public fields of a repository, and where answers contain other repositories. */
import { isObject } from "./lossless.ts";

/**
 * Fields of `GET /repos/:o/:r` that are the same for every credential. Left out: `permissions`, `role_name`,
 * `temp_clone_token`, security settings, and the merge-button settings that GitHub shows to maintainers only.
 */
const publicFields: ReadonlySet<string> = new Set(
  `id node_id name full_name private owner html_url description fork url archive_url assignees_url blobs_url
  branches_url collaborators_url comments_url commits_url compare_url contents_url contributors_url deployments_url
  downloads_url events_url forks_url git_commits_url git_refs_url git_tags_url git_url hooks_url issue_comment_url
  issue_events_url issues_url keys_url labels_url languages_url merges_url milestones_url notifications_url pulls_url
  releases_url ssh_url stargazers_url statuses_url subscribers_url subscription_url tags_url teams_url trees_url
  clone_url mirror_url svn_url homepage language forks forks_count stargazers_count watchers watchers_count size
  default_branch open_issues open_issues_count is_template topics has_issues has_projects has_wiki has_pages
  has_downloads has_discussions has_pull_requests archived disabled visibility pushed_at created_at updated_at license
  allow_forking web_commit_signoff_required code_of_conduct custom_properties organization parent source
  template_repository network_count subscribers_count master_branch`.split(/\s+/),
);
const nested: ReadonlySet<string> = new Set(["parent", "source", "template_repository"]);

/** `GET /repos/:o/:r` cut to its public fields, and so are the repositories it came from. */
export function publicRepository(body: unknown): unknown {
  if (!isObject(body)) return body;
  return Object.fromEntries(
    Object.entries(body)
      .filter(([field]) => publicFields.has(field))
      .map(([field, value]) => [field, nested.has(field) ? publicRepository(hideNonPublic(value)) : value]),
  );
}

/** Every repository inside that is not certainly public becomes null, and secret teams are left out. Returns the same value when there is none. */
export function hideNonPublic(value: unknown): unknown {
  if (Array.isArray(value)) {
    const visible = value.filter((item) => !isSecretTeam(item));
    const items = visible.map(hideNonPublic);
    if (visible.length !== value.length) return items;
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (!isObject(value)) return value;
  if (looksLikeRepository(value) && value.private !== false) return null;
  const fields = Object.entries(value).map(([field, inner]) => [field, hideNonPublic(inner)] as const);
  return fields.some(([field, inner]) => inner !== value[field]) ? Object.fromEntries(fields) : value;
}

/** Only members of the organisation, and of the team, know of it. */
function isSecretTeam(value: unknown): boolean {
  return isObject(value) && "slug" in value && "members_url" in value && value.privacy === "secret";
}

function looksLikeRepository(value: Readonly<Record<string, unknown>>): boolean {
  return "full_name" in value && "html_url" in value && "private" in value;
}
