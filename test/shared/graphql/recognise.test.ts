import { expect, test } from "vitest";
import { longestQuery } from "../../../shared/graphql/limits.ts";
import { recognise } from "../../../shared/graphql/recognise.ts";
import { unsealed } from "../../../shared/graphql/seal.ts";
import { favouriteQueries } from "../../support/favourite-queries.ts";

const inRepository = (selection: string) => `query { repository(owner: "Acme", name: "Tool") { ${selection} } }`;
const pull = (selection: string) => inRepository(`pullRequest(number: 7) { ${selection} }`);

function readOf(query: string, variables: Readonly<Record<string, unknown>> = {}) {
  const found = recognise({ query, variables });
  if ("refused" in found) throw new Error(found.refused);
  return found.read;
}

test.each(favouriteQueries)("$name: for the pool", ({ query, drafts }) => {
  const read = readOf(
    query,
    query.includes("$number") ? { owner: "Acme", repo: "Tool", number: 7 } : { owner: "Acme", repo: "Tool" },
  );
  expect(read).toMatchObject({ owner: "acme", name: "tool" });
  expect(read.points).toBeGreaterThanOrEqual(1);
  expect(read.drafts).toEqual(drafts ? [7] : []);
});

test("drafts are those of the pull requests whose reviews are asked for without naming sent states", () => {
  expect(readOf(pull("reviewThreads(first: 5) { totalCount }")).drafts).toEqual([7]);
  expect(readOf(pull("reviews(first: 5) { totalCount }")).drafts).toEqual([7]);
  expect(readOf(pull("reviews(first: 5, states: [APPROVED, COMMENTED]) { totalCount }")).drafts).toEqual([]);
  expect(readOf(pull("reviews(first: 5, states: APPROVED) { totalCount }")).drafts).toEqual([]);
  expect(readOf(pull("reviews(first: 5, states: PENDING) { totalCount }")).drafts).toEqual([7]);
  expect(readOf(pull("reviews(first: 5, states: [PENDING]) { totalCount }")).drafts).toEqual([7]);
  expect(readOf(pull("reviews(first: 5, states: []) { totalCount }")).drafts).toEqual([7]);
  const list = inRepository("pullRequests(first: 5) { nodes { latestReviews(first: 1) { totalCount } } }");
  expect(readOf(list).drafts).toBe("any");
  expect(readOf(pull("title")).drafts).toEqual([]);
});

test("a field that others decide by is a gate, under any alias", () => {
  expect(readOf(pull("title")).gate).toBe(false);
  expect(readOf(pull("quiet: mergeable")).gate).toBe(true);
});

test("equal reads have one key, different ones have two", () => {
  const spaced = pull("title   body");
  expect(readOf(spaced).key).toBe(readOf(pull("title body")).key);
  expect(readOf(pull("title")).key).not.toBe(readOf(pull("body")).key);
  const query = 'query($n: Int!) { repository(owner: "a", name: "b") { issue(number: $n) { title } } }';
  expect(readOf(query, { n: 1 }).key).not.toBe(readOf(query, { n: 2 }).key);
});

const bomb = Array.from(
  { length: 10 },
  (_, at) => `fragment F${at} on PullRequest { ${`...F${at + 1} `.repeat(9)} }`,
).join("\n");

const refused: Readonly<Record<string, string | { query: string; variables?: Readonly<Record<string, unknown>> }>> = {
  "a mutation": 'mutation { addStar(input: {starrableId: "x"}) { clientMutationId } }',
  "a subscription": "subscription { x }",
  "two operations": `${pull("title").replace("query", "query A")} ${pull("title").replace("query", "query B")}`,
  "two repositories by aliases":
    'query { a: repository(owner: "a", name: "b") { name } b: repository(owner: "c", name: "d") { name } }',
  "the same repository twice":
    'query { repository(owner: "a", name: "b") { name } repository(owner: "a", name: "b") { id } }',
  "the viewer beside it": 'query { viewer { login } repository(owner: "a", name: "b") { name } }',
  "node(id)": 'query { node(id: "x") { id } }',
  rateLimit: 'query { rateLimit { remaining } repository(owner: "a", name: "b") { name } }',
  search: 'query { search(query: "x", type: ISSUE, first: 1) { issueCount } }',
  introspection: "query { __schema { types { name } } }",
  "introspection beside a read": 'query { __type(name: "User") { name } repository(owner: "a", name: "b") { name } }',
  ...Object.fromEntries(
    ["-1", "0", "1.5", "1e30", "99999999999"].map((number) => [
      `reviews of pull request ${number}`,
      inRepository(`pullRequest(number: ${number}) { reviews(first: 1) { totalCount } }`),
    ]),
  ),
  "a number of the wrong size as a variable": {
    query:
      'query($n: Int!) { repository(owner: "a", name: "b") { pullRequest(number: $n) { latestReviews(first: 1) { totalCount } } } }',
    variables: { n: -7 },
  },
  followRenames: 'query { repository(owner: "a", name: "b", followRenames: false) { name } }',
  "no owner": 'query { repository(name: "b") { name } }',
  "an owner that is a path": 'query { repository(owner: "a/../c", name: "b") { name } }',
  "an owner of the wrong kind": {
    query: 'query($o: String!) { repository(owner: $o, name: "b") { name } }',
    variables: { o: ["a"] },
  },
  "a variable that is missing": 'query($o: String!) { repository(owner: $o, name: "b") { name } }',
  "a variable that is not declared": { query: pull("title"), variables: { extra: 1 } },
  "a fragment at the root": 'query { ...F } fragment F on Query { repository(owner: "a", name: "b") { name } }',
  "a viewer field": inRepository("viewerPermission"),
  "a viewer field under an alias": inRepository("name: viewerPermission"),
  "a viewer field in a fragment": `query { repository(owner: "a", name: "b") { ...F } } fragment F on Repository { viewerCanAdminister }`,
  "a viewer field under @skip(if: true)": inRepository("viewerPermission @skip(if: true)"),
  "a viewer field under a directive with a variable": {
    query: `query($x: Boolean!) { repository(owner: "a", name: "b") { viewerPermission @include(if: $x) } }`,
    variables: { x: false },
  },
  "another directive": inRepository("name @defer"),
  authorAssociation: pull("authorAssociation"),
  "a way out by the head's repository": pull("headRepository { name }"),
  "a way out by the repository of a comment": pull("comments(first: 1) { nodes { repository { name } } }"),
  "a way out by an owner's repositories": inRepository("owner { repositories(first: 1) { totalCount } }"),
  "a way out by a user": pull("author { ... on User { repositories(first: 1) { totalCount } } }"),
  "a way out by a fork's parent": inRepository("parent { name }"),
  "private cross-references": inRepository("issue(number: 1) { timelineItems(first: 1) { totalCount } }"),
  "closing references": pull("closingIssuesReferences(first: 1) { totalCount }"),
  projects: pull("projectItems(first: 1) { totalCount }"),
  "releases, drafts among them": inRepository("releases(first: 1) { nodes { name } }"),
  "a team that may be secret": pull(
    "reviewRequests(first: 1) { nodes { requestedReviewer { ... on Team { name } } } }",
  ),
  "a fragment on a type that cannot stand there": pull("author { ... on Repository { name } }"),
  "a fragment on an interface": pull("... on Node { id }"),
  "an argument about the viewer": inRepository("issues(first: 1, filterBy: {viewerSubscribed: true}) { totalCount }"),
  "reviews of one author": pull('reviews(first: 1, author: "x") { totalCount }'),
  "a list without a page": pull("comments { totalCount }"),
  "a page of 101": pull("comments(first: 101) { totalCount }"),
  "a page of none": pull("comments(first: 0) { totalCount }"),
  "a page of text": {
    query: `query($n: Int!) { repository(owner: "a", name: "b") { issues(first: $n) { totalCount } } }`,
    variables: { n: "5" },
  },
  "first and last": pull("comments(first: 1, last: 1) { totalCount }"),
  "too many items": inRepository(
    "pullRequests(first: 100) { nodes { comments(first: 100) { nodes { reactionGroups { users(first: 2) { totalCount } } } } } }",
  ),
  "nested too deep": inRepository(`object(oid: "a") { ${"... on Commit { ".repeat(13)} oid ${"} ".repeat(13)} }`),
  "a fragment that holds itself": `${inRepository("...F")} fragment F on Repository { ...F }`,
  "fragments that multiply": `${pull("...F0")} ${bomb} fragment F10 on PullRequest { title }`,
  "sixteen kilobytes of nothing": `${pull("title")}${" ".repeat(longestQuery)}`,
  "sixteen kilobytes of variables": { query: pull("title"), variables: { x: "y".repeat(longestQuery) } },
  "a field that is a name of every object": inRepository("constructor"),
  "a selection of such a field": inRepository("toString { length }"),
  "a field called __proto__": pull("__proto__ { title }"),
  "a variable called __proto__": {
    query: 'query($__proto__: String) { repository(owner: $owner, name: "b") { name } }',
    variables: JSON.parse('{"__proto__":{"owner":"a"}}'),
  },
  "lists of lists, as deep as a document can be": inRepository(
    `issues(first: 1, orderBy: ${"[".repeat(1_900)}${"]".repeat(1_900)}) { totalCount }`,
  ),
  "variables as deep as they can be": {
    query: `query($x: Int) { repository(owner: "a", name: "b") { name } }`,
    variables: { x: JSON.parse(`${"[".repeat(8_000)}${"]".repeat(8_000)}`) },
  },
  "many lists beside each other": pull(
    Array.from({ length: 201 }, (_, at) => `c${at}: comments(first: 100) { totalCount }`).join(" "),
  ),
  "rendered text, which links to data that only some may see": pull("bodyHTML"),
  "text made of rendered text": pull("comments(first: 1) { nodes { bodyText } }"),
  "requested reviewers, secret teams among them": pull("reviewRequests(first: 1) { totalCount }"),
  "the name of the check that goes behind": 'query { octopoolSeal: repository(owner: "a", name: "b") { name } }',
  "that name beside it": 'query { octopoolSeal: __typename repository(owner: "a", name: "b") { name } }',
  "an owner of dots": 'query { repository(owner: "..", name: "b") { name } }',
  "no document": "{",
  "an empty document": "",
  "a type definition beside it": `${pull("title")} type X { a: Int }`,
  "unicode escapes of another owner are read as GitHub reads them":
    'query { repository(owner: "\\u002e\\u002e/x", name: "b") { name } }',
  "a selection of a plain field": pull("title { x }"),
  "no selection of an object": pull("author"),
};

test.each(Object.entries(refused))("not for the pool: %s", (_name, request) => {
  const found = recognise(typeof request === "string" ? { query: request } : request);
  expect(found).toHaveProperty("refused");
});

test.each([
  [
    "lists in an argument",
    inRepository(`issues(first: 1, orderBy: ${"[".repeat(50)}${"]".repeat(50)}) { totalCount }`),
  ],
  [
    "objects in an argument",
    inRepository(`issues(first: 1, orderBy: ${"{a: ".repeat(50)}1${"}".repeat(50)}) { totalCount }`),
  ],
  ["a list's type", `query($x: ${"[".repeat(50)}Int${"]".repeat(50)}) { repository(owner: "a", name: "b") { name } }`],
])("%s are refused for their depth, at any depth of the stack's end", (_name, query) => {
  expect(recognise({ query })).toEqual({ refused: "nested too deep" });
  const shallow = query.replaceAll(/[[\]]{30,}|(?:\{a: ){30}|\}{30}/g, "");
  expect(recognise({ query: shallow })).not.toEqual({ refused: "nested too deep" });
});

test("unicode escapes and block strings name the repository that GitHub would read", () => {
  expect(readOf('query { repository(owner: "\\u0061cme", name: """tool""") { name } }')).toMatchObject({
    owner: "acme",
    name: "tool",
  });
});

test("an operation's name must be the one that is asked for", () => {
  const query = pull("title").replace("query", "query A");
  expect(recognise({ query, operationName: "B" })).toHaveProperty("refused");
  expect(recognise({ query, operationName: "A" })).toHaveProperty("read");
});

test("the query to GitHub ends in a check whose answer is known, and the rest of the answer is the reader's", () => {
  const { sealed } = readOf(pull("reviewThreads(first: 1) { totalCount }"));
  expect(sealed.query).toContain(`octopoolSeal: repository(owner: "acme", name: "tool") {
    isPrivate
    p7: pullRequest(number: 7) {
      reviews(first: 1, states: [PENDING]) {
        totalCount
      }
    }
  }
}`);
  const own = '{"data":{"repository":{"pullRequest":{"reviewThreads":{"totalCount":1}}}}}';
  const whole = (count: number, hidden = false) =>
    `${own.slice(0, -2)},"octopoolSeal":{"isPrivate":${hidden},"p7":{"reviews":{"totalCount":${count}}}}}}`;
  expect(unsealed(whole(0), sealed.ending)).toBe(own);
  expect(unsealed(whole(1), sealed.ending)).toBeUndefined();
  expect(unsealed(whole(0, true), sealed.ending)).toBeUndefined();
  expect(unsealed(own, sealed.ending)).toBeUndefined();
  expect(unsealed('{"data":{"repository":null},"errors":[]}', sealed.ending)).toBeUndefined();
});

test("the shape names the requested fields, and nothing that the caller wrote", () => {
  const query = `query Mine($q: String = "secret") { hidden: repository(owner: "Acme", name: "Tool") {
    mine: labels(first: 1, query: $q) { totalCount } pullRequest(number: 7) { ...F } } }
    fragment F on PullRequest { reviewThreads(first: 1) { nodes { comments(first: 1) { nodes { author { login } } } } } }`;
  expect(readOf(query).shape).toBe("labels pullRequest.reviewThreads.comments.author");
  expect(readOf(inRepository("name")).shape).toBe("repository");
});

test("a page of threads with a page of comments each is not too large", () => {
  const query = pull("reviewThreads(first: 100) { nodes { comments(first: 100) { nodes { body } } } }");
  expect(readOf(query).points).toBe(2);
});

test("the events that end trust in an answer are those of the objects that it names, or all where it may show more", () => {
  expect(readOf(pull("title reviews(first: 1) { totalCount }")).tags).toEqual(
    expect.arrayContaining(["pull:7", "issue:7", "reviews:7", "rcomments:7", "comments:7"]),
  );
  expect(readOf(inRepository("issue(number: 7) { title }")).tags).not.toContain("reviews:7");
  for (const wide of ["mergeable", "commits(last: 1) { nodes { commit { oid } } }"]) {
    expect(readOf(pull(wide)).tags).toEqual(["*"]);
  }
  expect(readOf(inRepository("name issue(number: 7) { title }")).tags).toEqual(["*"]);
  expect(readOf(inRepository("issues(first: 1) { totalCount }")).tags).toEqual(["*"]);
});
