/**
 * The dependencies of a cached answer, as tags of its repository: `pull:7`, `sha:<40 hex>`, `pulls`, … An event or a
 * write with the same tag ends the trust in the answer; `*` stands for everything of the repository.
 */
import type { RouteKind } from "../routes/table.ts";

/** A part of a repository that can change: `pull:7`, `ref:heads/main`, `issues`, `*`. */
export type EventTag = string;

/** Every tag of a repository. */
export const everyTag: EventTag = "*";

/** A read as the route table classifies it. */
interface TaggedRead {
  readonly kind: RouteKind;
  /** Values of the pattern's parameters, percent-encoded as in the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
}

type TagRule = (read: TaggedRead) => readonly EventTag[];

const fixed =
  (...tags: EventTag[]): TagRule =>
  () =>
    tags;
const by =
  (prefix: string, name: string, suffix = ""): TagRule =>
  ({ params }) => [`${prefix}:${params[name] ?? ""}${suffix}`];

/** Reads at a commit: by its hash where it is one, else the branch or tag may have moved. */
const checksOf: TagRule = ({ params }) => [`sha:${(params.sha ?? "").toLowerCase()}`];
const checksOfRef: TagRule = () => ["checks", "refs"];
const byRefQuery: TagRule = ({ query }) => (given(query.ref) || given(query.sha) ? ["refs", "code"] : ["code"]);
const branch = (name: string): TagRule => {
  return ({ params }) => {
    const ref = decoded(params[name] ?? "");
    const plain = ref.replace(/^refs\//, "");
    return plain.startsWith("heads/") ? [`ref:${plain}`, "refs"] : [`ref:heads/${plain}`, "refs"];
  };
};

const jobsOfRun: TagRule = ({ params }) => [`run:${params.id}`, `run:${params.id}:jobs`];

/** By kind of read; source: GitHub's description of each webhook event (docs/freshness.md has the table). */
const rules: Partial<Record<RouteKind, TagRule>> = {
  pr_view: by("pull", "number"),
  pr_files: ({ params }) => [`pull:${params.number}:code`, `pull:${params.number}`],
  pr_commits: by("pull", "number", ":code"),
  pr_list: fixed("pulls"),
  commit_pulls: fixed("pulls"),
  pr_reviews: by("reviews", "number"),
  pr_review_view: by("reviews", "number"),
  pr_review_comments_for_review: ({ params }) => [`reviews:${params.number}`, `rcomments:${params.number}`],
  pr_review_comments: by("rcomments", "number"),
  pr_review_comment_list: fixed("rcomments"),
  pr_review_comment_view: fixed("rcomments"),
  pr_requested_reviewers: by("pull", "number"),
  issue_view: by("issue", "number"),
  issue_labels: by("issue", "number"),
  issue_list: fixed("issues"),
  issue_comments: by("comments", "number"),
  issue_comment_list: fixed("comments"),
  issue_comment_view: fixed("comments"),
  issue_events: by("activity", "number"),
  issue_timeline: by("activity", "number"),
  issue_event_list: fixed("activity"),
  issue_event_view: fixed("activity"),
  label_list: fixed("labels"),
  label_view: fixed("labels"),
  milestone_list: fixed("milestones"),
  milestone_view: fixed("milestones"),
  assignee_list: fixed("people"),
  assignee_view: fixed("people"),
  commit_statuses: checksOf,
  commit_status: checksOf,
  ref_statuses: checksOf,
  commit_check_runs: checksOf,
  commit_check_suites: checksOf,
  commit_statuses_ref: checksOfRef,
  commit_status_ref: checksOfRef,
  commit_check_runs_ref: checksOfRef,
  commit_check_suites_ref: checksOfRef,
  check_suite_view: by("suite", "id"),
  check_suite_check_runs: by("suite", "id"),
  check_run_annotations: by("checkrun", "id"),
  // One that is not in progress depends on its jobs too, as its body says: daemon/cache/keep.ts.
  run_view: by("run", "id"),
  run_jobs: jobsOfRun,
  run_artifacts: jobsOfRun,
  job_view: by("job", "id"),
  job_logs: by("job", "id"),
  run_list: fixed("runs"),
  workflow_run_list: fixed("runs"),
  workflow_list: fixed("code"),
  workflow_view: fixed("code"),
  branch_view: branch("branch"),
  git_ref: branch("ref_path"),
  commit_view_ref: branch("ref"),
  commit_list: byRefQuery,
  branch_list: fixed("refs"),
  git_matching_refs: fixed("refs"),
  commit_branches_where_head: fixed("refs"),
  compare: fixed("refs"),
  contents: byRefQuery,
  repo_readme: byRefQuery,
  repo_license: byRefQuery,
  community_profile: fixed("code"),
  repo_languages: fixed("code"),
  tag_list: fixed("tags"),
  release_list: fixed("releases"),
  release_latest: fixed("releases"),
  release_view: fixed("releases"),
  release_assets: fixed("releases"),
  release_asset: fixed("releases"),
  deployment_list: fixed("deployments"),
  commit_comments: fixed("ccomments"),
  repo_comment: fixed("ccomments"),
  // Its document has more detail than its kind: shared/graphql/tags.ts.
  graphql_read: fixed(everyTag),
  repo_view: fixed("repo"),
  repo_topics: fixed("repo"),
  fork_list: fixed("social"),
  stargazer_list: fixed("social"),
};

/** The dependencies of a read's answer; empty where no event reports its changes, or where it cannot change. */
export function tagsOf(read: TaggedRead): readonly EventTag[] {
  return rules[read.kind]?.(read) ?? [];
}

/** Whether a mark affects an answer, by their tags. */
export function concerns(marked: readonly EventTag[], tags: readonly EventTag[]): boolean {
  return (
    marked.includes(everyTag) || tags.includes(everyTag) || marked.some((tag) => tags.some((own) => covers(tag, own)))
  );
}

/** `issue:*` covers `issue:7`. */
function covers(marked: EventTag, own: EventTag): boolean {
  return marked === own || (marked.endsWith(":*") && own.startsWith(marked.slice(0, -1)));
}

function given(value: string | readonly string[] | undefined): boolean {
  return value !== undefined && value !== "";
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
