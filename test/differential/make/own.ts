import type { RepositoryFile, WorldFile } from "../../github-emulator/index.ts";

const at = (day: number): string => new Date(Date.UTC(2025, 2, day)).toISOString();
const patch = "@@ -1 +1 @@\n-a\n+b";

/** Private, with everything that a member with the right to push sees and others do not. */
const vault: RepositoryFile = {
  name: "crew/vault",
  private: true,
  description: "What nobody else may read",
  pushed_at: at(20),
  collaborators: { alice: "maintain" },
  delete_branch_on_merge: true,
  allow_merge_commit: false,
  files: { "README.md": "Hidden.\n", ".github/workflows/ci.yml": "name: CI\non: push\n" },
  labels: ["bug", "secret"],
  milestones: [{ number: 1, title: "v1" }],
  workflows: [{ name: "CI", path: ".github/workflows/ci.yml" }],
  issues: [
    {
      number: 1,
      title: "A hidden issue",
      author: "alice",
      labels: ["secret"],
      milestone: "v1",
      comments: [
        { author: "alice", body: "Mine." },
        { author: "bob", body: "Not mine.", reactions: { heart: ["alice"] } },
      ],
    },
    { number: 2, title: "Assigned to alice", author: "bob", assignees: ["alice"], labels: ["bug"] },
    { number: 3, title: "Mentions", author: "bob", body: "What does @alice say?" },
    { number: 4, title: "Closed", author: "alice", state: "closed" },
  ],
  pulls: [
    {
      number: 10,
      title: "Hidden work",
      author: "alice",
      head: "hidden-work",
      files: [{ path: "src/a.ts", patch }],
      reviews: [
        { author: "bob", state: "APPROVED", body: "Fine." },
        { author: "alice", state: "PENDING", body: "Not sent yet." },
      ],
      comments: [{ author: "alice", body: "A word of the author." }],
    },
    { number: 11, title: "To be reviewed", author: "bob", head: "review-me", requested_reviewers: ["alice"] },
    { number: 12, title: "Merged", author: "bob", head: "was-merged", merged: true, merged_by: "alice" },
  ],
  runs: [
    {
      id: 77001,
      workflow: "CI",
      pull: 10,
      conclusion: "success",
      jobs: [{ id: 77101, name: "build", conclusion: "success", steps: ["Set up job", "Run tests"] }],
    },
  ],
  tags: [{ name: "v1.0.0" }],
  releases: [
    { tag: "v1.0.0", name: "One", body: "First.", created_at: at(10), author: "alice" },
    { tag: "v2.0.0", name: "Two", draft: true, created_at: at(15), author: "alice" },
  ],
};

/**
 * Repositories that alice sees with her own account: her own, shared with her, and of an organization that she is a
 * member of.
 */
export const own: WorldFile = {
  users: [{ login: "yann", name: "Yann" }],
  organizations: [
    { login: "crew", name: "Crew", members: ["bob", { login: "alice", role: "member" }], base_permission: "none" },
  ],
  repositories: [
    vault,
    { name: "crew/open", description: "Everybody's", pushed_at: at(21), collaborators: { alice: "write" } },
    { name: "crew/inside", private: true, visibility: "internal", pushed_at: at(19) },
    { name: "alice/diary", private: true, description: "Dear diary", pushed_at: at(18), files: { "a.md": "x\n" } },
    { name: "yann/open", pushed_at: at(3) },
    { name: "yann/shared", private: true, pushed_at: at(4), collaborators: { alice: "read" } },
    { name: "yann/hidden", private: true, pushed_at: at(5) },
  ],
};
