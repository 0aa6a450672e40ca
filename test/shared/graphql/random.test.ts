/** Random documents: those that the recogniser allows have the same answer for people with different rights. */
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recognise } from "../../../shared/graphql/recognise.ts";
import type { GitHub } from "../../github-emulator/index.ts";
import { randomRequest } from "./random-documents.ts";
import { administrator, answerTo, member, startForViewers, stranger } from "./three-viewers.ts";

let github: GitHub;

beforeAll(async () => {
  github = await startForViewers();
});

afterAll(() => github?.close());

const numRuns = 800;

test("a query of the pool has the same answer for a stranger, a member and an administrator", {
  timeout: 120_000,
}, async () => {
  const seen = { allowed: 0, refused: 0, answered: 0, differing: 0 };
  await fc.assert(
    fc.asyncProperty(randomRequest, async (request) => {
      const found = recognise(request);
      if ("refused" in found) {
        seen.refused++;
        return;
      }
      seen.allowed++;
      const { drafts, owner, name } = found.read;
      expect({ owner, name }).toEqual({ owner: "lumen-labs", name: name === "treasury" ? "treasury" : "lantern" });
      // Of a private repository a pool's token sees nothing, also where its members do.
      if (name === "treasury") return;
      const [strangers, members, administrators] = await Promise.all(
        [stranger, member, administrator].map((token) => answerTo(github, token, request)),
      );
      if (!strangers?.includes('"errors"')) seen.answered++;
      expect(members).toBe(strangers);
      if (drafts !== "any" && !drafts.includes(2)) expect(administrators).toBe(strangers);
      else if (administrators !== strangers) seen.differing++;
      expect(strangers).not.toContain("treasury");
    }),
    { seed: 18, numRuns, endOnFailure: true },
  );
  // A generator that only made refused queries, or never met an unsent review, would prove nothing.
  expect(seen.allowed).toBeGreaterThan(numRuns / 5);
  expect(seen.refused).toBeGreaterThan(numRuns / 5);
  expect(seen.answered).toBeGreaterThan(seen.allowed / 3);
  expect(seen.differing).toBeGreaterThan(0);
});

test("refused queries have different answers for them: the generator leaves the policy where it matters", async () => {
  let apart = 0;
  await fc.assert(
    fc.asyncProperty(randomRequest, async (request) => {
      if ("read" in recognise(request)) return;
      const answers = await Promise.all([stranger, administrator].map((token) => answerTo(github, token, request)));
      if (new Set(answers).size > 1) apart++;
    }),
    { seed: 7, numRuns: 400 },
  );
  expect(apart).toBeGreaterThan(3);
});
