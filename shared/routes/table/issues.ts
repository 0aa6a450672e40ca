/** Issues, labels, milestones and assignees. */
import { hour, minute } from "../durations.ts";
import type { RouteRow } from "../types.ts";

export const issueRoutes = {
  issue_view: {
    paths: ["/repos/:owner/:repo/issues/:number"],
    class: "pool",
    objects: "issue",
    cache: { fresh: "issue", stale: hour },
  },
  issue_list: {
    paths: ["/repos/:owner/:repo/issues"],
    class: "pool",
    objects: "issue",
    cache: { fresh: minute, stale: 10 * minute },
  },
  issue_comments: {
    paths: ["/repos/:owner/:repo/issues/:number/comments"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
    swr: true,
  },
  issue_comment_list: {
    paths: ["/repos/:owner/:repo/issues/comments"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
    swr: true,
  },
  issue_comment_view: {
    paths: ["/repos/:owner/:repo/issues/comments/:id"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  issue_comment_reactions: {
    paths: ["/repos/:owner/:repo/issues/comments/:id/reactions"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  issue_events: {
    paths: ["/repos/:owner/:repo/issues/:number/events"],
    viewer: "references from private repositories",
    class: "anon",
    cache: { fresh: 5 * minute, stale: hour },
  },
  issue_event_list: {
    paths: ["/repos/:owner/:repo/issues/events"],
    viewer: "references from private repositories",
    class: "anon",
    cache: { fresh: 5 * minute, stale: hour },
  },
  issue_event_view: {
    paths: ["/repos/:owner/:repo/issues/events/:id"],
    viewer: "references from private repositories",
    class: "anon",
    cache: { fresh: 5 * minute, stale: hour },
  },
  issue_timeline: {
    paths: ["/repos/:owner/:repo/issues/:number/timeline"],
    viewer: "references from private repositories",
    class: "anon",
    cache: { fresh: 5 * minute, stale: hour },
  },
  issue_labels: {
    paths: ["/repos/:owner/:repo/issues/:number/labels"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  issue_reactions: {
    paths: ["/repos/:owner/:repo/issues/:number/reactions"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  assignee_list: { paths: ["/repos/:owner/:repo/assignees"], class: "pool", cache: { fresh: 5 * minute, stale: hour } },
  assignee_view: {
    paths: ["/repos/:owner/:repo/assignees/:login"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  label_list: { paths: ["/repos/:owner/:repo/labels"], class: "pool", cache: { fresh: 5 * minute, stale: hour } },
  label_view: {
    paths: ["/repos/:owner/:repo/labels/:label"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  milestone_list: {
    paths: ["/repos/:owner/:repo/milestones"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  milestone_view: {
    paths: ["/repos/:owner/:repo/milestones/:number"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
} as const satisfies Record<string, RouteRow>;
