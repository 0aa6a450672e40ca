import { beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { githubSchema } from "../graphql/schema.ts";
import { startGitHub } from "../server.ts";
import type { WorldFile } from "../world/schema.ts";

const schemaTimeoutMs = 60_000;
beforeAll(async () => {
  await githubSchema();
}, schemaTimeoutMs);

const world: WorldFile = {
  users: [
    { login: "alice", name: "Alice" },
    { login: "gone", deleted: true },
  ],
  tokens: [
    { token: "alices", login: "alice" },
    { token: "bobs", login: "bob" },
    { token: "spent", login: "spent" },
  ],
  repositories: [
    {
      name: "acme/app",
      renamed_from: ["acme/old"],
      labels: ["a", "b", "c"],
      issues: [
        {
          number: 1,
          title: "One",
          author: "alice",
          comments: [{ author: "gone", body: "Bye", reactions: { heart: ["alice"] } }],
        },
        { number: 2, title: "Two", author: null, state: "closed" },
      ],
      pulls: [
        {
          number: 3,
          title: "Three",
          author: "dependabot[bot]",
          head: "three",
          closes: [1],
          statuses: [{ context: "ci", state: "success" }],
          checks: [{ name: "first", conclusion: "failure" }, { name: "second" }],
          reviews: [
            { author: "alice", state: "PENDING" },
            { author: "bob", state: "CHANGES_REQUESTED" },
            { author: "bob", state: "APPROVED" },
          ],
        },
      ],
    },
    { name: "acme/secret", private: true },
  ],
};

const answerSchema = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.looseObject({ type: z.string().optional(), message: z.string() })).optional(),
});

async function ask(query: string, variables: object = {}, token = "alices") {
  await using github = await startGitHub({
    world: { ...world, users: [...(world.users ?? []), { login: "spent", limits: { graphql: 0 } }] },
  });
  const response = await fetch(`${github.url}/graphql`, {
    method: "POST",
    headers: { authorization: `bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, headers: response.headers, ...answerSchema.parse(await response.json()) };
}

describe("queries", () => {
  test("tell the same ids and times as REST", async () => {
    await using github = await startGitHub({ world });
    const headers = { authorization: "token alices" };
    const rest = z
      .object({ node_id: z.string(), created_at: z.string(), head: z.object({ sha: z.string() }) })
      .parse(await (await fetch(`${github.url}/repos/acme/app/pulls/3`, { headers })).json());
    const { data } = await ask(
      'query { repository(owner: "acme", name: "app") { pullRequest(number: 3) { id createdAt headRefOid } } }',
    );
    const pullRequest = { id: rest.node_id, createdAt: rest.created_at, headRefOid: rest.head.sha };
    expect(data).toEqual({ repository: { pullRequest } });
  });

  test("name bots without their suffix and deleted authors not at all", async () => {
    const { data } = await ask(`query { repository(owner: "acme", name: "app") {
      pullRequest(number: 3) { author { __typename login } }
      issue(number: 2) { author { login } }
    } }`);
    expect(data).toEqual({
      repository: {
        pullRequest: { author: { __typename: "Bot", login: "dependabot" } },
        issue: { author: null },
      },
    });
  });

  test("may ask one name of both sides of an issue or pull request, as gh does", async () => {
    const { data, errors } = await ask(`query { repository(owner: "acme", name: "app") {
      issueOrPullRequest(number: 3) { __typename ... on Issue { state } ... on PullRequest { state } }
    } }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ repository: { issueOrPullRequest: { __typename: "PullRequest", state: "OPEN" } } });
  });

  test("list a rollup's checks as they were created, then its statuses", async () => {
    const { data } = await ask(`query { repository(owner: "acme", name: "app") { pullRequest(number: 3) {
      commits(last: 1) { nodes { commit { statusCheckRollup { state contexts(first: 100) { nodes {
        __typename ... on CheckRun { name conclusion } ... on StatusContext { context state }
      } } } } } }
    } } }`);
    const nodes = [
      { __typename: "CheckRun", name: "first", conclusion: "FAILURE" },
      { __typename: "CheckRun", name: "second", conclusion: "SUCCESS" },
      { __typename: "StatusContext", context: "ci", state: "SUCCESS" },
    ];
    const commit = { statusCheckRollup: { state: "FAILURE", contexts: { nodes } } };
    expect(data).toEqual({ repository: { pullRequest: { commits: { nodes: [{ commit }] } } } });
  });

  test("show a pending review to its author only, and of each reviewer the latest", async () => {
    const query = `query { repository(owner: "acme", name: "app") { pullRequest(number: 3) {
      reviews(first: 10) { nodes { state } } latestReviews(first: 10) { nodes { state } }
    } } }`;
    const others = { nodes: [{ state: "CHANGES_REQUESTED" }, { state: "APPROVED" }] };
    expect((await ask(query, {}, "bobs")).data).toMatchObject({ repository: { pullRequest: { reviews: others } } });
    const own = await ask(query);
    expect(own.data).toEqual({
      repository: {
        pullRequest: {
          reviews: { nodes: [{ state: "PENDING" }, { state: "CHANGES_REQUESTED" }, { state: "APPROVED" }] },
          latestReviews: { nodes: [{ state: "APPROVED" }] },
        },
      },
    });
  });

  test("follow a repository to its new name", async () => {
    const { data } = await ask('query { repository(owner: "acme", name: "old") { nameWithOwner } }');
    expect(data).toEqual({ repository: { nameWithOwner: "acme/app" } });
  });

  test("tell gh which fields a type has", async () => {
    const { data } = await ask('query { __type(name: "PullRequest") { fields(includeDeprecated: true) { name } } }');
    const { __type } = z.object({ __type: z.object({ fields: z.array(z.object({ name: z.string() })) }) }).parse(data);
    expect(__type.fields.map((field) => field.name)).toContain("isInMergeQueue");
  });
});

describe("pages", () => {
  test("are cut by first and continued by the cursor of the last item", async () => {
    const query =
      'query($after: String) { repository(owner: "acme", name: "app") { labels(first: 2, after: $after) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } } }';
    const pageSchema = z.object({
      repository: z.object({
        labels: z.object({
          totalCount: z.int(),
          nodes: z.array(z.object({ name: z.string() })),
          pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string() }),
        }),
      }),
    });
    const first = pageSchema.parse((await ask(query)).data).repository.labels;
    const second = pageSchema.parse((await ask(query, { after: first.pageInfo.endCursor })).data).repository.labels;
    expect(first).toMatchObject({
      totalCount: 3,
      nodes: [{ name: "a" }, { name: "b" }],
      pageInfo: { hasNextPage: true },
    });
    expect(second).toMatchObject({ nodes: [{ name: "c" }], pageInfo: { hasNextPage: false } });
  });

  test("without a bound are counted but not listed", async () => {
    const counted = await ask('query { repository(owner: "acme", name: "app") { labels { totalCount } } }');
    const listed = await ask('query { repository(owner: "acme", name: "app") { labels { nodes { name } } } }');
    expect(counted.data).toEqual({ repository: { labels: { totalCount: 3 } } });
    expect(listed.errors).toMatchObject([{ type: "MISSING_PAGINATION_BOUNDARIES" }]);
  });

  test("of more than a hundred are refused", async () => {
    const { errors } = await ask(
      'query { repository(owner: "acme", name: "app") { labels(first: 101) { nodes { name } } } }',
    );
    expect(errors).toMatchObject([{ type: "EXCESSIVE_PAGINATION" }]);
  });
});

describe("refusals", () => {
  test.each([
    [
      "a repository",
      'repository(owner: "acme", name: "nope") { id }',
      "Could not resolve to a Repository with the name 'acme/nope'.",
    ],
    [
      "a private repository of others",
      'repository(owner: "acme", name: "secret") { id }',
      "Could not resolve to a Repository with the name 'acme/secret'.",
    ],
    ["a user", 'user(login: "nobody") { id }', "Could not resolve to a User with the login of 'nobody'."],
    ["a node", 'node(id: "x") { id }', "Could not resolve to a node with the global id of 'x'"],
  ])("name %s that is not there", async (_, field, message) => {
    const { status, errors } = await ask(`query { ${field} }`);
    expect(status).toBe(200);
    expect(errors).toMatchObject([{ type: "NOT_FOUND", message }]);
  });

  test("name the path of a pull request that is not there", async () => {
    const { errors } = await ask('query { repository(owner: "acme", name: "app") { pullRequest(number: 1) { id } } }');
    const message = "Could not resolve to a PullRequest with the number of 1.";
    expect(errors).toMatchObject([{ type: "NOT_FOUND", path: ["repository", "pullRequest"], message }]);
  });

  test("of an exhausted budget come with status 200", async () => {
    const { status, errors } = await ask("query { viewer { login } }", {}, "spent");
    expect(status).toBe(200);
    expect(errors).toMatchObject([{ type: "RATE_LIMITED" }]);
  });

  test("of a query GitHub does not know name its fault", async () => {
    const { errors } = await ask("query { viewer { shoeSize } }");
    expect(errors?.[0]?.message).toContain("shoeSize");
  });
});

describe("budgets", () => {
  test("are charged by the connections a query opens", async () => {
    const cheap = await ask("query { viewer { login } }");
    const query = `query { repository(owner: "acme", name: "app") {
      issues(first: 100) { nodes { comments(first: 100) { nodes { id } } labels(first: 10) { nodes { id } } } }
    } }`;
    const dear = await ask(query);
    expect(cheap.headers.get("x-ratelimit-remaining")).toBe("4999");
    expect(dear.headers.get("x-ratelimit-remaining")).toBe("4998");
    expect(dear.headers.get("x-ratelimit-resource")).toBe("graphql");
  });
});
