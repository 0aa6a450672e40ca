/**
 * `gh api graphql` from the pool: real shim, daemon and relay on two machines of a team, an App, and an emulated
 * GitHub; where the real gh is installed, ours are compared with its bytes.
 */
import { execFile } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createMachine, type Machine, type Ran } from "../../scripts/stack/machine.ts";
import type { LocalRelay } from "../../scripts/stack/relay.ts";
import { demoPath, type GitHub, startGitHub } from "../github-emulator/index.ts";
import { favouriteQueries } from "../support/favourite-queries.ts";
import { logIn, project, startDemoRelay } from "./support/demo-relay.ts";
import { ghEnvironment } from "./support/gh.ts";

const realGh = process.env.OCTOPOOL_GH_PATH;

let github: GitHub;
let relay: LocalRelay;
let ada: Machine;
let bjorn: Machine;

const text = (ran: Ran) => new TextDecoder().decode(ran.stdout);
const queriesOf = (viewer: RegExp) =>
  github.control.calls.filter((call) => call.path === "/graphql" && viewer.test(call.viewer)).length;
const byPool = () => queriesOf(/^installation/);
const byPeople = () => queriesOf(/^(?!installation)/);

/** The demo's world, in which pull request 2 has a thread with an answer to it. */
async function world(): Promise<object> {
  const demo = JSON.parse(await readFile(demoPath, "utf8"));
  const pull = demo.repositories[0].pulls.find((each: { number: number }) => each.number === 2);
  const place = { path: "src/lamp.ts", line: 3 };
  pull.reviews[0].comments = [
    { ...place, id: 9001, body: "Why <this> & \u201cthat\u201d?" },
    { ...place, id: 9002, body: "Because.", in_reply_to: 9001 },
    { ...place, id: 9003, line: 9, body: "Done", resolved_by: "ada-okafor", outdated: true },
  ];
  return demo;
}

beforeAll(async () => {
  ada = await createMachine("ada");
  bjorn = await createMachine("bjorn");
  const app = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  github = await startGitHub({
    world: await world(),
    port: 0,
    socket: join(ada.directory, "github.sock"),
    appKeys: { "lantern-relay": app.publicKey },
  });
  const identity = {
    id: "app",
    kind: "github_app",
    login: "lantern-relay",
    secret_ref: "APP_KEY",
    installation_id: 515151,
    scopes: [{ owner: "*" }],
  } as const;
  const bindings = { OCTOPOOL_GITHUB_APP_ID: "424242", APP_KEY: app.privateKey };
  relay = await startDemoRelay(github.url, { bindings, identity });
  for (const [machine, login] of [
    [ada, "ada-okafor"],
    [bjorn, "bjorn-lind"],
  ] as const) {
    const token = `demo-token-${login}`;
    Object.assign(machine.env, await ghEnvironment(join(machine.directory, "gh-config"), github, token));
    await logIn(machine, relay, token);
  }
});

afterAll(async () => {
  await ada?.close();
  await bjorn?.close();
  await relay?.close();
  await github?.close();
});

beforeEach(() => github.control.reset());

const variables = (number?: number) => [
  ...["-f", "owner=lumen-labs", "-f", "repo=lantern"],
  ...(number === undefined ? [] : ["-F", `number=${number}`]),
];
const numberOf = (name: string) => (name.startsWith("issue") ? 1 : name.startsWith("a page") ? undefined : 2);
const argsOf = (query: string, number: number | undefined, ...rest: string[]) => [
  ...["api", "graphql", "-f", `query=${query}`],
  ...variables(number),
  ...rest,
];

/** The output of the real gh, or, where none is installed, GitHub's answer. */
async function expected(machine: Machine, query: string, number: number | undefined): Promise<string> {
  if (realGh) {
    const args = argsOf(query, number);
    return (await promisify(execFile)(realGh, args, { env: { ...machine.env } })).stdout;
  }
  const body = JSON.stringify({ query, variables: { owner: "lumen-labs", repo: "lantern", number } });
  const headers = { authorization: `token ${machine.env.GH_TOKEN}`, "content-type": "application/json" };
  return (await fetch(`${github.url}/graphql`, { method: "POST", headers, body })).text();
}

describe("the queries that agents' tools send most", () => {
  /**
   * Queries with fields that others decide by are kept for five seconds: a slower turn is taken again, on a new query.
   */
  const quickMs = 4_000;
  const mostTurns = 6;

  test.each(favouriteQueries)("$name: gh's bytes, one call for the team, then none", async ({ name, query }) => {
    const number = numberOf(name);
    for (let turn = 0; turn < mostTurns; turn++) {
      const asked = turn === 0 ? query : query.replace(/}\s*$/, `turn${turn}: __typename }`);
      const bytes = await expected(ada, asked, number);
      expect(bytes).toMatch(/^{"data":{"repository":{"(pullRequest|pullRequests|issue)":{/);
      const both = () => Promise.all([ada, bjorn].map((machine) => machine.gh(argsOf(asked, number))));
      github.control.resetCalls();
      const began = performance.now();
      const cold = await both();
      const calls = [byPool(), byPeople()];
      for (const ran of cold) expect([text(ran), ran.stderr, ran.exitCode]).toEqual([bytes, "", 0]);
      github.control.resetCalls();
      const warm = await both();
      expect(warm.map(text)).toEqual([bytes, bytes]);
      if (performance.now() - began > quickMs) continue;
      expect(calls).toEqual([1, 0]);
      expect([byPool(), byPeople()]).toEqual([0, 0]);
      // Whether the caller has an unsent review costs nothing while their reviews rest.
      const unchanged = github.control.calls.map(({ status, viewer }) => `${status} ${viewer}`);
      const showsReviews = /^(review threads|latest reviews)/.test(name);
      expect(unchanged.toSorted()).toEqual(showsReviews ? ["304 ada-okafor", "304 bjorn-lind"] : []);
      return;
    }
    throw new Error(`this machine did not ask four times within ${quickMs} ms`);
  });
});

describe("an unsent review of the caller's own", () => {
  const threads = favouriteQueries[0]?.query ?? "";

  test("leaves the query to their own gh only", async () => {
    await ada.gh(argsOf(threads, 2));
    await bjorn.gh(argsOf(threads, 2));
    const stranger = text(await bjorn.gh(argsOf(threads, 2)));
    github.mutate((now) => {
      const pull = now.repositories.get(project)?.threads.get(2);
      const author = now.accounts.get("ada-okafor");
      if (pull?.kind !== "pull" || !author) throw new Error("the world has no such pull request");
      const [sent] = pull.reviews;
      if (!sent) throw new Error("no review of it");
      const comment = { ...sent.comments[0], id: 9100, node_id: "PRRC_draft", review_id: 9100, body: "unsent", author };
      pull.reviews.push(
        Object.assign({ ...sent }, { id: 9100, node_id: "PRR_draft", author, state: "PENDING", comments: [comment] }),
      );
    });
    github.control.resetCalls();
    const verbose = { OCTOPOOL_VERBOSE: "1" };
    const own = await ada.gh(argsOf(threads, 2), verbose);
    expect(own.stderr).toContain("you have an unsent review of #2");
    if (realGh) expect(text(own)).toContain("unsent");
    const other = await bjorn.gh(argsOf(threads, 2), verbose);
    expect([text(other), other.stderr, other.exitCode]).toEqual([stranger, "", 0]);
    expect(byPool()).toBe(0);
  });
});

describe("fields of a pull request that REST does not have", () => {
  test.each([
    ["2", "title,state,mergeable,statusCheckRollup,reviewDecision"],
    ["4", "reviewDecision,maintainerCanModify"],
    ["6", "reviews,latestReviews"],
  ])("of #%s %s: gh's bytes, by a query of the pool", async (number, fields) => {
    const args = ["pr", "view", number, "-R", project, "--json", fields];
    const theirs = realGh ? (await promisify(execFile)(realGh, args, { env: { ...bjorn.env } })).stdout : undefined;
    github.control.resetCalls();
    const cold = await bjorn.gh(args);
    expect([cold.stderr, cold.exitCode, byPool(), byPeople()]).toEqual(["", 0, 1, 0]);
    if (theirs !== undefined) expect(text(cold)).toBe(theirs);
    github.control.resetCalls();
    expect(text(await bjorn.gh(args))).toBe(text(cold));
    expect(byPeople()).toBe(0);
    // Fields that others decide by are asked each time.
    if (fields.includes("reviewDecision")) expect(byPool()).toBe(1);
  });
});

describe("the forms of a query", () => {
  const query = `query($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { nameWithOwner } }`;
  const answer = '{"data":{"repository":{"nameWithOwner":"lumen-labs/lantern"}}}';
  const body = JSON.stringify({ query, variables: { owner: "lumen-labs", repo: "lantern" } });

  /** With something on standard input, through a pipe or from a file. */
  async function piped(args: readonly string[], input: string | { readonly file: string }): Promise<string> {
    const options = typeof input === "string" ? { input } : { inputFile: input.file };
    const ran = await execa(join(ada.directory, "shim/gh"), args, {
      ...options,
      env: { ...ada.env },
      extendEnv: false,
    });
    return ran.stdout;
  }

  test.each(["--jq", "-q"])("%s and --template print parts of it", async (jq) => {
    expect(text(await ada.gh(argsOf(query, undefined, jq, ".data.repository.nameWithOwner")))).toBe(`${project}\n`);
    const template = "{{.data.repository.nameWithOwner}}";
    expect(text(await ada.gh(argsOf(query, undefined, "--template", template)))).toBe(project);
    expect(byPeople()).toBe(0);
  });

  test("the document in a file, the body in a file, and either on standard input", async () => {
    const [document, whole] = [join(ada.directory, "q.graphql"), join(ada.directory, "body.json")];
    await writeFile(document, query);
    await writeFile(whole, body);
    expect(text(await ada.gh(["api", "graphql", "-F", `query=@${document}`, ...variables()]))).toBe(answer);
    expect(text(await ada.gh(["api", "graphql", "--input", whole]))).toBe(answer);
    expect(await piped(["api", "graphql", "--input", "-"], body)).toBe(answer);
    expect(await piped(["api", "graphql", "--input", "-"], { file: whole })).toBe(answer);
    expect(await piped(["api", "graphql", "-F", "query=@-", ...variables()], query)).toBe(answer);
    expect(byPeople()).toBe(0);
  });

  test.skipIf(!realGh)("text from a pipe reaches the real gh when that must run after all", async () => {
    const own = '{"query":"query { viewer { id login } }"}';
    expect(await piped(["api", "graphql", "--input", "-"], own)).toMatch(
      /^{"data":{"viewer":{"id":"[^"]+","login":"ada-okafor"}}}$/,
    );
    expect([byPool(), byPeople()]).toEqual([0, 1]);
  });

  test("--paginate goes from cursor to cursor, and --slurp makes one list of the pages", async () => {
    const labels = `query($owner: String!, $repo: String!, $endCursor: String) { repository(owner: $owner, name: $repo) {
      labels(first: 5, after: $endCursor) { nodes { name } pageInfo { hasNextPage endCursor } } } }`;
    const args = argsOf(labels, undefined, "--paginate");
    const ours = text(await ada.gh(args));
    expect(ours.match(/"data"/g)?.length).toBeGreaterThan(1);
    expect(byPeople()).toBe(0);
    if (realGh) expect(ours).toBe((await promisify(execFile)(realGh, args, { env: { ...ada.env } })).stdout);
    const names = text(await ada.gh([...args, "--jq", ".data.repository.labels.nodes[].name"]))
      .trim()
      .split("\n");
    expect(new Set(names).size).toBe(names.length);
  });

  test("OCTOPOOL_FRESH asks GitHub", async () => {
    await ada.gh(argsOf(query, undefined));
    github.control.resetCalls();
    await ada.gh(argsOf(query, undefined), { OCTOPOOL_FRESH: "1" });
    expect(byPool()).toBe(1);
  });

  test("a write of this machine makes older answers be asked anew", async () => {
    const title = `query($owner: String!, $repo: String!) { repository(owner: $owner, name: $repo) { issue(number: 3) { title } } }`;
    await ada.gh(argsOf(title, undefined));
    await ada.gh(["api", "-X", "PATCH", `repos/${project}/issues/3`, "-f", "title=Changed here"]);
    github.control.resetCalls();
    expect(text(await ada.gh(argsOf(title, undefined)))).toContain("Changed here");
    expect(byPool()).toBe(1);
  });
});

/** Every way to write the same kind of request, against the real gh: output, messages and exit code. */
describe.skipIf(!realGh)("the real gh and ours agree on", () => {
  const list = `query Mine($owner: String!, $repo: String!, $n: Int!, $labels: [String!], $with: Boolean = true) {
    repository(owner: $owner, name: $repo) { issues(first: $n, labels: $labels) {
      totalCount nodes { number title @include(if: $with) author { login } } } } }`;
  const paged = `query($owner: String!, $repo: String!, $endCursor: String) { repository(owner: $owner, name: $repo) {
    milestones(first: 1) { totalCount }
    labels(first: 4, after: $endCursor) { nodes { name } pageInfo { hasNextPage endCursor } } } }`;
  const of = (query: string, ...rest: string[]) => ["-f", `query=${query}`, ...variables(), ...rest];
  const template = "{{range .data.repository.issues.nodes}}{{tablerow .number .title}}{{end}}{{tablerender}}";
  const forms: readonly [name: string, served: boolean, args: readonly string[]][] = [
    [
      "a list and numbers as people write them",
      true,
      of(list, "-f", "labels[]=bug", "-F", "n=007", "-F", "with=false"),
    ],
    ["a sign before a number", true, of(list, "-F", "n=+3", "-F", "with=true")],
    ["null", true, of(list, "-F", "n=2", "-F", "labels=null")],
    [
      "the repository of the surroundings",
      true,
      ["-f", `query=${list}`, "-F", "owner={owner}", "-F", "repo=:repo", "-F", "n=2"],
    ],
    ["the method said aloud", true, of(list, "-X", "POST", "-F", "n=2")],
    ["an operation's name", true, of(list, "-F", "n=2", "-f", "operationName=Mine")],
    ["another operation's name", false, of(list, "-F", "n=2", "-f", "operationName=Other")],
    ["a template with a table", true, of(list, "-F", "n=3", "--template", template)],
    [
      "several results of jq",
      true,
      of(list, "-F", "n=3", "--jq", ".data.repository.issues.nodes[] | {number, who: .author.login}"),
    ],
    ["a jq program that fails", false, of(list, "-F", "n=3", "--jq", ".data | error")],
    ["nothing printed", true, of(list, "-F", "n=2", "--silent")],
    ["its own cache", true, of(list, "-F", "n=2", "--cache", "1h")],
    [
      "comments, commas and a byte order mark",
      true,
      of(`\ufeff# first\n${list.replaceAll(" ", " , ")} # last`, "-F", "n=2"),
    ],
    ["pages", true, of(paged, "--paginate")],
    ["pages through jq", true, of(paged, "--paginate", "-q", ".data.repository.labels.nodes[].name")],
    ["a field of nested names", false, of(list, "-F", "n=2", "-f", "x[y]=z")],
    ["the viewer's login before it", true, of(list.replace("{", "{ viewer { login }"), "-F", "n=2")],
    [
      "the viewer's login behind it, by another name",
      true,
      of(list.replace(/}$/, "me: viewer { login } }"), "-F", "n=2"),
    ],
    ["more of the viewer", false, of(list.replace("{", "{ viewer { login id }"), "-F", "n=2")],
    ["a number as text", false, of(list, "-f", "n=2")],
    ["a field twice", false, of(list, "-F", "n=2", "-F", "n=3")],
    ["a variable that is not declared", false, of(list, "-F", "n=2", "-F", "other=3")],
    ["a field that does not exist", false, of('{ repository(owner: "lumen-labs", name: "lantern") { nope } }')],
    ["half a document", false, of("query {")],
    ["headers", false, of(list, "-F", "n=2", "-H", "Accept: application/json")],
    ["a GET", false, of(list, "-X", "GET", "-F", "n=2")],
  ];

  test.each(forms)("%s", async (_name, served, rest) => {
    const args = ["api", "graphql", ...rest];
    const env = { ...ada.env, GH_REPO: project };
    const theirs = await execa(realGh ?? "", args, { env, extendEnv: false, reject: false, stripFinalNewline: false });
    github.control.resetCalls();
    const ours = await ada.gh(args, { GH_REPO: project });
    expect([text(ours), ours.stderr, ours.exitCode]).toEqual([theirs.stdout, theirs.stderr, theirs.exitCode]);
    if (served) expect(byPeople()).toBe(0);
    else expect(byPool()).toBe(0);
  });
});

describe("a query that the pool does not serve is the real gh's", () => {
  test.each([
    ["about the viewer", 'query { repository(owner: "lumen-labs", name: "lantern") { viewerPermission } }'],
    ["of a private repository", 'query { repository(owner: "lumen-labs", name: "treasury") { name } }'],
    [
      "of a missing resource",
      'query { repository(owner: "lumen-labs", name: "lantern") { issue(number: 99999) { title } } }',
    ],
    [
      "of two repositories",
      'query { a: repository(owner: "lumen-labs", name: "lantern") { name } b: repository(owner: "lumen-labs", name: "lantern-docs") { name } }',
    ],
  ])("a query %s", async (_name, query) => {
    const ran = await ada.gh(["api", "graphql", "-f", `query=${query}`], { OCTOPOOL_VERBOSE: "1" });
    expect(ran.stderr).toMatch(/octopool: .*gh/);
    if (realGh) expect(byPeople()).toBe(1);
  });

  test("explain names the requested fields", async () => {
    const query =
      'query { repository(owner: "lumen-labs", name: "lantern") { labels(first: 1, query: "hush") { totalCount } } }';
    const told = text(await ada.run(["explain", "api", "graphql", "-f", `query=${query}`]));
    expect(told).toContain("/graphql lumen-labs/lantern labels\n");
  });
});
