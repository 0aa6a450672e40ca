import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { WorldFile } from "../world/schema.ts";
import { at, maintainers, people, restart } from "./demo-choices.ts";
import { lantern } from "./demo-lantern.ts";

/** The demo world; `node test/github-emulator/worlds/demo.ts && npm run fix` writes it to `demo.json`. */
export function demoWorld(): WorldFile {
  restart();
  const token = (login: string, scopes?: string[]) => ({
    token: `demo-token-${login}`,
    login,
    ...(scopes ? { scopes } : {}),
  });
  return {
    now: "2026-06-01T12:00:00Z",
    users: [
      {
        login: "ada-okafor",
        name: "Ada Okafor",
        company: "@lumen-labs",
        location: "Lagos",
        bio: "Lamps.",
        followers: people.slice(1),
        keys: [{ key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDemoKeyNotReal" }],
      },
      { login: "bjorn-lind", name: "Björn Lind", location: "Malmö", followers: ["ada-okafor"] },
      { login: "chen-wei", name: "陈伟", location: "上海" },
      { login: "dalia-haddad", name: "داليا حداد" },
      { login: "hana-sato", name: "佐藤 花" },
      { login: "emre-kaya", name: "Emre Kaya" },
      { login: "freya-moss" },
      { login: "mirela-p", name: "Mirela P." },
      { login: "gone-account", deleted: true },
    ],
    organizations: [
      {
        login: "lumen-labs",
        name: "Lumen Labs",
        description: "Software for lamps",
        blog: "https://lumen.example.com",
        created_at: "2021-11-05T10:00:00Z",
        members: [
          { login: "ada-okafor", role: "admin" },
          "bjorn-lind",
          "chen-wei",
          { login: "dalia-haddad", public: false },
          { login: "lumen-robot", public: false },
        ],
        teams: [
          {
            name: "Core",
            description: "Who decides",
            members: ["ada-okafor", "bjorn-lind"],
            repositories: { "lumen-labs/lantern": "maintain" },
          },
          { name: "Docs", members: ["chen-wei"] },
        ],
      },
    ],
    tokens: [
      { token: "demo-pool-pat-not-a-secret", login: "lumen-robot", scopes: ["public_repo", "read:org"] },
      { token: "demo-org-token-not-a-secret", login: "ada-okafor", scopes: ["read:org"] },
      ...maintainers.map((login) => token(login)),
      token("freya-moss"),
      token("outsider", ["repo", "read:org"]),
    ],
    apps: [
      {
        slug: "lantern-relay",
        id: 424242,
        name: "Lantern Relay",
        owner: "lumen-labs",
        description: "Reads for the team",
        client_id: "Iv1.demo0000demo0000",
        installations: [
          {
            id: 515151,
            account: "lumen-labs",
            permissions: {
              actions: "read",
              checks: "read",
              contents: "read",
              issues: "read",
              members: "read",
              metadata: "read",
              pull_requests: "read",
              statuses: "read",
            },
          },
        ],
      },
    ],
    oauth_apps: [
      { client_id: "demo-oauth-client", client_secret: "demo-oauth-secret-not-a-secret", login: "ada-okafor" },
    ],
    repositories: [
      lantern(),
      {
        name: "lumen-labs/lantern-docs",
        description: "The manual",
        license: "CC0-1.0",
        languages: { MDX: 20_133 },
        stars: 12,
        commits: [{ message: "Start the manual", author: "chen-wei" }],
        issues: [{ title: "Screenshots are old", author: "hana-sato" }],
        files: { "README.md": "# Manual\n" },
        archived: false,
      },
      {
        name: "lumen-labs/lamp-firmware",
        description: "Archived: see lantern",
        archived: true,
        languages: { C: 99_120 },
        license: "GPL-3.0",
        commits: [{ message: "Blink", author: "bjorn-lind" }],
      },
      {
        name: "mirela-p/lantern",
        fork_of: "lumen-labs/lantern",
        languages: { TypeScript: 400_100 },
        license: "MIT",
        created_at: at(300),
      },
      {
        name: "hana-sato/lantern",
        fork_of: "lumen-labs/lantern",
        languages: { TypeScript: 398_000 },
        license: "MIT",
        created_at: at(900),
      },
      {
        name: "lumen-labs/treasury",
        private: true,
        description: "Who paid for which lamp",
        commits: [{ message: "Ledger", author: "ada-okafor" }],
        files: { "ledger.csv": "lamp,price\nkitchen,19\n" },
        issues: [
          {
            number: 1,
            title: "The kitchen lamp was expensive",
            author: "ada-okafor",
            body: "See lumen-labs/lantern#9.",
          },
        ],
        pulls: [{ number: 2, title: "Add May", author: "bjorn-lind", head: "may" }],
        runs: [{ workflow: "Audit", jobs: [{ name: "sum", conclusion: "success" }] }],
      },
      {
        name: "ada-okafor/dotfiles",
        description: "~",
        languages: { Shell: 1200 },
        commits: [{ message: "vim", author: "ada-okafor" }],
      },
    ],
    gists: [
      { owner: "ada-okafor", description: "Lamp colours", files: { "colours.json": '{"warm": 2700}\n' } },
      { owner: "ada-okafor", description: "Not for everybody", public: false, files: { "note.txt": "shh\n" } },
    ],
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(new URL("./demo.json", import.meta.url), `${JSON.stringify(demoWorld(), null, 2)}\n`);
}
