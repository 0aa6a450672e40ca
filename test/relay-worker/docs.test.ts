/** The pages agree with the Worker: its figures, a sentence of each as it must stand there, and its words. */
import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { gatherMs, batchRows as rowsOfStatement } from "../../relay-worker/audit/write.ts";
import { attemptWindowMs, maxAttempts } from "../../relay-worker/auth/attempts.ts";
import { maxClients } from "../../relay-worker/auth/login.ts";
import { askOneIn, trialLookups } from "../../relay-worker/cache/edge-worth.ts";
import { entryMemoryBytes, hotSeconds, maxD1Bytes } from "../../relay-worker/cache/store.ts";
import { defaultMs as cooldownMs } from "../../relay-worker/coordinator/cooldowns.ts";
import { leaseMs } from "../../relay-worker/coordinator/leases.ts";
import { poolSettings } from "../../relay-worker/coordinator/settings.ts";
import { auditDays, batchRows, maxBatches } from "../../relay-worker/cron.ts";
import { settingsOf } from "../../relay-worker/env.ts";
import { profileFields } from "../../relay-worker/github/reduce/index.ts";
import { authMemoryMs, entryMemoryMs } from "../../relay-worker/memory.ts";
import { notFoundMs } from "../../relay-worker/read/fill/to-entry.ts";
import { msForEach } from "../../relay-worker/stats/cache-size.ts";
import { proxySecretHeader } from "../../relay-worker/web/asserted-host.ts";
import { actions } from "../../relay-worker/web/dashboard/actions.ts";
import { forward } from "../../relay-worker/web/proxy.ts";
import { maxSessions, sessionSeconds } from "../../relay-worker/web/sessions.ts";
import { stateSeconds } from "../../relay-worker/web/state.ts";
import { actions as actionsOfPage } from "../../scripts/docs/api-browsers.ts";
import { proxyErrors } from "../../scripts/docs/api-errors.ts";
import { refreshSeconds } from "../../shared/dashboard.ts";
import { routes, staleWhileRevalidateSeconds } from "../../shared/routes/index.ts";
import { day, grouped, hour, kib, mib, minute, onOneLine, second } from "../support/figures.ts";

const pages = import.meta.glob<string>("../../docs/*.md", { query: "?raw", import: "default", eager: true });

const relay = settingsOf(env);
const pool = poolSettings({});
const logs = routes.find(({ kind }) => kind === "job_logs")?.cache;
if (logs === undefined || !("probe" in logs)) throw new Error("logs of jobs are not kept apart");
const attempts = `in ${attemptWindowMs / minute} minutes`;
const days = sessionSeconds / (day / second);
const publicSeconds = relay.publicMs / second;
const authSeconds = authMemoryMs / second;

test.each([
  ["relay", `gather for ${gatherMs} ms`],
  ["relay", `each ${rowsOfStatement} take one statement`],
  ["relay", `isolate's memory (${entryMemoryMs / second} s, ${entryMemoryBytes / mib} MiB)`],
  ["relay", `Cache API (${hotSeconds} s`],
  ["relay", `has known nothing ${trialLookups} times is asked once in ${askOneIn})`],
  ["relay", `Bodies over ${maxD1Bytes / kib} KiB`],
  ["relay", `a 404 for ${notFoundMs / second} seconds`],
  ["relay", `up to ${staleWhileRevalidateSeconds / 60} minute while a refresh`],
  ["relay", `A proof lasts ${publicSeconds} seconds`],
  ["relay", `renamed) lasts ${relay.notPublicMs / hour} hour`],
  ["relay", `\`user_view\`: ${profileFields.size} public`],
  ["relay", `leases of ${leaseMs / second} seconds`],
  ["relay", `stays there for ${logs.fresh / 86_400} days; after ${logs.probe / 3600} hour GitHub is asked`],
  ["relay", `more than ${relay.maxFillsPerClient} different reads in progress for a client`],
  ["relay", `(${relay.maxFillsPerCaller} for a caller)`],
  ["relay", `or ${grouped(pool.maxFollowers)} callers that wait for one fill`],
  ["relay", `every isolate within ${authSeconds} seconds`],
  ["relay", `audit rows and their sums after ${auditDays} days`],
  ["relay", `remembers it for ${msForEach} milliseconds an entry`],
  ["api", ` ${maxAttempts} attempts ${attempts}`],
  ["api", `session of ${days} days`],
  ["operations", `, ${maxClients} machines a caller`],
  ["operations", `browser sessions | ${days} days, ${maxSessions} a caller; only their hash`],
  ["operations", `asked for in vain | ${auditDays} days`],
  ["operations", `sums of each hour, for statistics | ${auditDays} days`],
  ["operations", `logs of completed jobs, where a bucket is bound | ${logs.fresh / 86_400} days`],
  ["operations", `login attempts | ${attemptWindowMs / minute} minutes`],
  ["operations", ` ${grouped(batchRows * maxBatches)} rows of a table an hour`],
  ["operations", `cools down for ${cooldownMs / minute} minutes`],
  ["operations", `tried again after ${cooldownMs / minute} minutes`],
  ["operations", `: ${relay.maxFillsPerClient} GitHub reads in progress for a client`],
  ["operations", `and ${relay.maxFillsPerCaller} for a caller in one isolate`],
  ["operations", `bodies of ${relay.maxResponseBytes / mib} MiB, ${maxD1Bytes / kib} KiB of it in D1`],
  ["operations", `proof ends within ${publicSeconds} seconds`],
  ["operations", `The negative proof lasts ${relay.notPublicMs / hour} hour;`],
  ["admin", `every part of the relay within ${authSeconds} seconds`],
  ["security", `at most ${publicSeconds} seconds old`],
  ["security", `| ${maxAttempts} logins and sign-ins ${attempts}`],
  ["security", `signed, ${stateSeconds / 60} minutes old at most`],
  ["security", `stops within ${publicSeconds} seconds`],
  ["identities", ` ${100 * pool.reserve} % of each budget`],
  ["dashboard", `every ${refreshSeconds(3600)} seconds for a window of an hour`],
])("docs/%s.md says: %s", (page, sentence) => {
  expect(onOneLine(pages[`../../docs/${page}.md`] ?? "")).toContain(sentence);
});

describe("docs/api.md", () => {
  test("names the dashboard's actions", () => {
    expect(Object.keys(actionsOfPage)).toEqual(Object.keys(actions));
  });

  test("has the errors that the proxy answers by itself", async () => {
    const settings = { OCTOPOOL_RELAY_ORIGIN: "https://relay.example", OCTOPOOL_PROXY_SECRET: "secret" };
    const unreachable = () => Promise.reject(new Error("no route"));
    const refused = async (given: object, headers: Record<string, string> = {}) => {
      const answer = await forward(new Request("https://proxy.example/", { headers }), given, unreachable);
      const { error } = await answer.json<{ error: { code: string } }>();
      return [error.code, { http: answer.status }];
    };
    const told = [refused({}), refused(settings, { [proxySecretHeader]: "secret" }), refused(settings)];
    expect(proxyErrors).toMatchObject(Object.fromEntries(await Promise.all(told)));
    expect(Object.keys(proxyErrors)).toHaveLength(told.length);
  });
});
