/** A small project for the tests of pull requests and issues. */
import type { WorldFile } from "../../../github-emulator/index.ts";

export const project: WorldFile = {
  users: [
    { login: "ada", name: "Ada Lovelace" },
    { login: "bob", name: null },
  ],
  organizations: [{ login: "octo", name: "Octo" }],
  repositories: [
    {
      name: "octo/hello",
      labels: ["bug", "Feature"],
      milestones: [{ number: 1, title: "v1" }],
      workflows: [{ name: "CI" }],
      issues: [
        { number: 1, title: "First", author: "ada", labels: ["bug"], milestone: "v1" },
        { number: 2, title: "Second", author: "bob", state: "closed" },
      ],
      pulls: [
        {
          number: 7,
          title: "Feature",
          author: "ada",
          body: "Text\r\nmore",
          head: "feature",
          labels: ["Feature", "bug"],
          assignees: ["bob"],
          reviews: [{ author: "bob", state: "APPROVED" }],
          files: [{ path: "a.txt", patch: "@@ -1 +1 @@\n-a\n+b" }],
        },
        { number: 8, title: "Merged", author: "bob", head: "merged-branch", merged: true },
        { number: 9, title: "Draft", author: "ada", head: "draft-branch", draft: true },
      ],
      runs: [{ id: 41, workflow: "CI", pull: 7, jobs: [{ id: 401, name: "build", conclusion: "success" }] }],
    },
    { name: "octo/quiet", has_issues: false },
    { name: "octo/empty" },
  ],
};
