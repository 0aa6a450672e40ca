/** Small public repositories of one organization. */
import type { RepositoryFile, WorldFile } from "../../../test/github-emulator/index.ts";
import { iso, traceStart } from "../team/trace-types.ts";

const limits = { core: 1e9, graphql: 1e9, search: 1e9, code_search: 1e9 };

/** @param people the organization's members */
export function worldOf(repositories: RepositoryFile[]): WorldFile {
  const logins = ["p01", "pool-one", "pool-two"];
  return {
    users: logins.map((login) => ({ login, limits })),
    organizations: [{ login: "acme", base_permission: "write", members: logins }],
    tokens: logins.map((login) => ({ token: `token-${login}`, login })),
    apps: [{ slug: "octo-relay", id: 4242, owner: "acme", installations: [{ id: 777, account: "acme" }] }],
    repositories,
  };
}

export function repositoryOf(name: string): RepositoryFile {
  const created_at = iso(traceStart - 86_400_000);
  return {
    name,
    created_at,
    commits: [{ message: "Start", author: "p01" }],
    workflows: [{ name: "CI" }],
    issues: [{ number: 1, title: "An issue", author: "p01", created_at }],
    pulls: [{ number: 100, title: "A change", author: "p01", head: "topic", created_at }],
  };
}
