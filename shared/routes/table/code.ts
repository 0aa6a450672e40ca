/** Commits, contents, branches and git objects. */
import { day, hour, minute } from "../durations.ts";
import type { RouteRow } from "../types.ts";

export const codeRoutes = {
  commit_list: { paths: ["/repos/:owner/:repo/commits"], class: "pool", cache: { fresh: 5 * minute, stale: 2 * hour } },
  commit_view: {
    paths: ["/repos/:owner/:repo/commits/:sha"],
    class: "pool",
    cache: { fresh: day, stale: day },
    diffMedia: true,
  },
  commit_view_ref: {
    paths: ["/repos/:owner/:repo/commits/:ref"],
    class: "pool",
    cache: { fresh: 2 * minute, stale: 5 * minute },
  },
  commit_comments: {
    paths: ["/repos/:owner/:repo/commits/:sha/comments"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  commit_branches_where_head: {
    paths: ["/repos/:owner/:repo/commits/:sha/branches-where-head"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  repo_comment: {
    paths: ["/repos/:owner/:repo/comments/:id"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  compare: {
    paths: ["/repos/:owner/:repo/compare/:basehead"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: 2 * hour },
    diffMedia: true,
    pagingMatters: true,
  },
  contents: {
    paths: ["/repos/:owner/:repo/contents/:path+"],
    class: "pool",
    cache: { fresh: hour, stale: 2 * hour },
    swr: true,
  },
  repo_readme: {
    paths: ["/repos/:owner/:repo/readme", "/repos/:owner/:repo/readme/:path+"],
    class: "pool",
    cache: { fresh: hour, stale: 2 * hour },
  },
  branch_list: {
    paths: ["/repos/:owner/:repo/branches"],
    class: "pool",
    cache: { fresh: 2 * minute, stale: 2 * hour },
  },
  branch_view: {
    paths: ["/repos/:owner/:repo/branches/:branch"],
    class: "pool",
    cache: { fresh: 2 * minute, stale: 2 * hour },
  },
  branch_protection: {
    paths: [
      "/repos/:owner/:repo/branches/:branch/protection",
      "/repos/:owner/:repo/branches/:branch/protection/enforce_admins",
      "/repos/:owner/:repo/branches/:branch/protection/required_pull_request_reviews",
      "/repos/:owner/:repo/branches/:branch/protection/required_signatures",
      "/repos/:owner/:repo/branches/:branch/protection/required_status_checks",
      "/repos/:owner/:repo/branches/:branch/protection/required_status_checks/contexts",
      "/repos/:owner/:repo/branches/:branch/protection/restrictions",
      "/repos/:owner/:repo/branches/:branch/protection/restrictions/apps",
      "/repos/:owner/:repo/branches/:branch/protection/restrictions/teams",
      "/repos/:owner/:repo/branches/:branch/protection/restrictions/users",
    ],
    class: "native",
  },
  repo_ruleset_list: { paths: ["/repos/:owner/:repo/rulesets"], class: "native" },
  repo_ruleset_view: { paths: ["/repos/:owner/:repo/rulesets/:id"], class: "native" },
  branch_rules: { paths: ["/repos/:owner/:repo/rules/branches/:branch"], class: "native" },
  tag_list: { paths: ["/repos/:owner/:repo/tags"], class: "pool", cache: { fresh: hour, stale: 2 * hour } },
  git_blob: { paths: ["/repos/:owner/:repo/git/blobs/:sha"], class: "pool", cache: { fresh: day, stale: day } },
  git_commit: { paths: ["/repos/:owner/:repo/git/commits/:sha"], class: "pool", cache: { fresh: day, stale: day } },
  git_tag: { paths: ["/repos/:owner/:repo/git/tags/:sha"], class: "pool", cache: { fresh: day, stale: day } },
  git_tree: { paths: ["/repos/:owner/:repo/git/trees/:sha"], class: "pool", cache: { fresh: day, stale: day } },
  git_ref: {
    paths: ["/repos/:owner/:repo/git/ref/:ref_path+"],
    class: "pool",
    cache: { fresh: 2 * minute, stale: 5 * minute },
  },
  git_matching_refs: {
    paths: ["/repos/:owner/:repo/git/matching-refs/:ref_path+"],
    class: "pool",
    cache: { fresh: 2 * minute, stale: 5 * minute },
  },
} as const satisfies Record<string, RouteRow>;
