/** Random repositories of the emulated GitHub, and commands that read them. */
import type { WorldFile } from "../../test/github-emulator/index.ts";
import type { Choices } from "./random.ts";

export type RepositoryFile = NonNullable<WorldFile["repositories"]>[number];
type PullFile = NonNullable<RepositoryFile["pulls"]>[number];
type IssueFile = NonNullable<RepositoryFile["issues"]>[number];
type RunFile = NonNullable<RepositoryFile["runs"]>[number];
type CommitFile = NonNullable<RepositoryFile["commits"]>[number];
type CheckFile = NonNullable<PullFile["checks"]>[number];
type StatusFile = NonNullable<PullFile["statuses"]>[number];

const repositoryName = "tide/pool";
/** The account whose gh is asked. */
export const viewer = "alice";

const logins = [viewer, "bob", "carol", "dave-the-second", "gone", "dependabot[bot]", "Copilot", "nameless"];
const people = [viewer, "bob", "carol", "nameless"];

export const users: NonNullable<WorldFile["users"]> = [
  { login: viewer, name: "Alice Ångström" },
  { login: "bob", name: null },
  { login: "carol", name: "山田 花子" },
  { login: "gone", deleted: true },
  { login: "nameless", name: "" },
  { login: "Copilot", type: "Bot" },
];

const words = [
  "Fix",
  "tabs\tand",
  "日本語の題",
  "cafe\u0301",
  "👩‍👩‍👧 family",
  "<b>&amp;",
  "a".repeat(70),
  "#7",
  "`code`",
  "\u001b[31mred",
  "zero\u200bwidth",
  "\\n",
  "--flag",
  '"quoted"',
  "null",
  "word ".repeat(12).trim(),
];
const bodies = [
  null,
  "",
  "One line.",
  "Two\r\nlines\r\n",
  "# Title\n\n- a\n- b\n\n```sh\nls\n```\n",
  "  padded  \n\n\n",
  "<!-- hidden -->",
  "text ".repeat(60),
];
const contents = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"] as const;
const associations = ["OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR", "NONE", "FIRST_TIME_CONTRIBUTOR"] as const;
const conclusions = [
  "success",
  "failure",
  "neutral",
  "cancelled",
  "skipped",
  "timed_out",
  "action_required",
  "startup_failure",
  "stale",
] as const;
const statuses = ["queued", "in_progress", "waiting", "pending"] as const;
const patch = "@@ -1,2 +1,3 @@\n one\n-two\n+2\n+three";

/** GitHub numbers what is written later higher. */
const byTime =
  <K extends string>(key: K) =>
  (a: Readonly<Record<K, string>>, b: Readonly<Record<K, string>>) =>
    a[key].localeCompare(b[key]);

/** Parts of a world, each drawn anew. Few different moments, so that some things happen at the same one. */
class Draw {
  readonly random: Choices;

  constructor(random: Choices) {
    this.random = random;
  }

  some<T>(most: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.random.below(most + 1) }, (_, index) => make(index));
  }

  maybe<T>(probability: number, make: () => T): T | undefined {
    return this.random.chance(probability) ? make() : undefined;
  }

  subset<T>(items: readonly T[], most: number): T[] {
    return [...new Set(this.some(Math.min(most, items.length), () => this.random.pick(items)))];
  }

  title(): string {
    return this.some(2, () => this.random.pick(words)).join(" ") || "Untitled";
  }

  at(): string {
    const { random } = this;
    const seconds = random.pick([0, 0, 1, 59, 60, 3599, 86_399]);
    return new Date(Date.UTC(2025, random.below(12), 1 + random.below(4), 9, 0, seconds)).toISOString();
  }

  author(): string {
    return this.random.pick(logins);
  }

  reactions(): Partial<Record<(typeof contents)[number], string[]>> {
    return Object.fromEntries(this.subset(contents, 2).map((content) => [content, this.subset(people, 2)]));
  }

  comment() {
    const { random } = this;
    return {
      author: this.author(),
      body: random.pick(bodies) ?? "Said.",
      created_at: this.at(),
      association: random.pick(associations),
      reactions: this.reactions(),
      minimized: this.maybe(0.1, () =>
        random.pick(["spam", "off-topic", "outdated", "resolved", "duplicate", "abuse"]),
      ),
    };
  }

  thread(labels: readonly string[], milestones: readonly string[]) {
    const { random } = this;
    return {
      title: this.title(),
      author: this.author(),
      body: random.pick(bodies),
      created_at: this.at(),
      association: random.pick(associations),
      labels: this.subset(labels, 4),
      assignees: this.subset(people, 3),
      milestone: milestones.length > 0 ? this.maybe(0.4, () => random.pick(milestones)) : undefined,
      locked: random.pick([false, false, false, true, "spam" as const]),
      comments: this.some(3, () => this.comment()).sort(byTime("created_at")),
      reactions: this.reactions(),
    };
  }

  issue(labels: readonly string[], milestones: readonly string[]): IssueFile {
    const { random } = this;
    const thread = this.thread(labels, milestones);
    if (random.chance(0.6)) return thread;
    return {
      ...thread,
      state: "closed",
      state_reason: random.pick(["completed", "not_planned", "duplicate"] as const),
      closed_by: this.author(),
    };
  }

  check(): CheckFile {
    const { random } = this;
    const name = random.pick(["build", "build", "lint", "a very long name of a check", "é ü"]);
    if (random.chance(0.3))
      return { name, status: random.pick(statuses), started_at: this.maybe(0.5, () => this.at()) };
    return {
      name,
      status: "completed",
      conclusion: random.pick(conclusions),
      started_at: this.at(),
      completed_at: this.maybe(0.8, () => this.at()),
      details_url: random.pick([null, "https://ci.example/1", ""]),
    };
  }

  status(): StatusFile {
    const { random } = this;
    return {
      context: random.pick(["ci/one", "ci/two", "build", ""]),
      state: random.pick(["success", "failure", "error", "pending"] as const),
      description: random.pick([null, "", "It went well"]),
      target_url: random.pick([null, "", "https://ci.example/2"]),
      created_at: this.at(),
    };
  }

  commit(): CommitFile {
    const { random } = this;
    const body = random.pick(["", "\n\nBecause.", "\n\nCo-authored-by: Bob <bob@example.com>", "\r\nmore"]);
    return {
      message: `${this.title()}${body}`,
      author: random.pick<CommitFile["author"]>([
        viewer,
        "bob",
        { name: "No Account", email: "no@example.com" },
        { name: "", email: "" },
      ]),
      date: this.at(),
      files: this.subset(["a.txt", "src/b.ts", "docs/é.md"], 3).map((path) => ({ path, patch })),
      checks: this.some(1, () => this.check()),
      statuses: this.some(1, () => this.status()),
    };
  }

  pull(index: number, labels: readonly string[], milestones: readonly string[]): PullFile {
    const { random } = this;
    const ref = random.pick([`feature-${index}`, `feature-${index}`, "main", "patch-1", "x/y#z"]);
    const review = () => ({
      author: this.author(),
      state: random.pick(["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED"] as const),
      body: random.pick(bodies) ?? "",
      submitted_at: this.at(),
      association: random.pick(associations),
      comments: this.some(1, () => ({ body: "Here.", path: "a.txt" })),
    });
    const reviews = this.some(4, review).sort(byTime("submitted_at"));
    const state = random.pick(["open", "open", "open", "closed", "merged"]);
    return {
      ...this.thread(labels, milestones),
      draft: random.chance(0.2),
      ...(state === "closed" && { state: "closed" as const, closed_by: this.author() }),
      ...(state === "merged" && { merged: true, merged_at: this.at(), merged_by: this.author() }),
      head: random.pick<PullFile["head"]>([ref, ref, { ref, repo: "bob/pool" }, { ref, repo: null, owner: "gone" }]),
      commits: this.maybe(0.7, () => [this.commit(), ...this.some(2, () => this.commit())]),
      files: this.subset(["a.txt", "src/b.ts", "docs/é.md"], 3).map((path) => ({ path, patch })),
      reviews,
      requested_reviewers: this.subset(people, 2),
      requested_teams: this.subset(["crew"], 1),
      mergeable: random.pick([true, true, false, null]),
      mergeable_state: this.maybe(0.3, () => random.pick(["clean", "dirty", "blocked", "behind", "unstable"] as const)),
      auto_merge: this.maybe(0.1, () => ({ enabled_by: "bob" })),
      maintainer_can_modify: random.chance(0.5),
      statuses: this.some(3, () => this.status()),
      checks: this.some(3, () => this.check()),
    };
  }

  run(pulls: readonly PullFile[], workflows: readonly string[]): RunFile {
    const { random } = this;
    const ending = () =>
      random.chance(0.25)
        ? { status: random.pick(statuses) }
        : { status: "completed" as const, conclusion: random.pick(conclusions) };
    const job = () => ({
      name: random.pick(["build", "test (ubuntu, 20)", "lint", "日本"]),
      ...ending(),
      started_at: this.at(),
      completed_at: this.maybe(0.7, () => this.at()),
      steps: this.subset(["Set up job", "Run tests", "Post"], 3),
      annotations: this.some(1, () => ({
        path: "a.txt",
        start_line: 3,
        level: random.pick(["notice", "warning", "failure"] as const),
        message: this.title(),
      })),
    });
    const pull = pulls.length > 0 ? this.maybe(0.4, () => 101 + random.below(pulls.length)) : undefined;
    return {
      workflow: random.pick(workflows),
      title: this.maybe(0.5, () => this.title()),
      ...(pull === undefined
        ? { event: random.pick(["push", "schedule", "workflow_dispatch"]), branch: random.pick(["main", "x/y#z"]) }
        : { pull }),
      ...ending(),
      actor: this.author(),
      created_at: this.at(),
      run_started_at: this.maybe(0.5, () => this.at()),
      jobs: this.some(3, job),
      artifacts: this.some(1, () => ({ name: "dist", expired: random.chance(0.3) })),
    };
  }

  repository(): RepositoryFile {
    const { random } = this;
    const labels = this.subset(["bug", "good first issue", "é", "日本語", "colon: x", "UPPER", "comma,ed"], 5);
    const milestones = this.subset(["v1", "Next up", "2"], 2);
    const pulls = this.some(3, (index) => this.pull(index, labels, milestones));
    const workflows = ["CI", ...this.subset(["Deploy it", "日本"], 1)];
    return {
      name: repositoryName,
      private: random.chance(0.3),
      description: random.pick([null, "", "A pool of tides", " padded\ttext "]),
      homepage: random.pick([null, "", "https://tide.example"]),
      archived: random.chance(0.1),
      topics: this.subset(["sea", "moon"], 2),
      languages: random.pick([{}, { TypeScript: 100, Shell: 3 }]),
      license: random.pick([null, "MIT"]),
      has_issues: random.chance(0.95),
      has_wiki: random.chance(0.5),
      collaborators: random.pick([{}, { [viewer]: "write" as const }, { [viewer]: "admin" as const }]),
      protection: this.maybe(0.3, () => ({ required_approvals: random.below(2), required_checks: ["build"] })),
      labels: labels.map((name) => ({
        name,
        color: random.pick(["d73a4a", "000000", "ffffff"]),
        description: random.pick([null, "", "About\tit"]),
      })),
      milestones: milestones.map((title, index) => ({
        number: index + 1,
        title,
        state: random.pick(["open", "closed"] as const),
        due_on: random.pick([null, this.at()]),
      })),
      files: random.pick([{}, { "README.md": "# Tide\n\ntext\n" }]),
      issues: this.some(4, (index) => ({ number: index + 1, ...this.issue(labels, milestones) })),
      pulls: pulls.map((pull, index) => ({ number: 101 + index, ...pull })),
      workflows: workflows.map((name) => ({
        name,
        state: random.pick(["active", "active", "disabled_manually"] as const),
      })),
      runs: this.some(4, (index) => ({ id: 901 + index, ...this.run(pulls, workflows) })),
      releases: this.some(3, (index) => ({
        tag: `v${index}`,
        ...(random.chance(0.2) ? { draft: true } : { published_at: this.at() }),
        name: random.pick([null, "", this.title()]),
        body: random.pick(bodies),
        prerelease: random.chance(0.3),
        author: this.author(),
        created_at: this.at(),
        assets: this.some(2, (at) => ({ name: `a${at}.zip`, size: random.below(2_000_000), label: null })),
      })),
    };
  }
}

export function randomRepository(random: Choices): RepositoryFile {
  return new Draw(random).repository();
}

/** Commands without their repository; `PULL`, `ISSUE`, `RUN`, `TAG`, `LABEL` and `LOGIN` stand for one that may be there. */
const commands = [
  "pr view PULL",
  "pr view PULL --comments",
  "pr view PULL --json FIELDS",
  "pr view PULL --json FIELDS",
  "pr view PULL --json FIELDS",
  "pr list",
  "pr list --state all",
  "pr list --state merged --json FIELDS",
  "pr list --state all --json FIELDS",
  "pr list --state all --json FIELDS",
  "pr list --author LOGIN --state all",
  "pr list --label LABEL --json number,title",
  "pr checks PULL",
  "pr checks PULL --json FIELDS",
  "pr checks PULL --required",
  "pr diff PULL",
  "pr diff PULL --name-only",
  "pr status",
  "issue view ISSUE",
  "issue view ISSUE --comments",
  "issue view ISSUE --json FIELDS",
  "issue view ISSUE --json FIELDS",
  "issue view PULL",
  "issue list",
  "issue list --state all --json FIELDS",
  "issue list --state all --json FIELDS",
  "issue list --assignee LOGIN --state all",
  "issue list --author LOGIN --state all",
  "issue list --label LABEL --state all",
  "issue status",
  "run list",
  "run list --json FIELDS",
  "run list --branch main",
  "run view RUN",
  "run view RUN --verbose",
  "run view RUN --exit-status",
  "run view RUN --json FIELDS",
  "workflow list --all",
  "workflow view CI",
  "release list",
  "release list --json FIELDS",
  "release view",
  "release view TAG",
  "release view TAG --json FIELDS",
  "label list",
  "label list --json FIELDS",
  "repo view",
  "repo view --json FIELDS",
  "search issues Fix --repo NAME",
  "search prs Fix --repo NAME --json FIELDS",
  "search issues Fix --repo NAME --json FIELDS",
  "search repos tide --json FIELDS",
  "search prs --author LOGIN --repo NAME",
  "pr view BRANCH",
  "pr view BRANCH --json FIELDS",
  "pr list --draft",
  "pr list --base main --json FIELDS",
  "pr list --head BRANCH --state all",
  "pr list --assignee LOGIN",
  "pr list --search Fix",
  "pr list --limit 1 --json FIELDS",
  "pr status --json FIELDS",
  "issue list --milestone v1 --state all",
  "issue list --mention LOGIN",
  "issue list --search Fix --json FIELDS",
  "issue list --limit 1",
  "issue status --json FIELDS",
  "run list --status completed",
  "run list --status failure --json FIELDS",
  "run list --event push",
  "run list --user LOGIN",
  "run list --workflow CI",
  "run list --commit HEAD",
  "run view RUN --attempt 1",
  "run view RUN --json jobs",
  "workflow list --json FIELDS",
  "workflow view CI --yaml",
  "release list --exclude-drafts",
  "release list --exclude-pre-releases --order asc",
  "label list --search b",
  "label list --sort name --order desc",
  "repo list tide",
  "repo list tide --json FIELDS",
  "repo list tide --visibility public",
  "api repos/NAME",
  "api repos/NAME/pulls/PULL",
  "api repos/NAME/pulls?state=all --paginate",
  "api repos/NAME/pulls/PULL/reviews",
  "api repos/NAME/pulls/PULL/commits",
  "api repos/NAME/pulls/PULL/files",
  "api repos/NAME/issues/ISSUE",
  "api repos/NAME/issues/ISSUE/comments",
  "api repos/NAME/issues?state=all&per_page=2 --paginate",
  "api repos/NAME/issues?state=all --jq .[].title",
  "api repos/NAME/commits/main/check-runs",
  "api repos/NAME/commits/main/status",
  "api repos/NAME/actions/runs",
  "api repos/NAME/actions/runs/RUN/jobs",
  "api repos/NAME/releases",
  "api repos/NAME/labels",
  "api repos/NAME/milestones",
] as const;

/**
 * A command about something in the repository, or now and then about something that is not there.
 * @param fieldsOf names for `--json` by a command's words
 */
export function randomCommand(
  random: Choices,
  { pulls = [], issues = [], runs = [], releases = [] }: RepositoryFile,
  fieldsOf: (words: string) => readonly string[],
): string[] {
  const one = (there: readonly object[]) => random.below(random.chance(0.95) ? Math.max(1, there.length) : 9);
  const pick: Readonly<Record<string, () => string>> = {
    PULL: () => String(101 + one(pulls)),
    ISSUE: () => String(1 + one(issues)),
    RUN: () => String(901 + one(runs)),
    TAG: () => `v${one(releases)}`,
    LABEL: () => random.pick(["bug", "good first issue", "é", "UPPER", "bug,UPPER"]),
    LOGIN: () => random.pick([...people, "@me", "dependabot[bot]", "gone"]),
    BRANCH: () => `feature-${one(pulls)}`,
  };
  const args = random.pick(commands).split(" ");
  const words = args.slice(0, 2).join(" ");
  const fields = fieldsOf(words);
  const some = () => [...new Set(Array.from({ length: 1 + random.below(5) }, () => random.pick(fields)))].join(",");
  const fill = (arg: string) =>
    arg === "FIELDS"
      ? some()
      : arg.replace("NAME", repositoryName).replace(/[A-Z]{3,}/, (word) => pick[word]?.() ?? word);
  const filled = args.map(fill);
  if (words === "repo view") return [...filled.slice(0, 2), repositoryName, ...filled.slice(2)];
  return /^(?:search|api|repo)/.test(words) ? filled : [...filled, "-R", repositoryName];
}
