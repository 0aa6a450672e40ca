import { expect, test } from "vitest";
import { errorTable, fallbackLocal, fallbackReasons, OctopoolError, transientReasons } from "../../shared/errors.ts";

test("an error carries its code, its HTTP status, its exit status and a hint", () => {
  const error = new OctopoolError("invalid_auth", "The token is not known here.", { hint: "Run octopool login." });
  expect([error.code, error.httpStatus, error.exitCode, error.hint]).toEqual([
    "invalid_auth",
    401,
    4,
    "Run octopool login.",
  ]);
});

test("a local fallback is a 424 that names its reason", () => {
  const error = fallbackLocal("repo_not_public", "acme/secret is not public.");
  expect([error.httpStatus, error.code, error.details]).toEqual([424, "fallback_local", { reason: "repo_not_public" }]);
});

test("only reasons that exist are transient", () => {
  expect(fallbackReasons).toEqual(expect.arrayContaining([...transientReasons]));
});

test("authentication failures end with gh's exit code 4", () => {
  for (const code of ["missing_auth", "invalid_auth", "not_logged_in"] as const) expect(errorTable[code].exit).toBe(4);
});
