/** Random pull requests. */
import type { PullFile, RepositoryFile } from "../../../test/github-emulator/index.ts";
import { check, status } from "./checks.ts";
import { associations, bodies, byTime, type Draw, people, viewer } from "./draw.ts";
import { thread } from "./threads.ts";

type CommitFile = NonNullable<RepositoryFile["commits"]>[number];

const patch = "@@ -1,2 +1,3 @@\n one\n-two\n+2\n+three";

function commit(draw: Draw): CommitFile {
  const { random } = draw;
  const body = random.pick(["", "\n\nBecause.", "\n\nCo-authored-by: Bob <bob@example.com>", "\r\nmore"]);
  return {
    message: `${draw.title()}${body}`,
    author: random.pick<CommitFile["author"]>([
      viewer,
      "bob",
      { name: "No Account", email: "no@example.com" },
      { name: "", email: "" },
    ]),
    date: draw.at(),
    files: draw.subset(["a.txt", "src/b.ts", "docs/é.md"], 3).map((path) => ({ path, patch })),
    checks: draw.some(1, () => check(draw)),
    statuses: draw.some(1, () => status(draw)),
  };
}

export function pull(draw: Draw, index: number, labels: readonly string[], milestones: readonly string[]): PullFile {
  const { random } = draw;
  const ref = random.pick([`feature-${index}`, `feature-${index}`, "main", "patch-1", "x/y#z"]);
  const review = () => ({
    author: draw.author(),
    state: random.pick(["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED"] as const),
    body: random.pick(bodies) ?? "",
    submitted_at: draw.at(),
    association: random.pick(associations),
    comments: draw.some(1, () => ({ body: "Here.", path: "a.txt" })),
  });
  const reviews = draw.some(4, review).sort(byTime("submitted_at"));
  const state = random.pick(["open", "open", "open", "closed", "merged"]);
  return {
    ...thread(draw, labels, milestones),
    draft: random.chance(0.2),
    ...(state === "closed" && { state: "closed" as const, closed_by: draw.author() }),
    ...(state === "merged" && { merged: true, merged_at: draw.at(), merged_by: draw.author() }),
    head: random.pick<PullFile["head"]>([ref, ref, { ref, repo: "bob/pool" }, { ref, repo: null, owner: "gone" }]),
    commits: draw.maybe(0.7, () => [commit(draw), ...draw.some(2, () => commit(draw))]),
    files: draw.subset(["a.txt", "src/b.ts", "docs/é.md"], 3).map((path) => ({ path, patch })),
    reviews,
    requested_reviewers: draw.subset(people, 2),
    requested_teams: draw.subset(["crew"], 1),
    mergeable: random.pick([true, true, false, null]),
    mergeable_state: draw.maybe(0.3, () => random.pick(["clean", "dirty", "blocked", "behind", "unstable"] as const)),
    auto_merge: draw.maybe(0.1, () => ({ enabled_by: "bob" })),
    maintainer_can_modify: random.chance(0.5),
    statuses: draw.some(3, () => status(draw)),
    checks: draw.some(3, () => check(draw)),
  };
}
