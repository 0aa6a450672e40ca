/**
 * Every field that the policy allows, asked of an emulated GitHub by people with different rights: an administrator of
 * the organisation who also has an unsent review, a member, and a stranger. A field that differs must not be allowed,
 * unless the recogniser says that it depends on unsent reviews.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { members, policy } from "../../../shared/graphql/allowed-fields.ts";
import { recognise } from "../../../shared/graphql/recognise.ts";
import type { GitHub } from "../../github-emulator/index.ts";
import { denied } from "./denied-fields.ts";
import { administrator, answerTo, member, startForViewers, stranger } from "./three-viewers.ts";

let github: GitHub;

beforeAll(async () => {
  github = await startForViewers();
});

afterAll(() => github?.close());

/** Arguments without which a field cannot be asked for, or would find nothing. */
const needed: Readonly<Record<string, string>> = {
  "Repository.issue": "number: 1",
  "Repository.pullRequest": "number: 2",
  "Repository.issueOrPullRequest": "number: 2",
  "Repository.label": 'name: "bug"',
  "Repository.milestone": "number: 1",
  "Repository.object": 'expression: "main"',
  "Repository.ref": 'qualifiedName: "refs/heads/main"',
  "Repository.refs": 'first: 3, refPrefix: "refs/heads/"',
  "Status.context": 'name: "ci"',
};

function call(type: string, field: string, target: string): string {
  const given = needed[`${type}.${field}`] ?? (target.endsWith("[]") ? "first: 3" : "");
  return given === "" ? field : `${field}(${given})`;
}

const inside = (target: string, selection: string) => (target.endsWith("[]") ? `nodes { ${selection} }` : selection);

/** How each type is reached from the repository: the text around a selection of it. */
function pathsToTypes(): ReadonlyMap<string, (selection: string) => string> {
  const found = new Map<string, (selection: string) => string>([["Repository", (selection) => selection]]);
  for (const [type, around] of found) {
    for (const kind of members[type] ?? []) {
      if (!found.has(kind)) found.set(kind, (selection) => around(`... on ${kind} { ${selection} }`));
    }
    // Pull requests are looked at as such: the one with the unsent review.
    const ways = Object.entries(policy[type]?.objects ?? {}).sort(([one], [other]) => rank(one) - rank(other));
    for (const [field, target] of ways) {
      const name = target.replace("[]", "");
      if (!found.has(name)) {
        found.set(name, (selection) => around(`${call(type, field, target)} { ${inside(target, selection)} }`));
      }
    }
  }
  return found;
}

const rank = (field: string) => (field === "pullRequest" || field === "issue" ? 0 : 1);

interface Asked {
  readonly type: string;
  readonly field: string;
  readonly query: string;
}

function every(): readonly Asked[] {
  return [...pathsToTypes()].flatMap(([type, around]) => {
    const { values = "", objects = {} } = policy[type] ?? {};
    const query = (selection: string) =>
      `query { repository(owner: "lumen-labs", name: "lantern") { ${around(selection)} } }`;
    const plain = values
      .split(/\s+/)
      .filter(Boolean)
      .map((field) => ({ type, field, query: query(field) }));
    const nested = Object.entries(objects).map(([field, target]) => {
      const counted = target.endsWith("[]") ? "totalCount " : "";
      const leaf = policy[target.replace("[]", "")]?.values.match(/\b(login|name|oid|body|state|title)\b/)?.[0];
      const selection = `${call(type, field, target)} { ${counted}${inside(target, `__typename ${leaf ?? ""}`)} }`;
      return { type, field, query: query(selection) };
    });
    return [...plain, ...nested];
  });
}

const answer = (token: string, query: string) => answerTo(github, token, { query });

const asked = every();

test("every type of the policy is reached from a repository", () => {
  expect(Object.keys(policy).filter((type) => !pathsToTypes().has(type))).toEqual([]);
});

describe.each(Object.keys(policy))("%s", (type) => {
  test("every allowed field is for the pool, and has the same answer for every caller", async () => {
    for (const { field, query } of asked.filter((each) => each.type === type)) {
      const found = recognise({ query });
      expect(found, `${type}.${field}: ${query}`).toHaveProperty("read");
      const [strangers, members_, administrators] = await Promise.all(
        [stranger, member, administrator].map((token) => answer(token, query)),
      );
      expect(members_, `${type}.${field}`).toBe(strangers);
      const drafts = "read" in found && found.read.drafts !== "any" && found.read.drafts.includes(2);
      if (!drafts) expect(administrators, `${type}.${field}`).toBe(strangers);
    }
  });
});

test("most of the allowed fields were really answered", async () => {
  const answers = await Promise.all(
    asked.map(async ({ query }) => !(await answer(stranger, query)).includes('"errors"')),
  );
  const share = answers.filter(Boolean).length / asked.length;
  expect(share).toBeGreaterThan(0.6);
});

describe("differences between these viewers", () => {
  const of = (selection: string) => `query { repository(owner: "lumen-labs", name: "lantern") { ${selection} } }`;
  test.each([of("viewerPermission"), of("viewerCanAdminister"), of("releases(first: 50) { totalCount }")])(
    "%s differs, and is not for the pool",
    async (query) => {
      const answers = await Promise.all([stranger, member, administrator].map((token) => answer(token, query)));
      expect(new Set(answers).size).toBeGreaterThan(1);
      expect(recognise({ query })).toHaveProperty("refused");
    },
  );

  test.each([
    "reviewThreads(first: 5) { nodes { comments(first: 5) { totalCount } } }",
    "reviews(first: 5) { totalCount }",
  ])("an unsent review shows in %s, and the recogniser says so", async (selection) => {
    const query = of(`pullRequest(number: 2) { ${selection} }`);
    expect(await answer(administrator, query)).not.toBe(await answer(stranger, query));
    expect(recognise({ query })).toMatchObject({ read: { drafts: [2] } });
  });
});

test("no field that was looked at and left out is for the pool", () => {
  const ways = pathsToTypes();
  for (const { type, fields } of denied) {
    for (const field of fields.split(/\s+/).filter(Boolean)) {
      for (const each of type === "*" ? Object.keys(policy) : [type]) {
        const around = ways.get(each);
        for (const selection of [field, `${field} { __typename }`, `${field}(first: 1) { totalCount }`]) {
          const query = `query { repository(owner: "a", name: "b") { ${around?.(selection) ?? selection} } }`;
          expect(recognise({ query }), query).toHaveProperty("refused");
        }
      }
    }
  }
});
