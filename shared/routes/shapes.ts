/**
 * The least that GitHub's 200 to each kind of read must contain. A maintenance page, an error without its status or a
 * truncated answer does not contain it, and is no answer in spite of its status.
 */
import { isObject } from "../parse-json.ts";
import type { RouteKind } from "./table.ts";

/** Members that every object of the kind has; a page is an object with a total and a list. */
type Shape =
  | { readonly is: "object" | "some" | "items" | "both"; readonly members: readonly string[] }
  | { readonly is: "page"; readonly list: string }
  /** A list whose items are no objects. */
  | { readonly is: "list" }
  /** No JSON: a log, or no body at all. */
  | { readonly is: "text" };

const object = (...members: string[]): Shape => ({ is: "object", members });
/** At least one of these: older answers of GitHub do not have all of them. */
const some = (...members: string[]): Shape => ({ is: "some", members });
const items = (...members: string[]): Shape => ({ is: "items", members });
const page = (list: string): Shape => ({ is: "page", list });
const both = (...members: string[]): Shape => ({ is: "both", members });
const list: Shape = { is: "list" };
const text: Shape = { is: "text" };

/** By kind; the kinds that are never relayed have none. */
export const shapes: Readonly<Partial<Record<RouteKind, Shape>>> = {
  user_view: object("login"),
  user_repo_list: items("full_name"),
  user_org_list: items("login"),
  user_gist_list: items("id"),
  user_follower_list: items("login"),
  user_following_list: items("login"),
  user_event_list: items("type"),
  user_received_event_list: items("type"),
  user_key_list: items("id"),
  user_gpg_key_list: items("id"),
  org_repo_list: items("full_name"),
  org_event_list: items("type"),
  org_public_member_list: items("login"),
  org_public_member_view: text,
  gist_view: object("id"),
  emoji_list: object(),
  github_meta: object(),
  license_list: items("key"),
  license_view: object("key"),
  gitignore_template_list: list,
  gitignore_template_view: object("name"),
  search_issues: page("items"),
  search_code: page("items"),
  search_commits: page("items"),
  search_repositories: page("items"),
  rate_limit: object("resources"),
  graphql_read: object("data"),
  repo_view: some("full_name", "name"),
  repo_languages: object(),
  repo_contributors: items("contributions"),
  repo_license: object("path"),
  repo_topics: object("names"),
  community_profile: object("health_percentage"),
  fork_list: items("full_name"),
  stargazer_list: items(),
  subscriber_list: items("login"),
  deployment_list: items("id"),
  repo_event_list: items("type"),
  network_event_list: items("type"),
  repo_stats_contributors: items("weeks"),
  repo_stats_commit_activity: items("week"),
  repo_stats_code_frequency: list,
  repo_stats_participation: object("all"),
  repo_stats_punch_card: list,
  release_list: items("tag_name"),
  release_latest: object("tag_name"),
  release_view: object("tag_name"),
  release_assets: items("name"),
  release_asset: object("name"),
  commit_list: items("sha"),
  commit_view: object("sha"),
  commit_view_ref: object("sha"),
  commit_comments: items("id"),
  commit_branches_where_head: items("name"),
  repo_comment: object("id"),
  compare: object("commits"),
  contents: both("path"),
  repo_readme: object("path"),
  branch_list: items("name"),
  branch_view: object("name"),
  tag_list: items("name"),
  git_blob: object("sha"),
  git_commit: object("sha"),
  git_tag: object("sha"),
  git_tree: object("sha", "tree"),
  git_ref: object("ref"),
  git_matching_refs: items("ref"),
  commit_pulls: items("number"),
  pr_view: object("number"),
  pr_list: items("number"),
  pr_files: items("filename"),
  pr_commits: items("sha"),
  pr_review_comments: items("id"),
  pr_review_comment_list: items("id"),
  pr_review_comment_view: object("id"),
  pr_review_comment_reactions: items("content"),
  pr_reviews: items("id"),
  pr_review_view: object("id"),
  pr_review_comments_for_review: items("id"),
  pr_requested_reviewers: object("users"),
  issue_view: object("number"),
  issue_list: items("id"),
  issue_comments: items("id"),
  issue_comment_list: items("id"),
  issue_comment_view: object("id"),
  issue_comment_reactions: items("content"),
  issue_events: items("event"),
  issue_event_list: items("event"),
  issue_event_view: object("event"),
  issue_timeline: items("event"),
  issue_labels: items("name"),
  issue_reactions: items("content"),
  assignee_list: items("login"),
  assignee_view: text,
  label_list: items("name"),
  label_view: object("name"),
  milestone_list: items("number"),
  milestone_view: object("number"),
  commit_statuses: items("state"),
  commit_statuses_ref: items("state"),
  commit_check_runs: page("check_runs"),
  commit_check_runs_ref: page("check_runs"),
  commit_check_suites: page("check_suites"),
  commit_check_suites_ref: page("check_suites"),
  check_suite_view: object("id"),
  check_suite_check_runs: page("check_runs"),
  commit_status: object("state"),
  commit_status_ref: object("state"),
  ref_statuses: items("state"),
  run_list: page("workflow_runs"),
  run_view: object("id"),
  run_jobs: page("jobs"),
  run_artifacts: page("artifacts"),
  job_view: object("id"),
  job_logs: text,
  check_run_annotations: items("path"),
  workflow_list: page("workflows"),
  workflow_view: object("id"),
  workflow_run_list: page("workflow_runs"),
};

/** Whether the JSON of a 200 may be an answer of this kind. */
export function hasShape(kind: RouteKind, body: unknown): boolean {
  const shape = shapes[kind];
  switch (shape?.is) {
    case "object":
      return hasMembers(body, shape.members);
    case "some":
      return shape.members.some((member) => hasMembers(body, [member]));
    case "items":
      return Array.isArray(body) && body.every((item) => hasMembers(item, shape.members));
    case "both":
      return [body].flat().every((item) => hasMembers(item, shape.members));
    case "page":
      return isObject(body) && Array.isArray(body[shape.list]);
    case "list":
      return Array.isArray(body);
    default:
      return false;
  }
}

/** Whether a 200 of this kind is something else than JSON. */
export function isTextKind(kind: RouteKind): boolean {
  return shapes[kind]?.is === "text";
}

function hasMembers(value: unknown, members: readonly string[]): boolean {
  return isObject(value) && members.every((member) => Object.hasOwn(value, member));
}
