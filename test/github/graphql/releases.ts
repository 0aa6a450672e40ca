import type { Release, Repository } from "../world/model.ts";
import type { Viewer } from "./context.ts";
import { compare } from "./repositories.ts";

/** Releases the viewer may see: drafts are for those who can push. */
export function visibleReleases(repository: Repository, viewer: Viewer): Release[] {
  const permission = viewer.permission(repository);
  const sees = permission === "write" || permission === "maintain" || permission === "admin";
  return repository.releases.filter((release) => !release.draft || sees);
}

/** The one GitHub calls latest: named so, or the newest that is neither draft nor prerelease. */
export function latestRelease(repository: Repository): Release | null {
  const full = repository.releases.filter((release) => !release.draft && !release.prerelease);
  const named = full.find((release) => release.latest);
  const candidates = full.filter((release) => release.latest !== false);
  return named ?? candidates.sort((a, b) => compare(b.created_at, a.created_at) || b.id - a.id)[0] ?? null;
}
