import type { WorldFile } from "../../github-emulator/index.ts";

const at = (day: number): string => new Date(Date.UTC(2025, 0, day)).toISOString();

/** Repositories of one owner in every shape, and releases of every kind. */
export const repositories: WorldFile = {
  users: [{ login: "zoe", name: "Zoë" }],
  repositories: [
    { name: "upstream/tool", description: "The original", pushed_at: at(1) },
    { name: "zoe/tool", fork_of: "upstream/tool", description: "A fork", pushed_at: at(2) },
    { name: "zoe/go-thing", languages: { Go: 100 }, topics: ["cli"], pushed_at: at(9), stars: 5 },
    { name: "zoe/archived", archived: true, description: "Kept for history", pushed_at: at(3) },
    { name: "zoe/template", is_template: true, license: "Apache-2.0", pushed_at: at(5) },
    { name: "zoe/unicode", description: "Ünïcode 🐙 description\twith a tab", pushed_at: at(6) },
    { name: "zoe/zoe", description: "Profile", files: { "README.md": "Hi\n" }, pushed_at: at(7) },
    { name: "zoe/wiki", has_wiki: false, has_projects: false, has_discussions: true, homepage: "", pushed_at: at(8) },
    {
      name: "zoe/releases",
      pushed_at: at(4),
      default_branch: "trunk",
      tags: [{ name: "v1.0.0" }, { name: "v1.1.0" }, { name: "v2.0.0-rc.1" }, { name: "release/2026" }],
      releases: [
        { tag: "v1.0.0", name: "One", body: "First.\r\n\r\n- a\r\n- b\r\n", created_at: at(10), author: "zoe" },
        {
          tag: "v1.1.0",
          name: null,
          body: null,
          created_at: at(20),
          author: "dependabot[bot]",
          assets: [
            { name: "tool-linux.tar.gz", content_type: "application/gzip", content: "binary", download_count: 7 },
            {
              name: "checksums.txt",
              label: "Checksums ✓",
              content_type: "text/plain",
              content: "abc\n",
              uploader: "gone",
            },
          ],
        },
        {
          tag: "v2.0.0-rc.1",
          name: "Two, candidate 🎉",
          prerelease: true,
          body: "# Notes\n\nTry it.",
          created_at: at(30),
          author: "zoe",
        },
        { tag: "release/2026", name: "With a slash", body: "", created_at: at(15), author: "gone" },
        { tag: "v3.0.0", name: "Draft", draft: true, created_at: at(40), author: "zoe" },
      ],
    },
    { name: "zoe/no-releases", pushed_at: at(11) },
    {
      name: "zoe/only-prerelease",
      pushed_at: at(12),
      releases: [{ tag: "v0", prerelease: true, created_at: at(2), author: "zoe" }],
    },
  ],
};
