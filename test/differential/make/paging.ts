import type { WorldFile } from "../../github-emulator/index.ts";

const count = <T>(length: number, make: (index: number) => T): T[] => Array.from({ length }, (_, index) => make(index));
const at = (index: number): string => new Date(Date.UTC(2025, 0, 1) + index * 3_600_000).toISOString();
const author = (index: number): string => ["alice", "bob", "carol", "dave"][index % 4] ?? "alice";

/** Lists around the sizes of pages: 31, 100, 101 and 250 items. */
export const paging: WorldFile = {
  repositories: [
    ...[31, 100, 101, 250].map((length) => ({
      name: `many/issues-${length}`,
      labels: ["bug", "rare"],
      issues: count(length, (index) => ({
        title: `Issue ${index + 1}`,
        author: author(index),
        created_at: at(index),
        labels: [...(index % 2 ? [] : ["bug"]), ...(index % 50 ? [] : ["rare"])],
        ...(index % 5 === 4 && { state: "closed" as const }),
      })),
    })),
    ...[31, 101, 250].map((length) => ({
      name: `many/pulls-${length}`,
      pulls: count(length, (index) => ({
        title: `Pull ${index + 1}`,
        author: author(index),
        head: `branch-${index + 1}`,
        created_at: at(index),
        ...(index % 7 === 6 && { merged: true }),
        ...(index % 7 === 5 && { state: "closed" as const }),
        ...(index % 7 === 4 && { draft: true }),
      })),
    })),
    {
      name: "many/parts",
      labels: count(101, (index) => `label ${String(index).padStart(3, "0")}`),
      tags: count(101, (index) => ({ name: `v0.${index}.0` })),
      releases: count(101, (index) => ({
        tag: `v0.${index}.0`,
        created_at: at(index),
        ...(index % 10 === 9 && { prerelease: true }),
      })),
      issues: [
        {
          number: 1,
          title: "101 comments",
          author: "alice",
          comments: count(101, (index) => ({
            author: author(index),
            body: `Comment ${index + 1}`,
            created_at: at(index),
          })),
        },
      ],
      pulls: [
        {
          number: 2,
          title: "101 of everything",
          author: "bob",
          head: "large",
          files: count(101, (index) => ({
            path: `src/file-${String(index).padStart(3, "0")}.ts`,
            patch: "@@ -1 +1 @@\n-a\n+b",
          })),
          commits: count(101, (index) => ({ message: `Commit ${index + 1}`, author: author(index), date: at(index) })),
          comments: count(101, (index) => ({
            author: author(index),
            body: `Comment ${index + 1}`,
            created_at: at(index),
          })),
          reviews: count(101, (index) => ({
            author: author(index),
            state: "COMMENTED" as const,
            body: `Review ${index + 1}`,
            submitted_at: at(index),
          })),
          checks: count(101, (index) => ({ name: `check ${index + 1}` })),
        },
        {
          number: 3,
          title: "31 files, 31 commits",
          author: "bob",
          head: "middle",
          files: count(31, (index) => ({ path: `f${index}`, patch: "@@ -1 +1 @@\n-a\n+b" })),
          commits: count(31, (index) => ({ message: `Commit ${index + 1}`, author: author(index), date: at(index) })),
        },
      ],
    },
    {
      name: "many/runs",
      workflows: [{ name: "CI" }, ...count(54, (index) => ({ name: `Workflow ${index + 1}` }))],
      runs: count(250, (index) => ({
        workflow: index % 10 ? "CI" : "Workflow 1",
        title: `Run ${index + 1}`,
        branch: index % 3 ? "main" : "topic",
        event: index % 4 ? "push" : "schedule",
        actor: author(index),
        created_at: at(index),
        conclusion: index % 6 ? ("success" as const) : ("failure" as const),
      })),
    },
  ],
};
