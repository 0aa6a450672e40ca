import { expect, test } from "vitest";
import { renderHealth } from "../../cli/health/health.ts";
import { createStyle } from "../../cli/style.ts";
import { newHome } from "./support/octopool.ts";

const pool = {
  pool: "maintainers",
  identities_total: 0,
  identities_healthy: 0,
  remaining_by_resource: {},
  reset_windows: [],
  recent_errors: [],
  policy_version: 1,
};
const shown = (more: object) => renderHealth({ ...pool, ...more }, 0, createStyle({}, false)).join("\n");

test("a pool without an identity is told apart from one whose identities are all disabled", () => {
  expect(shown({})).toContain("The pool has no identity yet: `octopool admin identity add` gives it one.");
  expect(shown({ identities_disabled: 0 })).toContain("no identity yet");
  const disabled = shown({ identities_disabled: 2 });
  expect(disabled).toContain("2 identities, all disabled: `octopool admin identity enable`");
  expect(disabled).not.toContain("no identity yet");
  expect(shown({ identities_total: 1, identities_healthy: 1, identities_disabled: 2 })).not.toContain("disabled:");
});

test("help of health says what its exit codes mean", async () => {
  const { stdout } = await newHome().run("health", "--help");
  expect(stdout.replace(/\s+/g, " ")).toContain("Ends with 0 when an identity can answer, 1 when none can");
});
