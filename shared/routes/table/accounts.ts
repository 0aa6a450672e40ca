/** Users, organisations, gists, search and the tables that GitHub publishes about itself. */
import { hour, minute } from "../durations.ts";
import type { RouteRow } from "../types.ts";

export const accountRoutes = {
  user_view: { paths: ["/users/:login"], class: "anon_then_pool", cache: { fresh: hour, stale: 2 * hour } },
  user_repo_list: {
    paths: ["/users/:login/repos"],
    class: "anon",
    cache: { fresh: 10 * minute, stale: 10 * minute },
    queryValues: { type: ["owner"] },
  },
  user_org_list: { paths: ["/users/:login/orgs"], class: "anon", cache: { fresh: hour, stale: 2 * hour } },
  user_gist_list: { paths: ["/users/:login/gists"], class: "anon", cache: { fresh: hour, stale: 2 * hour } },
  user_follower_list: { paths: ["/users/:login/followers"], class: "anon", cache: { fresh: hour, stale: 2 * hour } },
  user_following_list: { paths: ["/users/:login/following"], class: "anon", cache: { fresh: hour, stale: 2 * hour } },
  user_event_list: { paths: ["/users/:login/events"], class: "anon", cache: { fresh: hour, stale: 2 * hour } },
  user_received_event_list: {
    paths: ["/users/:login/received_events"],
    class: "anon",
    cache: { fresh: hour, stale: 2 * hour },
  },
  user_key_list: { paths: ["/users/:login/keys"], class: "anon", cache: { fresh: hour, stale: 2 * hour } },
  user_gpg_key_list: { paths: ["/users/:login/gpg_keys"], class: "anon", cache: { fresh: hour, stale: 2 * hour } },
  org_repo_list: {
    paths: ["/orgs/:org/repos"],
    class: "anon",
    cache: { fresh: 10 * minute, stale: 10 * minute },
    queryValues: { type: ["public"] },
  },
  org_event_list: { paths: ["/orgs/:org/events"], class: "anon", cache: { fresh: hour, stale: hour } },
  org_public_member_list: {
    paths: ["/orgs/:org/public_members"],
    class: "anon",
    cache: { fresh: hour, stale: 2 * hour },
  },
  org_public_member_view: {
    paths: ["/orgs/:org/public_members/:login"],
    class: "anon",
    cache: { fresh: hour, stale: 2 * hour },
  },
  gist_view: { paths: ["/gists/:gist"], class: "anon", cache: { fresh: hour, stale: 2 * hour } },
  emoji_list: { paths: ["/emojis"], class: "anon", cache: { fresh: hour, stale: 2 * hour } },
  github_meta: { paths: ["/meta"], class: "anon", cache: { fresh: hour, stale: 2 * hour } },
  license_list: { paths: ["/licenses"], class: "anon", cache: { fresh: hour, stale: 2 * hour } },
  license_view: { paths: ["/licenses/:license"], class: "anon", cache: { fresh: hour, stale: 2 * hour } },
  gitignore_template_list: { paths: ["/gitignore/templates"], class: "anon", cache: { fresh: hour, stale: 2 * hour } },
  gitignore_template_view: {
    paths: ["/gitignore/templates/:template"],
    class: "anon",
    cache: { fresh: hour, stale: 2 * hour },
  },
  search_issues: {
    paths: ["/search/issues"],
    class: "pool",
    cache: { fresh: 2 * minute, stale: 30 * minute },
    search: true,
    budget: "search",
  },
  search_code: {
    paths: ["/search/code"],
    class: "pool",
    cache: { fresh: 2 * minute, stale: 30 * minute },
    search: true,
    budget: "code_search",
  },
  search_commits: {
    paths: ["/search/commits"],
    class: "pool",
    cache: { fresh: 2 * minute, stale: 30 * minute },
    search: true,
    budget: "search",
  },
  search_repositories: {
    paths: ["/search/repositories"],
    class: "anon",
    cache: { fresh: 2 * minute, stale: 30 * minute },
    search: true,
    budget: "search",
  },
  rate_limit: { paths: ["/rate_limit"], class: "pool", cache: { store: "never" } },
} as const satisfies Record<string, RouteRow>;
