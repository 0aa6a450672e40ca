import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { statusLines } from "../../cli/daemon-control/status.ts";
import { daemonStatusSchema } from "../../shared/daemon-status.ts";
import { newHome } from "./support/octopool.ts";

test("daemon status --json names the socket, whether a daemon listens there or not", async () => {
  const home = newHome();
  const socket = join(home.env.XDG_RUNTIME_DIR ?? "", "octopool/daemon.sock");
  const absent = await home.run("daemon", "status", "--json");
  expect({ ...absent, stdout: JSON.parse(absent.stdout) }).toMatchObject({
    exitCode: 1,
    stdout: { state: "absent", socket },
  });
  await home.run("daemon", "start");
  const running = await home.run("daemon", "status", "--json");
  expect({ ...running, stdout: JSON.parse(running.stdout) }).toMatchObject({
    exitCode: 0,
    stdout: { state: "running", pid: expect.any(Number), socket },
  });
});

describe("the line of events", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  const feed = { verifiedAt: now, blind: [], lastDeliveryAt: now - 5_000, failed: 2, missing: 1, machines: 3 };
  const heard = {
    connected: true,
    way: "listening",
    repositories: 2,
    lanes: { pulls: "ok", checks: "ok" },
    delaysMs: {},
  };

  function line(events: unknown): string | undefined {
    const status = daemonStatusSchema.parse({ ...idle, ...(events !== undefined && { events }) });
    return statusLines(status, "/run/daemon.sock", now)
      .find((each) => each.startsWith("events"))
      ?.slice(10);
  }

  const unheard = "every answer lives as long as its kind allows";
  test.each([
    ["an older daemon says nothing", undefined, `none heard: ${unheard}`],
    ["off: no relay of this machine tells of any", [], `none heard: ${unheard}`],
    ["connecting", [{ ...heard, connected: false, way: "connecting", feed: null }], `connecting: ${unheard}`],
    [
      "refused by a proxy",
      [{ ...heard, connected: false, way: "refused", feed: null }],
      `none, because a proxy blocks WebSockets: ${unheard}`,
    ],
    [
      "cut off, from a daemon that does not say why",
      [{ ...heard, connected: false, way: undefined }],
      `none heard: ${unheard}`,
    ],
    [
      "listening",
      [{ ...heard, feed, delaysMs: { pulls: 1_200 } }],
      "of 2 repositories, the last 5 s ago, 1.2 s late at most, 2 failed in a day, 1 never came, 3 machines listen",
    ],
    [
      "listening, nothing delivered yet",
      [{ ...heard, repositories: 1, feed: { ...feed, lastDeliveryAt: 0 } }],
      /^of 1 repository, no delivery yet, /,
    ],
    ["late", [{ ...heard, lanes: { pulls: "late", checks: "ok" } }], "of 2 repositories, late: pulls"],
    [
      "blind",
      [{ ...heard, lanes: { pulls: "blind", checks: "blind" } }],
      "of 2 repositories, no recent events: pulls checks",
    ],
    [
      "of several logins, those that listen",
      [heard, { ...heard, connected: false, way: "connecting" }, { ...heard, lanes: { pulls: "late", code: "blind" } }],
      "of 4 repositories, late: pulls, no recent events: code",
    ],
  ] as const)("%s", (_state, events, said) => {
    if (typeof said === "string") expect(line(events)).toBe(said);
    else expect(line(events)).toMatch(said);
  });
});

const idle = {
  ...{ version: "0.1.0", pid: 1, state: "running", callsRunning: 0 },
  counters: {
    ...{ uptimeSeconds: 1, local: 0, coalesced: 0, stale: 0, relayed: 0, refused: 0, outages: 0 },
    ...{ commandsAnswered: 0, commandsHandedOver: 0, githubCalls: 0, githubCallsSaved: 0 },
  },
  relay: { latencyMs: null, breakers: {} },
  cache: { entries: 0, bytes: 0 },
  memory: { residentBytes: 1 },
};
