import type { PullFile, WorldFile } from "../../github-emulator/index.ts";

const patch = "@@ -1,3 +1,4 @@\n line\n-old\n+new\n+more\n line";
const place = { path: "src/warp.ts", line: 3 };

const pulls: PullFile[] = [
  {
    number: 1,
    title: "Threads of every kind",
    author: "carol",
    head: "warp",
    labels: ["yarn"],
    files: [{ path: "src/warp.ts", patch }],
    reviews: [
      {
        author: "bob",
        state: "CHANGES_REQUESTED",
        body: "Not <yet> & not “so”.",
        comments: [
          { ...place, id: 8801, body: 'Why <this> & "that"? 🧵' },
          { ...place, id: 8802, author: "carol", body: "Because.\r\n\r\n> quoted", in_reply_to: 8801 },
          { ...place, id: 8803, line: 9, body: "Done", resolved_by: "carol", outdated: true },
          { ...place, id: 8804, line: 12, start_line: 10, side: "LEFT", body: "A range" },
        ],
      },
      { author: "dave", state: "APPROVED", body: "" },
      {
        author: "gone",
        state: "COMMENTED",
        body: "I left",
        comments: [{ ...place, id: 8805, body: "Of one who left" }],
      },
      { author: "alice", state: "COMMENTED", body: "Sent" },
    ],
    checks: [{ name: "weave" }, { name: "dye", status: "in_progress" }, { name: "spin", conclusion: "failure" }],
    statuses: [{ context: "ci/loom", state: "pending", target_url: "https://ci.example.com/9" }],
  },
  {
    number: 2,
    title: "With an unsent review of the reader's own",
    author: "bob",
    head: "weft",
    files: [{ path: "src/weft.ts", patch }],
    reviews: [
      { author: "dave", state: "APPROVED", body: "Fine" },
      { author: "alice", state: "PENDING", body: "", comments: [{ path: "src/weft.ts", id: 8811, body: "Not sent" }] },
    ],
  },
  {
    number: 3,
    title: "With an unsent review of somebody else",
    author: "carol",
    head: "selvage",
    review_decision: "APPROVED",
    files: [{ path: "src/selvage.ts", patch }],
    reviews: [
      {
        author: "dave",
        state: "APPROVED",
        body: "Fine",
        comments: [{ path: "src/selvage.ts", id: 8821, body: "A word" }],
      },
      { author: "bob", state: "PENDING", body: "", comments: [{ path: "src/selvage.ts", id: 8822, body: "Not sent" }] },
    ],
  },
  { number: 4, title: "Nobody has looked at it", author: "bob", head: "shuttle", review_decision: null },
  {
    number: 5,
    title: "To be reviewed",
    author: "bob",
    head: "heddle",
    review_decision: "REVIEW_REQUIRED",
    draft: true,
  },
];

/** Objects that GraphQL queries ask for: review threads, unsent reviews, decisions, lists of several pages. */
export const loom: WorldFile = {
  organizations: [{ login: "guild", name: "Guild" }],
  repositories: [
    {
      name: "guild/loom",
      protection: { required_checks: ["weave"], required_approvals: 1 },
      labels: Array.from({ length: 11 }, (_, index) => `yarn ${index + 1}`).concat("yarn"),
      issues: [
        {
          number: 6,
          title: "Threads <break> & knots",
          author: "bob",
          body: "It “breaks”.\r\n",
          labels: ["yarn", "yarn 2"],
          comments: [
            { author: "carol", body: "Here too 🧵" },
            { author: null, body: "ghostly" },
          ],
        },
      ],
      pulls,
    },
  ],
};
