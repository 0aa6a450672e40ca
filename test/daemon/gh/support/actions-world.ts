/** A project with runs in many states, a release, labels and a fork, for the tests of those commands. */
import type { WorldFile } from "../../../github-emulator/index.ts";

const at = (minute: number) => `2026-05-01T10:${String(minute).padStart(2, "0")}:00Z`;
const matrix = Array.from({ length: 12 }, (_, index) => ({
  id: 500 + index,
  name: `cell ${index}`,
  conclusion: "success" as const,
  ...(index === 7 && { annotations: [{ path: "a.ts", start_line: 4, level: "warning" as const, message: "careful" }] }),
}));

export const actionsWorld: WorldFile = {
  now: "2026-06-01T12:00:00Z",
  users: [{ login: "ada", name: "Ada Lovelace" }],
  organizations: [{ login: "octo", name: "Octo" }],
  repositories: [
    {
      name: "octo/ci",
      description: "Runs",
      license: "MIT",
      languages: { TypeScript: 900, Shell: 10 },
      topics: ["ci"],
      files: { "README.md": "# Hello\n", ".github/workflows/ci.yml": "on: push\n" },
      labels: ["bug", "Feature", "needs: triage"],
      workflows: [
        { id: 11, name: "CI", path: ".github/workflows/ci.yml" },
        { id: 12, name: "Nightly", path: ".github/workflows/nightly.yml" },
        { id: 13, name: "Old", path: ".github/workflows/old.yml", state: "disabled_manually" },
      ],
      runs: [
        {
          id: 41,
          workflow: "CI",
          title: "First",
          branch: "main",
          created_at: at(0),
          run_started_at: at(0),
          updated_at: at(2),
          jobs: [
            {
              id: 401,
              name: "build",
              conclusion: "failure",
              started_at: at(0),
              completed_at: at(1),
              steps: ["Set up", "Test"],
              annotations: [{ path: "b.ts", start_line: 2, level: "failure", message: "broken" }],
            },
          ],
          conclusion: "failure",
          artifacts: [{ name: "logs" }, { name: "old", expired: true }],
        },
        { id: 42, workflow: "Nightly", title: "Matrix", branch: "main", created_at: at(3), jobs: matrix },
        {
          id: 43,
          workflow: "CI",
          title: "Going",
          branch: "topic",
          created_at: at(4),
          run_started_at: at(4),
          status: "in_progress",
          jobs: [{ id: 403, name: "build", status: "in_progress", started_at: at(4) }],
        },
      ],
      tags: [{ name: "v1" }, { name: "v2" }],
      releases: [
        { tag: "v1", name: "One", body: "First.\n", author: "ada", created_at: at(10), published_at: at(11) },
        { tag: "v2", name: null, prerelease: true, author: "ada", created_at: at(12), published_at: at(13) },
      ],
    },
    { name: "octo/none" },
    { name: "ada/ci", fork_of: "octo/ci" },
  ],
};
