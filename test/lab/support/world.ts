/** The world behind every stage: small, with one of everything that depends on the caller. */
import type { WorldFile } from "../../github-emulator/index.ts";

/** The token of the machines' user, and that of the pool. Neither is a real token. */
export const callerToken = "lab-token-of-vera";
export const poolTokens = ["lab-token-of-the-pool", "lab-token-of-the-second"] as const;

export const project = "acme/app";
const secretProject = "acme/secret";
/** Stands in the private repository only. */
export const secretTitle = "Nobody outside may read this title";

/** Enough issues that each trial reads its own. */
const issueCount = 120;

export const world: WorldFile = {
  users: [{ login: "vera" }, { login: "bob" }, { login: "hal" }, { login: "pool-robot" }, { login: "second-robot" }],
  organizations: [
    {
      login: "acme",
      members: [
        { login: "vera", role: "admin" },
        { login: "hal", public: false },
      ],
      teams: [
        { name: "Core", members: ["vera"] },
        { name: "Sneaky", privacy: "secret", members: ["vera"] },
      ],
    },
  ],
  tokens: [
    { token: callerToken, login: "vera" },
    { token: poolTokens[0], login: "pool-robot", scopes: [] },
    { token: poolTokens[1], login: "second-robot", scopes: [] },
  ],
  repositories: [
    {
      name: project,
      labels: ["bug"],
      files: { "README.md": "# App\n", "notes.txt": "plain text\n" },
      commits: [
        { message: "Start", author: "vera", date: "2026-05-01T00:00:00Z" },
        { message: `Long\n\n${"A line of the commit's message. ".repeat(400)}`, author: "vera" },
      ],
      issues: Array.from({ length: issueCount }, (_, index) => ({
        number: index + 1,
        title: `Issue ${index + 1}`,
        author: index % 2 === 0 ? "vera" : "hal",
        body: `Body of ${index + 1}. ${"Some words. ".repeat(60)}`,
        ...(index === 0
          ? {
              events: [
                { event: "cross-referenced", actor: "vera", source: `${secretProject}#1` },
                { event: "labeled", actor: "vera", label: "bug" },
              ],
            }
          : {}),
      })),
      pulls: [
        {
          number: 201,
          title: "A pull request",
          author: "bob",
          head: "change",
          files: [{ path: "b.txt", patch: "@@ -0,0 +1 @@\n+b" }],
          reviews: [
            {
              author: "vera",
              state: "PENDING",
              body: "a draft",
              comments: [{ body: "unsent", path: "b.txt", line: 1 }],
            },
            { author: "hal", state: "APPROVED" },
          ],
          requested_reviewers: ["vera"],
          requested_teams: ["core", "sneaky"],
        },
      ],
    },
    { name: secretProject, private: true, issues: [{ title: secretTitle, author: "vera" }] },
  ],
};
