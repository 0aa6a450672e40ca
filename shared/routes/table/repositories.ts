/** The repository itself: its profile, statistics, releases and activity. */
import { hour, minute } from "../durations.ts";
import type { RouteRow } from "../types.ts";

export const repositoryRoutes = {
  repo_view: {
    paths: ["/repos/:owner/:repo"],
    viewer: "permissions and settings",
    publicFieldsOnly: true,
    class: "pool",
    cache: { fresh: 10 * minute, stale: 2 * hour },
  },
  repo_languages: { paths: ["/repos/:owner/:repo/languages"], class: "pool", cache: { fresh: hour, stale: 2 * hour } },
  repo_contributors: {
    paths: ["/repos/:owner/:repo/contributors"],
    class: "pool",
    cache: { fresh: hour, stale: 2 * hour },
  },
  repo_license: { paths: ["/repos/:owner/:repo/license"], class: "pool", cache: { fresh: hour, stale: 2 * hour } },
  repo_topics: { paths: ["/repos/:owner/:repo/topics"], class: "pool", cache: { fresh: hour, stale: 2 * hour } },
  community_profile: {
    paths: ["/repos/:owner/:repo/community/profile"],
    class: "pool",
    cache: { fresh: hour, stale: 2 * hour },
  },
  fork_list: {
    paths: ["/repos/:owner/:repo/forks"],
    viewer: "permissions, and private forks",
    class: "pool",
    cache: { fresh: hour, stale: 2 * hour },
  },
  stargazer_list: { paths: ["/repos/:owner/:repo/stargazers"], class: "pool", cache: { fresh: hour, stale: 2 * hour } },
  subscriber_list: {
    paths: ["/repos/:owner/:repo/subscribers"],
    class: "pool",
    cache: { fresh: hour, stale: 2 * hour },
  },
  deployment_list: { paths: ["/repos/:owner/:repo/deployments"], class: "pool", cache: { fresh: hour, stale: hour } },
  repo_event_list: { paths: ["/repos/:owner/:repo/events"], class: "pool", cache: { fresh: hour, stale: hour } },
  network_event_list: { paths: ["/networks/:owner/:repo/events"], class: "pool", cache: { fresh: hour, stale: hour } },
  repo_stats_contributors: {
    paths: ["/repos/:owner/:repo/stats/contributors"],
    class: "pool",
    cache: { fresh: hour, stale: 2 * hour },
  },
  repo_stats_commit_activity: {
    paths: ["/repos/:owner/:repo/stats/commit_activity"],
    class: "pool",
    cache: { fresh: hour, stale: 2 * hour },
  },
  repo_stats_code_frequency: {
    paths: ["/repos/:owner/:repo/stats/code_frequency"],
    class: "pool",
    cache: { fresh: hour, stale: 2 * hour },
  },
  repo_stats_participation: {
    paths: ["/repos/:owner/:repo/stats/participation"],
    class: "pool",
    cache: { fresh: hour, stale: 2 * hour },
  },
  repo_stats_punch_card: {
    paths: ["/repos/:owner/:repo/stats/punch_card"],
    class: "pool",
    cache: { fresh: hour, stale: 2 * hour },
  },
  release_list: {
    paths: ["/repos/:owner/:repo/releases"],
    viewer: "drafts",
    class: "anon",
    cache: { fresh: 5 * minute, stale: 2 * hour },
    draftsRemoved: true,
  },
  release_latest: {
    paths: ["/repos/:owner/:repo/releases/latest"],
    class: "anon",
    cache: { fresh: 5 * minute, stale: 2 * hour },
    draftsRemoved: true,
  },
  release_view: {
    paths: ["/repos/:owner/:repo/releases/tags/:tag", "/repos/:owner/:repo/releases/:id"],
    viewer: "drafts",
    class: "anon",
    cache: { fresh: hour, stale: 2 * hour },
    draftsRemoved: true,
  },
  release_assets: {
    paths: ["/repos/:owner/:repo/releases/:id/assets"],
    viewer: "assets of drafts",
    class: "anon",
    cache: { fresh: hour, stale: 2 * hour },
  },
  release_asset: {
    paths: ["/repos/:owner/:repo/releases/assets/:id"],
    viewer: "assets of drafts",
    class: "anon",
    cache: { fresh: hour, stale: 2 * hour },
  },
} as const satisfies Record<string, RouteRow>;
