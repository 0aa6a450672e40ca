/** Figures in the relay's pages are those of the code: each is found once, and compared. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";
import { refreshSeconds } from "../../shared/dashboard.ts";
import { routes, staleWhileRevalidateSeconds } from "../../shared/routes/index.ts";

const root = join(import.meta.dirname, "../..");
const [second, minute, hour, day] = [1000, 60_000, 3600_000, 24 * 3600_000];
const [kib, mib] = [1024, 2 ** 20];

/** By address: the Worker has a type check of its own, with Cloudflare's types. */
async function moduleOf(file: string): Promise<Record<string, unknown>> {
  return z.record(z.string(), z.unknown()).parse(await import(pathToFileURL(join(root, "relay-worker", file)).href));
}

async function constant(file: string, name: string): Promise<number> {
  return z.number().parse((await moduleOf(file))[name]);
}

/** The module's private constants. */
function privateConstant(file: string, name: string): number {
  const source = readFileSync(join(root, "relay-worker", file), "utf8");
  return Number(new RegExp(`const ${name} = ([\\d_]+);`).exec(source)?.[1]?.replaceAll("_", ""));
}

async function settings(file: string, name: string): Promise<Record<string, number>> {
  const read = z.custom<(env: object) => object>().parse((await moduleOf(file))[name]);
  const numbers = Object.entries(read({})).filter(([, value]) => typeof value === "number");
  return z.record(z.string(), z.number()).parse(Object.fromEntries(numbers));
}

const relay = await settings("env.ts", "settingsOf");
const pool = await settings("coordinator/settings.ts", "poolSettings");
const profile = z.set(z.string()).parse((await moduleOf("github/reduce/index.ts")).profileFields);
const logs = z
  .object({ fresh: z.number(), probe: z.number() })
  .parse(routes.find(({ kind }) => kind === "job_logs")?.cache);
const attempts = {
  most: await constant("auth/attempts.ts", "maxAttempts"),
  window: await constant("auth/attempts.ts", "attemptWindowMs"),
};
const perHour = (await constant("cron.ts", "batchRows")) * privateConstant("cron.ts", "maxBatches");
const sessionSeconds = await constant("web/sessions.ts", "sessionSeconds");

/** A page, the words around one figure, and what the figure must be. */
const figures: readonly (readonly [page: string, pattern: RegExp, value: number | undefined])[] = [
  ["relay", /gather for (\d+) ms/, privateConstant("audit/write.ts", "gatherMs")],
  ["relay", /each (\d+) take one statement/, privateConstant("audit/write.ts", "batchRows")],
  ["relay", /isolate's memory \((\d+) s/, (await constant("memory.ts", "entryMemoryMs")) / second],
  ["relay", /memory \(\d+ s, (\d+) MiB/, (await constant("cache/store.ts", "entryMemoryBytes")) / mib],
  ["relay", /Cache API \((\d+) s/, await constant("cache/store.ts", "hotSeconds")],
  ["relay", /has known nothing (\d+)\s+times/, await constant("cache/edge-worth.ts", "trialLookups")],
  ["relay", /asked once in (\w+)\)/, await constant("cache/edge-worth.ts", "askOneIn")],
  ["relay", /Bodies over (\d+) KiB/, (await constant("cache/store.ts", "maxD1Bytes")) / kib],
  ["relay", /a 404 for (\w+) seconds/, (await constant("read/fill/to-entry.ts", "notFoundMs")) / second],
  ["relay", /up to (\w+) minute while a refresh/, staleWhileRevalidateSeconds / 60],
  ["relay", /A proof lasts (\d+) seconds/, Number(relay.publicMs) / second],
  ["relay", /renamed\) lasts (\w+) hour/, Number(relay.notPublicMs) / hour],
  ["relay", /`user_view`: (\d+) public/, profile.size],
  ["relay", /leases of (\w+)\s+seconds/, (await constant("coordinator/leases.ts", "leaseMs")) / second],
  ["relay", /stays there for (\w+) week/, logs.fresh / (7 * 86_400)],
  ["relay", /after (\w+) hour GitHub is asked/, logs.probe / 3600],
  ["relay", /more than (\d+) different reads/, relay.maxFillsPerClient],
  ["relay", /\((\d+) for a caller\)/, relay.maxFillsPerCaller],
  ["relay", /or ([\d,]+) who wait for one fill/, pool.maxFollowers],
  ["relay", /every isolate within (\d+) seconds/, (await constant("memory.ts", "authMemoryMs")) / second],
  ["relay", /audit rows[\w ]* after (\d+) days/, await constant("cron.ts", "auditDays")],
  ["relay", /remembers it for (\w+) milliseconds an entry/, privateConstant("stats/cache-size.ts", "msForEach")],
  ["api", /(\d+) attempts in/, attempts.most],
  ["api", /attempts in (\w+) minutes/, attempts.window / minute],
  ["api", /session of (\d+) days/, (sessionSeconds * second) / day],
  ["operations", /(\d+) machines a caller/, await constant("auth/login.ts", "maxClients")],
  ["operations", /browser sessions \| (\d+) days/, (sessionSeconds * second) / day],
  ["operations", /(\w+) a caller; only their hash/, await constant("web/sessions.ts", "maxSessions")],
  ["operations", /private repositories[\w ]* are among them \| (\d+) days/, await constant("cron.ts", "auditDays")],
  ["operations", /sums of each hour, for statistics \| (\d+) days/, await constant("cron.ts", "auditDays")],
  ["operations", /logs of completed jobs[\w, ]* \| (\d+) days/, logs.fresh / 86_400],
  ["operations", /login attempts \| (\w+) minutes/, attempts.window / minute],
  ["operations", /([\d,]+) rows of a table an hour/, perHour],
  ["operations", /cools down for (\w+) minutes/, privateConstant("coordinator/cooldowns.ts", "defaultMs") / minute],
  ["operations", /tried again after (\w+) minutes/, privateConstant("coordinator/cooldowns.ts", "defaultMs") / minute],
  ["operations", /: (\d+) GitHub reads under way for a client/, relay.maxFillsPerClient],
  ["operations", /and (\d+) for a caller in one isolate/, relay.maxFillsPerCaller],
  ["operations", /bodies of (\d+) MiB/, Number(relay.maxResponseBytes) / mib],
  ["operations", /(\d+) KiB of it in D1/, (await constant("cache/store.ts", "maxD1Bytes")) / kib],
  ["operations", /proof ends within (\d+) seconds/, Number(relay.publicMs) / second],
  ["operations", /remembered for (\w+) hour/, Number(relay.notPublicMs) / hour],
  ["admin", /every part of the relay within (\d+) seconds/, (await constant("memory.ts", "authMemoryMs")) / second],
  ["security", /at most (\d+) seconds old/, Number(relay.publicMs) / second],
  ["security", /(\d+) logins and sign-ins in/, attempts.most],
  ["security", /sign-ins in (\w+) minutes/, attempts.window / minute],
  ["security", /signed, (\w+) minutes old at most/, (await constant("web/state.ts", "stateSeconds")) / 60],
  ["security", /stops within (\d+) seconds/, Number(relay.publicMs) / second],
  ["identities", /A (\w+) of each budget/, pool.reserve],
  ["dashboard", /every (\w+) seconds for a window of an hour/, refreshSeconds(3600)],
];

test.each(figures)("docs/%s.md: %s is %d", (page, pattern, value) => {
  const text = readFileSync(join(root, "docs", `${page}.md`), "utf8").replace(/\n */g, " ");
  const found = [...text.matchAll(new RegExp(pattern, "g"))].map(([, figure = ""]) => numberOf(figure));
  expect(found).toEqual([value]);
});

const words: Readonly<Record<string, number>> = { a: 1, an: 1, two: 2, five: 5, ten: 10, sixteen: 16, tenth: 0.1 };

function numberOf(figure: string): number {
  return words[figure] ?? Number(figure.replaceAll(",", ""));
}
