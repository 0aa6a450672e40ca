import type { WorldFile } from "../../github-emulator/index.ts";

/** All accounts of the worlds, and the caller: `alice`, whose own account the real gh uses. */
export const people = {
  users: [
    { login: "alice", name: "Alice Liddell", email: "alice@example.com" },
    { login: "bob", name: null },
    { login: "carol", name: "Çarol Ünïcode 🐙" },
    { login: "dave", name: "" },
    { login: "erin-long-login-with-many-dashes-39x", name: "Erin" },
    { login: "gone", deleted: true },
    { login: "dependabot[bot]", type: "Bot" },
    { login: "spent", name: "Spent", limits: { core: 0, graphql: 0, search: 0, code_search: 0 } },
  ],
  organizations: [
    {
      login: "acme",
      name: "Acme",
      members: ["bob", { login: "carol", role: "member", public: false }],
      base_permission: "none",
      teams: [
        { name: "Core Team", slug: "core", members: ["bob"] },
        { name: "Docs & Écriture", slug: "docs", members: ["carol"] },
      ],
    },
  ],
  tokens: [
    { token: "alices-token", login: "alice" },
    { token: "spent-token", login: "spent" },
    { token: "planners-token", login: "planner", scopes: ["repo", "read:org", "gist", "read:project"] },
    { token: "fine-grained-token", login: "planner", kind: "fine_grained" },
  ],
} satisfies WorldFile;
