/** Each command that writes, against everything of its repository that an answer can show. */
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { WriteMemory } from "../../../daemon/freshness/memory.ts";
import { tagsOfWrites, tagsWrittenBy } from "../../../shared/events/own-writes.ts";
import { everyTag, tagsOf } from "../../../shared/events/tags.ts";
import { ghCommands } from "../../../shared/gh-commands.ts";
import { classify } from "../../../shared/routes/index.ts";
import { startGitHub, type WorldFile } from "../../github-emulator/index.ts";

const widget = "/repos/acme/widget";
const token = "token-ada";
const runs = z.object({ workflow_runs: z.array(z.object({ id: z.number(), head_sha: z.string() })).min(1) });
const jobs = z.object({ jobs: z.array(z.object({ id: z.number() })).min(1) });

const world: WorldFile = {
  users: [{ login: "ada" }, { login: "olu" }],
  organizations: [{ login: "acme", members: [{ login: "ada", role: "admin" }] }],
  tokens: [{ token, login: "ada" }],
  repositories: [
    {
      name: "acme/widget",
      labels: ["bug", "later"],
      files: { "README.md": "# Widget\n" },
      commits: [{ message: "Start", author: "ada", date: "2026-01-01T00:00:00Z" }],
      tags: [{ name: "v1", message: "One\n" }],
      issues: [1, 2, 3, 4].map((number) => ({ number, title: `Issue ${number}`, author: "olu", labels: ["bug"] })),
      pulls: [
        { number: 40, title: "Open", author: "olu", head: "topic", reviews: [{ author: "ada", state: "APPROVED" }] },
        { number: 42, title: "Other", author: "olu", head: "other" },
      ],
      runs: [{ workflow: "CI", pull: 40, jobs: [{ name: "build", conclusion: "failure", steps: ["test"] }] }],
      releases: [{ tag: "v1" }],
    },
  ],
};

interface Hub {
  later(): void;
  send(method: string, path: string, body?: object): Promise<{ readonly status: number; readonly text: string }>;
}

async function github(): Promise<Hub> {
  let now = Date.UTC(2026, 5, 1, 12);
  const started = await startGitHub({ world, port: 0, now: () => now });
  onTestFinished(() => started.close());
  return {
    later: () => {
      now += 60_000;
    },
    // Of the emulator itself: a port between would only take time.
    send: async (method, url, body) => {
      const headers = { host: "api.github.com", authorization: `Bearer ${token}` };
      const sent = body === undefined ? "" : JSON.stringify(body);
      const answer = await started.engine.handle({ method, url, headers, body: sent, address: "127.0.0.1" });
      if (answer === null) throw new Error("the emulator closed the connection");
      return { status: answer.status, text: new TextDecoder().decode(answer.body) };
    },
  };
}

/** Whether an answer that is held when such a command runs is asked for again. */
function isMarked(command: string, path: string): boolean {
  const read = readOf(path);
  const memory = new WriteMemory(() => 1000);
  memory.mark(["acme/widget"], 1000, tagsWrittenBy(command.split(" ")));
  return memory.writtenAt("acme/widget", read.kind, tagsOf(read)) > 0;
}

function readOf(path: string) {
  const [plain = "", search = ""] = path.split("?");
  const query = Object.fromEntries(new URLSearchParams(search));
  const found = classify(plain, query);
  if (!found) throw new Error(`no known read: ${path}`);
  return { kind: found.route.kind, params: found.params, query };
}

async function read(hub: Hub, path: string): Promise<unknown> {
  return JSON.parse((await hub.send("GET", widget + path)).text);
}

async function runOf(hub: Hub) {
  const [run = { id: 0, head_sha: "" }] = runs.parse(await read(hub, "/actions/runs")).workflow_runs;
  return run;
}

/** One address of each kind of read that the emulated repository has. */
async function addresses(hub: Hub): Promise<readonly string[]> {
  const run = await runOf(hub);
  const [job] = jobs.parse(await read(hub, `/actions/runs/${run.id}/jobs`)).jobs;
  const numbered = [3, 4, 40].flatMap((n) =>
    ["", "/comments", "/events", "/timeline", "/labels"].map((part) => `/issues/${n}${part}`),
  );
  const pulls = [40, 42].flatMap((n) =>
    ["", "/files", "/commits", "/reviews", "/comments", "/requested_reviewers"].map((part) => `/pulls/${n}${part}`),
  );
  const checks = [run.head_sha, "main", "topic"].flatMap((ref) =>
    ["check-runs", "check-suites", "status", "statuses"].map((part) => `/commits/${ref}/${part}`),
  );
  const ci = ["", "/jobs", "/artifacts"].map((part) => `/actions/runs/${run.id}${part}`);
  const rest =
    "/issues /issues?state=all /issues/comments /issues/events /pulls /pulls?state=all /pulls/comments /labels " +
    "/labels/bug /milestones /assignees /releases /releases/latest /releases/tags/v1 /tags /branches /branches/main " +
    "/branches/topic /git/ref/heads/main /git/matching-refs/heads /commits /commits?sha=topic /commits/main " +
    "/compare/main...topic /contents/README.md /contents/README.md?ref=topic /readme /languages /topics " +
    "/actions/runs /actions/workflows /deployments /comments /forks /stargazers";
  return ["", ...numbered, ...pulls, ...checks, ...ci, `/actions/jobs/${job?.id}`, ...rest.split(" ")].map(
    (path) => widget + path,
  );
}

async function bodies(hub: Hub, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const all = new Map<string, string>();
  for (const path of paths) {
    const { status, text } = await hub.send("GET", path);
    all.set(path, `${status} ${text}`);
  }
  return all;
}

type Writer = (hub: Hub) => Promise<{ readonly status: number }>;
const send =
  (method: string, path: string, body?: object): Writer =>
  (hub) =>
    hub.send(method, widget + path, body);

/** The requests of each command, as far as the emulated GitHub takes them. */
const writes: readonly (readonly [command: string, writer: Writer])[] = [
  ["issue comment", send("POST", "/issues/3/comments", { body: "See #4." })],
  ["pr comment", send("POST", "/issues/40/comments", { body: "Hello" })],
  ["issue create", send("POST", "/issues", { title: "New" })],
  ["issue edit", send("PATCH", "/issues/3", { title: "Else", body: "Words" })],
  ["issue edit", send("POST", "/issues/3/labels", { labels: ["later"] })],
  ["pr edit", send("PATCH", "/pulls/40", { title: "Else" })],
  ["issue close", send("PATCH", "/issues/3", { state: "closed" })],
  ["pr close", send("PATCH", "/pulls/40", { state: "closed" })],
  ["pr close", send("DELETE", "/git/refs/heads/topic")],
  ["pr merge", send("PUT", "/pulls/40/merge", { merge_method: "squash" })],
  ["release create", send("POST", "/releases", { tag_name: "v3", name: "Three" })],
  ["run rerun", async (hub) => hub.send("POST", `${widget}/actions/runs/${(await runOf(hub)).id}/rerun`, {})],
];

test.each(writes)("`gh %s` marks every answer that it changes", async (command, writer) => {
  const hub = await github();
  const paths = await addresses(hub);
  const before = await bodies(hub, paths);
  hub.later();
  expect((await writer(hub)).status).toBeLessThan(300);
  const after = await bodies(hub, paths);
  const changed = paths.filter((path) => after.get(path) !== before.get(path));
  expect(changed).not.toEqual([]);
  expect(changed.filter((path) => !isMarked(command, path))).toEqual([]);
});

/** Effects at GitHub that are not emulated, and parts that no such command can change. */
test.each([
  ["issue comment", ["/actions/runs", "/issues/4", "/issues/4/timeline"], ["/contents/a", "/labels", "/branches"]],
  ["issue create", ["/actions/runs", "/issues", "", "/issues/4/timeline"], ["/releases", "/contents/a"]],
  ["pr edit", ["/pulls/7/files", "/pulls/7/requested_reviewers", "/milestones"], ["/releases", "/tags"]],
  ["pr review", ["/pulls/7/reviews", "/pulls/7/comments", "/pulls/comments", "/pulls/7"], ["/labels", "/branches"]],
  ["pr merge", ["/issues/3", "/branches/main", "/actions/runs", "/contents/a?ref=x", "/deployments"], ["/labels"]],
  ["label edit", ["/labels/bug", "/issues/3", "/pulls/7", "/issues", "/pulls"], ["/contents/a", "/releases"]],
  [
    "run rerun",
    ["/actions/runs/5", "/actions/runs/5/jobs", "/actions/jobs/6", "/actions/runs"],
    ["/issues/3", "/pulls"],
  ],
  ["workflow run", ["/actions/runs", "/deployments"], ["/issues/3", "/contents/a"]],
  ["release create", ["/releases/latest", "/tags", "/actions/runs", ""], ["/issues/3", "/pulls/7"]],
  ["release upload", ["/releases/tags/v1", "/actions/runs"], ["/tags", "/issues/3"]],
])("`gh %s` marks %j, and leaves %j", (command, marked, left) => {
  expect(marked.filter((path) => !isMarked(command, widget + path))).toEqual([]);
  expect(left.filter((path) => isMarked(command, widget + path))).toEqual([]);
});

test.each(tagsOfWrites.flatMap(({ commands }) => commands))(
  "`gh %s` concerns resources without a tag, and queries that may show anything",
  (command) => {
    const memory = new WriteMemory(() => 1000);
    memory.mark(["acme/widget"], 1000, tagsWrittenBy(command.split(" ")));
    expect(memory.writtenAt("acme/widget", "issue_reactions", [])).toBe(1000);
    expect(memory.writtenAt("acme/widget", "graphql_read", [everyTag])).toBe(1000);
    expect(memory.writtenAt(undefined, "search_issues")).toBe(1000);
  },
);

test("each command in the table of tags is one of gh's own writes, and stands there once", () => {
  const known = new Set(
    ghCommands()
      .filter(({ kind }) => kind === "write")
      .map(({ path }) => path.join(" ")),
  );
  const named = tagsOfWrites.flatMap(({ commands }) => commands);
  expect(named.filter((command) => !known.has(command))).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
});

test.each([
  ["pr", "create"],
  ["pr", "update-branch"],
  ["issue", "transfer"],
  ["repo", "edit"],
  ["api", "-X"],
  ["some-extension"],
  ["pr", "-R"],
  ["constructor", "toString"],
])("`gh %s %s` may have changed anything", (...args) => {
  expect(tagsWrittenBy(args)).toBeUndefined();
});
