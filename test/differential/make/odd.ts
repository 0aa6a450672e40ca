import type { WorldFile } from "../../github-emulator/index.ts";

const at = (day: number): string => new Date(Date.UTC(2025, 5, day)).toISOString();
const patch = "@@ -1 +1 @@\n-a\n+b";

/** Allowed but rare data: names that need escaping, long lists, empty texts, accounts that are gone. */
export const odd: WorldFile = {
  users: [
    { login: "hal", name: '👩‍💻 Hal "H" <hal> & Söhne' },
    { login: "rnd", name: "R&D\u2028bot" },
    { login: "renovate[bot]", type: "Bot" },
  ],
  organizations: [{ login: "oddities", name: "Odd <things> & more", members: ["hal"] }],
  repositories: [
    {
      name: "oddities/lab.1",
      description: 'A <lab> & its "quotes"',
      renamed_from: ["oddities/old-lab"],
      pushed_at: at(1),
      topics: ["a-1", "z"],
      labels: [
        "with, comma",
        "a,b",
        "bug ",
        " lead",
        "👨‍👩‍👧 zwj",
        "ünï & <b>",
        { name: "area: über/β", color: "00ff00", description: "<d>" },
        ...Array.from({ length: 60 }, (_, index) => `many ${String(index).padStart(2, "0")}`),
      ],
      milestones: [
        { title: "Q1 — späte & <b>", number: 1 },
        { title: "v1.0 ", number: 2 },
      ],
      files: {
        "README.md": "# Lab\n",
        "src/a.ts": "export {};\n",
        "src/deep/ü.txt": "ü\n",
        "pages/[id].tsx": "x\n",
      },
      tags: [{ name: "v1" }, { name: "größe/1" }],
      issues: [
        { number: 1, title: "No body", author: "hal", body: null, labels: ["bug ", "with, comma"], created_at: at(1) },
        { number: 2, title: "  Blanks  and\ttabs  ", author: "rnd", body: "", milestone: "v1.0 ", created_at: at(2) },
        {
          number: 3,
          title: "Many labels",
          author: "gone",
          body: "\r\n",
          labels: Array.from({ length: 60 }, (_, index) => `many ${String(index).padStart(2, "0")}`),
          assignees: ["hal", "rnd"],
          created_at: at(3),
        },
        { number: 4, title: "By a bot", author: "renovate[bot]", body: "x", labels: ["👨‍👩‍👧 zwj"], created_at: at(4) },
        {
          number: 5,
          title: "Closed <b>",
          author: "hal",
          state: "closed",
          milestone: "Q1 — späte & <b>",
          created_at: at(5),
        },
        ...Array.from({ length: 34 }, (_, index) => ({
          number: 200 + index,
          title: `Number ${index} of many`,
          author: index % 2 === 0 ? "hal" : "rnd",
          labels: index % 3 === 0 ? ["a,b"] : ["ünï & <b>"],
          created_at: at(6),
        })),
      ],
      pulls: [
        {
          number: 100,
          title: "Names & <b>",
          author: "hal",
          head: "topic-1",
          body: null,
          created_at: at(10),
          files: [
            { path: "src/größe.ts", status: "added", patch },
            { path: 'a "quoted" name.txt', patch },
            { path: "tab\there.txt", patch },
            { path: "back\\slash.txt", patch },
            { path: "plain.txt", patch },
          ],
        },
        {
          number: 101,
          title: "A hundred and ten checks",
          author: "rnd",
          head: "topic-2",
          created_at: at(11),
          files: [{ path: "a", patch }],
          checks: Array.from({ length: 110 }, (_, index) => ({ name: `check ${String(index).padStart(3, "0")}` })),
        },
        {
          number: 102,
          title: "Merged by Hal",
          author: "renovate[bot]",
          head: "topic-3",
          merged: true,
          merged_at: at(13),
          merged_by: "hal",
          created_at: at(12),
          commits: [
            { message: "chore(deps): update <all>\n\nBody & more.", author: "renovate[bot]" },
            { message: "By Hal", author: "hal" },
          ],
        },
        {
          number: 103,
          title: "Pending",
          author: "gone",
          head: { ref: "topic-4", repo: null, owner: "gone" },
          draft: true,
          labels: ["ünï & <b>"],
          created_at: at(14),
          checks: [
            { name: "waits", status: "queued" },
            { name: "runs", status: "in_progress", started_at: at(14) },
          ],
        },
      ],
      workflows: [
        { name: "CI", path: ".github/workflows/ci.yml" },
        { name: "Größe & <co>", path: ".github/workflows/grösse.yml" },
      ],
      runs: [
        {
          id: 12001,
          workflow: "CI",
          pull: 100,
          conclusion: "failure",
          previous_attempts: [{ conclusion: "cancelled", jobs: [{ name: "old", conclusion: "cancelled" }] }],
          jobs: [
            {
              id: 12101,
              name: "build <x>",
              conclusion: "failure",
              steps: ["Set up job", { name: "Run & fail", conclusion: "failure" }],
            },
          ],
        },
        { id: 12002, workflow: "Größe & <co>", pull: 101, conclusion: "success", jobs: [{ id: 12102, name: "ok" }] },
        {
          id: 12003,
          workflow: "CI",
          pull: 102,
          status: "in_progress",
          jobs: [
            {
              id: 12103,
              name: "goes on",
              status: "in_progress",
              steps: [
                { name: "one", conclusion: "success" },
                { name: "two", status: "in_progress" },
              ],
            },
          ],
        },
        {
          id: 12004,
          workflow: "CI",
          event: "schedule",
          branch: null,
          conclusion: "success",
          title: "No branch",
          jobs: [{ id: 12104, name: "j" }],
        },
        { id: 12005, workflow: "CI", branch: "topic-1", event: "push", conclusion: "success", jobs: [] },
      ],
      releases: [
        { tag: "v1", name: "One <b>", body: null, created_at: at(20), author: "hal" },
        { tag: "größe/1", name: "", body: "x & <y>", created_at: at(21), author: "gone" },
      ],
    },
    {
      name: "oddities/fork-base",
      pushed_at: at(2),
      pulls: [
        {
          number: 1,
          title: "From a fork",
          author: "rnd",
          head: { ref: "same-name", repo: "rnd/fork-base" },
          created_at: at(1),
          files: [{ path: "a", patch }],
        },
      ],
      workflows: [{ name: "CI" }],
      runs: [{ id: 12050, workflow: "CI", pull: 1, conclusion: "success", jobs: [{ id: 12150, name: "j" }] }],
    },
    { name: "rnd/fork-base", fork_of: "oddities/fork-base", pushed_at: at(3) },
  ],
};
