/** The world that a day begins with: repositories, open pull requests with finished CI, issues, releases. */
import { type PullFile, type RepositoryFile, shaOf, type WorldFile } from "../../../test/github-emulator/index.ts";
import type { Day, OpenPull } from "./day.ts";
import { iso, second, traceStart } from "./trace-types.ts";

const day = 86_400 * second;
/** How many pull requests of each repository wait to be opened. */
const opened = 60;
const budgets = { core: 1e9, graphql: 1e9, search: 1e9, code_search: 1e9 };

/** Fills the day with repositories, threads and people, and gives it as a world file. */
export function makeWorld(into: Day): WorldFile {
  const { cast } = into;
  const team = [...cast.people, ...cast.bots.map(({ login }) => login)];
  const others = ["outsider", "pool-one", "pool-two"];
  return {
    users: [
      ...[...team, ...others].map((login) => ({ login, name: login.toUpperCase() })),
      { login: "truth", limits: budgets },
    ],
    organizations: [{ login: "acme", base_permission: "write", members: [...team, "truth"] }],
    tokens: [...team, ...others, "truth"].map((login) => ({ token: `token-${login}`, login })),
    apps: [{ slug: "octo-relay", id: 4242, owner: "acme", installations: [{ id: 777, account: "acme" }] }],
    repositories: cast.weights.map(([name, weight]) => makeRepository(into, name, weight)),
  };
}

function makeRepository(into: Day, name: string, weight: number): RepositoryFile {
  const { random, cast } = into;
  const open = Math.round(3 + 9 * weight);
  const made = Array.from({ length: open + opened }, (_, at) => makePull(into, name, at, open));
  const pulls = made.map(({ pull }) => pull);
  into.pulls.set(name, pulls.slice(0, open));
  into.waiting.set(name, pulls.slice(open));
  const runs = pulls.slice(0, open).flatMap((pull) =>
    (["CI", "Lint"] as const).map((workflow) => ({
      id: into.newRun(),
      workflow,
      pull: pull.number,
      created_at: iso(traceStart - random.int(1800, 80_000) * second),
      jobs: finishedJobs[workflow].map((job) => ({
        id: into.newJob(),
        name: job,
        conclusion: "success" as const,
        steps: ["checkout", "setup", "run", "upload", "post"],
      })),
    })),
  );
  const issueCount = 15 + Math.round(20 * weight);
  const issues = Array.from({ length: issueCount }, (_, at) => makeIssue(into, at + 1));
  into.issues.set(
    name,
    issues.map(({ number }) => number),
  );
  into.closedIssues.set(
    name,
    issues.filter((issue) => "state" in issue).map(({ number }) => number),
  );
  // Keeps numbers of new issues above all that stand here.
  const last = { number: 9999, title: "Placeholder", author: "p01", state: "closed" as const };
  const released = (at: number) => iso(traceStart - (5 - at) * 20 * day);
  return {
    name,
    private: cast.privateRepos.includes(name),
    description: `The ${name} project`,
    created_at: "2024-01-01T00:00:00Z",
    labels: ["bug", "later", "triaged"],
    files: {
      "README.md": "# Read me\n".repeat(40),
      "package.json": `{"name":"x"}\n`,
      "src/file0.ts": "export {};\n".repeat(30),
      "src/file1.ts": "export {};\n".repeat(60),
    },
    commits: [
      { message: "Start", author: "p01" },
      { message: "Go on", author: "p02" },
    ],
    workflows: [{ name: "CI" }, { name: "Lint" }],
    issues: [...issues, { ...last, created_at: "2024-02-01T00:00:00Z", closed_at: "2024-02-02T00:00:00Z" }],
    pulls: made.map(({ file }) => file),
    runs,
    releases: Array.from({ length: 4 }, (_, at) => ({
      tag: `v1.${at}.0`,
      name: `v1.${at}.0`,
      body: "Notes",
      author: "p01",
      created_at: released(at),
      published_at: released(at),
    })),
  };
}

const finishedJobs = { CI: ["build", "test-1", "test-2", "test-3", "docs"], Lint: ["lint", "types"] };

function makePull(into: Day, repo: string, at: number, open: number): { pull: OpenPull; file: PullFile } {
  const { random, cast } = into;
  const isOpen = at < open;
  const depbots = cast.bots.filter(({ role }) => role === "depbot").map(({ login }) => login);
  const author = random.pick(at % 4 === 3 ? ["outsider", ...depbots] : cast.people);
  const number = isOpen ? 100 + at : 500 + at - open;
  const branch = `feat-${number}`;
  const sha = shaOf(repo, branch, 0);
  const pull = { repo, number, author, branch, sha, pushes: 0, open: isOpen, reviewed: false };
  const file: PullFile = {
    number,
    title: `Change ${number} of ${repo}`,
    author,
    body: `What and why.\n${"Some words about it. ".repeat(random.int(5, 60))}`,
    head: { ref: branch, sha },
    created_at: iso(traceStart - random.int(3600, 6 * 86_400) * second),
    labels: random.chance(0.4) ? ["bug"] : [],
    files: Array.from({ length: random.int(1, 8) }, (_, n) => ({
      path: `src/file${n}.ts`,
      patch: patch(random.int(4, 40), `${number}-${n}`),
    })),
    comments: isOpen
      ? Array.from({ length: random.int(0, 4) }, (_, n) => ({ author: random.pick(cast.people), body: `Remark ${n}` }))
      : [],
    reviews: isOpen && random.chance(0.5) ? [firstReview(random.pick(cast.people))] : [],
  };
  return { pull, file };
}

function firstReview(author: string) {
  return {
    author,
    state: "COMMENTED" as const,
    body: "Looked.",
    comments: [{ path: "src/file0.ts", line: 1, body: "Why?" }],
  };
}

function patch(lines: number, salt: string): string {
  const body = Array.from({ length: lines }, (_, at) => ` line ${at}\n+added ${salt} ${at}`).join("\n");
  return `@@ -1,${lines} +1,${lines * 2} @@\n${body}`;
}

function makeIssue({ random, cast }: Day, number: number) {
  return {
    number,
    title: `Issue ${number}`,
    author: random.pick([...cast.people, "outsider"]),
    body: `It does not work. ${"Details. ".repeat(random.int(5, 50))}`,
    labels: random.chance(0.4) ? ["bug"] : [],
    comments: Array.from({ length: random.int(0, 5) }, (_, n) => ({
      author: random.pick(cast.people),
      body: `Answer ${n}`,
    })),
    ...(random.chance(0.4) ? { state: "closed" as const } : {}),
  };
}
