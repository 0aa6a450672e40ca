import type { RepositoryFile } from "../world/schema.ts";
import { areas, at, maintainers, people, pick } from "./demo-choices.ts";
import { issues } from "./demo-issues.ts";
import { files } from "./demo-parts.ts";
import { pulls } from "./demo-pulls.ts";
import { runs } from "./demo-runs.ts";

const labels: [name: string, color: string, description: string | null][] = [
  ["bug", "d73a4a", "Something isn't working"],
  ["documentation", "0075ca", "Improvements or additions to documentation"],
  ["enhancement", "a2eeef", "New feature or request"],
  ["good first issue", "7057ff", "Good for newcomers"],
  ["help wanted", "008672", "Extra attention is needed"],
  ["invalid", "e4e669", "This doesn't seem right"],
  ["question", "d876e3", null],
  ["dependencies", "0366d6", "Pull requests that update a dependency file"],
  ["performance", "fbca04", "Faster or smaller"],
  ["security", "b60205", null],
  ["testing", "c5def5", ""],
  ["refactoring", "ededed", null],
  ["breaking change", "b60205", "Needs a major version"],
  ["backport", "bfdadc", null],
  ["discussion", "cc317c", null],
  ["needs review", "fef2c0", "🔍"],
];

/** The project itself. */
export function lantern(): RepositoryFile {
  return {
    name: "lumen-labs/lantern",
    description: "Control every lamp in the house from one small command 🏮",
    homepage: "https://lantern.example.com",
    topics: ["cli", "home-automation", "lamps", "typescript"],
    languages: { TypeScript: 412_330, Shell: 8_112, Dockerfile: 903 },
    license: "MIT",
    created_at: "2022-03-14T09:26:53Z",
    has_discussions: true,
    allow_auto_merge: true,
    stars: 4213,
    watchers: 61,
    stargazers: people,
    subscribers: maintainers,
    collaborators: { "freya-moss": "triage", "goran-ilic": "write" },
    renamed_from: ["lumen-labs/lamp-cli"],
    labels: labels.map(([name, color, description], index) => ({ name, color, description, default: index < 7 })),
    milestones: [
      {
        title: "2.0",
        state: "closed",
        description: "The new scheduler",
        creator: "ada-okafor",
        created_at: at(10),
        due_on: at(4000),
        closed_at: at(4100),
      },
      {
        title: "2.1",
        description: "Matter",
        creator: "bjorn-lind",
        created_at: at(4200),
        due_on: "2026-07-01T07:00:00Z",
      },
    ],
    protection: { required_checks: ["test", "lint"], required_approvals: 1 },
    files: {
      "README.md": "# Lantern 🏮\n\nControl every lamp in the house.\n\n```sh\nlantern on kitchen\n```\n",
      LICENSE: "MIT License\n\nCopyright (c) 2022 Lumen Labs\n",
      "CONTRIBUTING.md": "# Contributing\n\nOpen an issue first.\n",
      "package.json": '{\n  "name": "lantern",\n  "version": "2.0.3"\n}\n',
      "src/main.ts":
        "import { find } from './bridge/find.ts';\n\nexport function main() {\n  const lamp = find();\n  return lamp;\n}\n",
      "src/bridge/find.ts": "export function find() {\n  return { name: 'kitchen' };\n}\n",
      "docs/README.md": "# Docs\n",
      "docs/颜色.md": "# 颜色\n\n| 名称 | K |\n|---|---|\n| 暖白 | 2700 |\n",
      "assets/lamp.bin": { base64: "/9j/AAECAwQ=" },
      ".github/workflows/ci.yml":
        "name: CI\non: [push, pull_request]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n      - run: npm ci\n      - run: npm test\n",
    },
    commits: Array.from({ length: 36 }, (_, index) => ({
      message:
        index === 0
          ? "Initial commit"
          : `${["Tidy", "Speed up", "Test", "Document"][index % 4]} ${areas[index % 5]}${index % 6 === 0 ? "\n\nCo-authored-by: Hana Sato <hana@example.com>" : ""}`,
      author: pick(maintainers),
      date: at(-800 + index * 20),
      files: files(1 + (index % 2)),
      verified: index % 3 === 0,
      ...(index === 20
        ? { comments: [{ author: "freya-moss", body: "This broke my lamps 😢", path: "src/main.ts", line: 3 }] }
        : {}),
    })),
    branches: [
      { name: "1.x", protected: true },
      { name: "gh-pages", files: { "index.html": "<h1>Lantern</h1>\n" } },
      { name: "feature/matter", commits: [{ message: "Sketch Matter", author: "chen-wei", date: at(8000) }] },
    ],
    tags: [
      { name: "v1.0.0", message: "Lantern 1.0.0\n", tagger: "ada-okafor", date: at(-600) },
      { name: "v1.9.4", date: at(2000) },
      { name: "v2.0.0", message: "Lantern 2.0.0\n", tagger: "ada-okafor", date: at(4100) },
      { name: "v2.0.3", date: at(6000) },
      { name: "v2.1.0-rc.1", date: at(8500) },
    ],
    issues: issues(),
    pulls: pulls(),
    workflows: [
      { name: "CI", path: ".github/workflows/ci.yml" },
      { name: "Docs", path: ".github/workflows/docs.yml" },
      { name: "Release", path: ".github/workflows/release.yml" },
      { name: "Matrix", path: ".github/workflows/fuzz-matrix.yml" },
      { name: "Stale", path: ".github/workflows/stale.yml", state: "disabled_inactivity" },
    ],
    runs: runs(),
    releases: [
      { tag: "v1.0.0", name: "1.0.0", body: "The first one.", author: "ada-okafor", created_at: at(-600) },
      {
        tag: "v1.9.4",
        name: "1.9.4 (maintenance)",
        body: "* fixes",
        author: "bjorn-lind",
        created_at: at(2000),
        latest: false,
      },
      {
        tag: "v2.0.0",
        name: "2.0.0 – Bright",
        body: "## What's changed\n\n* The scheduler is new\r\n* 谢谢大家\n",
        author: "ada-okafor",
        created_at: at(4100),
        reactions: { hooray: people.slice(0, 4) },
        assets: [
          { name: "lantern-linux-x64.tar.gz", content_type: "application/gzip", size: 9_311_004, download_count: 1842 },
          { name: "checksums.txt", content_type: "text/plain", content: "0123  lantern-linux-x64.tar.gz\n" },
        ],
      },
      {
        tag: "v2.0.3",
        name: "2.0.3",
        body: "* fixes the reader",
        author: "github-actions[bot]",
        created_at: at(6000),
        assets: [
          { name: "lantern-linux-x64.tar.gz", content_type: "application/gzip", size: 9_311_711, download_count: 611 },
        ],
      },
      {
        tag: "v2.1.0-rc.1",
        name: "2.1.0 release candidate",
        body: "Please try it.",
        author: "ada-okafor",
        prerelease: true,
        created_at: at(8500),
      },
      { tag: "v2.1.0", name: "2.1.0", body: "Not yet.", author: "ada-okafor", draft: true, created_at: at(8600) },
    ],
    deployments: [
      { environment: "docs", ref: "gh-pages", creator: "ada-okafor" },
      { environment: "production", creator: "bjorn-lind" },
    ],
    events: [
      { type: "WatchEvent", actor: "hana-sato", payload: { action: "started" }, created_at: at(8000) },
      { type: "PushEvent", actor: "ada-okafor", payload: { ref: "refs/heads/main", size: 1 }, created_at: at(8100) },
    ],
  };
}
