import { expect, test } from "vitest";
import { observe } from "../../../relay-worker/github/rate.ts";

const asked = { identityId: "pat1", budgetOwner: "user:octocat", bucket: "core", routeKey: "pr_view" } as const;
const response = (status: number) => ({
  status,
  headers: new Headers({
    "x-ratelimit-limit": "60",
    "x-ratelimit-remaining": "58",
    "x-ratelimit-reset": "1780000000",
    "retry-after": "30",
  }),
  body: new Uint8Array(),
});

test("a response tells the remaining budget of its identity", () => {
  for (const status of [200, 304, 403, 404, 429]) {
    expect(observe(asked, response(status))).toMatchObject({
      ...asked,
      limit: 60,
      remaining: 58,
      reset: 1_780_000_000,
    });
  }
});

test("a rejected credential was counted as a stranger's call: its figures are not the identity's", () => {
  expect(observe(asked, response(401))).toEqual({ ...asked, status: 401, retryAfter: 30 });
});
