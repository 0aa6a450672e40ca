import type { InstallationToken } from "../auth.ts";
import type { Hooks } from "../hooks/deliveries.ts";
import type { RepositoryRoutes, Routes } from "../http.ts";
import { actionRoutes } from "./actions.ts";
import { appRoutes } from "./apps.ts";
import { checkRoutes } from "./checks.ts";
import { commitRoutes } from "./commits.ts";
import { contentRoutes } from "./contents.ts";
import { gistRoutes } from "./gists.ts";
import { gitRoutes } from "./git.ts";
import { gitWrites } from "./git-writes.ts";
import { hookRoutes } from "./hooks.ts";
import { issueRoutes } from "./issues.ts";
import { metaRoutes } from "./meta.ts";
import { organizationRoutes } from "./organizations.ts";
import { pullRoutes } from "./pulls.ts";
import { releaseRoutes } from "./releases.ts";
import { repositoryRoutes } from "./repositories.ts";
import { searchRoutes } from "./search.ts";
import { statisticsRoutes } from "./statistics.ts";
import { statusWrites } from "./status-writes.ts";
import { userRoutes } from "./users.ts";
import { issueWrites } from "./writes.ts";

/** Everything below `/repos/:owner/:repo`. */
export const allRepositoryRoutes: RepositoryRoutes = {
  ...repositoryRoutes,
  ...commitRoutes,
  ...gitRoutes,
  ...contentRoutes,
  ...pullRoutes,
  ...issueRoutes,
  ...actionRoutes,
  ...checkRoutes,
  ...releaseRoutes,
  ...statisticsRoutes,
  ...issueWrites,
  ...gitWrites,
  ...statusWrites,
};

export interface Surroundings {
  readonly issue: (token: InstallationToken) => void;
  readonly now: () => number;
  readonly hooks: Hooks;
}

/** Everything else. */
export function allRoutes({ issue, now, hooks }: Surroundings): Routes {
  return {
    ...metaRoutes,
    ...userRoutes,
    ...organizationRoutes,
    ...gistRoutes,
    ...searchRoutes,
    ...appRoutes(issue, now),
    ...hookRoutes(hooks),
  };
}
