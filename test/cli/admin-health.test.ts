import { expect, test } from "vitest";
import { describeEvents } from "../../cli/health/events.ts";
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

test("the state of events is told, with the remedy where they are not heard", () => {
  const events = {
    trouble: null,
    last_delivery_at: "1970-01-01T00:00:00Z",
    verified_at: "1970-01-01T00:00:00Z",
    failed: 2,
    missing: 0,
    machines: 1,
    families: [{ family: "pulls", state: "ok" as const, subscribed: true, last_at: null, delay_ms: null }],
  };
  const said = (more: object) => describeEvents({ ...events, ...more }, 12_000);
  expect(said({})).toEqual({
    text: "last delivery 12 s ago; 1 machine listens; 2 failed in a day, 0 never came",
  });
  expect(shown({ events })).toContain("Events from GitHub\n  last delivery");
  const family = events.families[0];
  expect(said({ trouble: "no_app_key" }).hint).toContain("OCTOPOOL_GITHUB_APP_ID");
  expect(said({ families: [{ ...family, subscribed: false }] }).text).toContain("does not get all events of pulls");
  expect(said({ families: [{ ...family, state: "late" }] }).text).toContain("late: pulls");
  expect(said({ verified_at: null }).hint).toContain("every five minutes");
  expect(said({ missing: 1 }).hint).toContain("asked for them again");
  expect(describeEvents(null, 0).hint).toBeUndefined();
});

test("help of health has the meaning of its exit codes", async () => {
  const { stdout } = await newHome().run("health", "--help");
  expect(stdout.replace(/\s+/g, " ")).toContain("Ends with 0 when an identity can answer, 1 when none can");
});
