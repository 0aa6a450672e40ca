/** Figures in the pages are those of the code: each is found once, and compared. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { oldestCurl } from "../../cli/install/curl.ts";
import { localSeconds, unchangingSeconds } from "../../daemon/cache/lifetimes.ts";
import { defaultCapacity, largestShare } from "../../daemon/cache/store.ts";
import { markLifetimeMs } from "../../daemon/freshness/memory.ts";
import { maxPages as mostApiPages } from "../../daemon/gh/api/pages.ts";
import { looksPerSharedRead, startOfGh } from "../../daemon/gh/cost/reckoning.ts";
import { longestHeadline } from "../../daemon/gh/pr/commits.ts";
import { mostPages, pullsPerPage } from "../../daemon/gh/pr/list.ts";
import { connectionSize } from "../../daemon/gh/pr/project.ts";
import { defaultMaxPages } from "../../daemon/gh/reads/paging.ts";
import { runsPerPage } from "../../daemon/gh/run/reads.ts";
import { longestLog } from "../../daemon/life/log.ts";
import { defaultIdleSeconds, drainMs } from "../../daemon/main.ts";
import { noticePauseMs } from "../../daemon/notices.ts";
import { failuresToOpen, firstPauseMs, longestPauseMs } from "../../daemon/relay/breaker.ts";
import { outageRetryMs, transientRetryMs } from "../../daemon/relay/client.ts";
import { longestBody } from "../../daemon/routes/body.ts";
import { protocolVersion } from "../../shared/protocol.ts";
import { staleWhileRevalidateSeconds } from "../../shared/routes/index.ts";
import { longestSocketPath } from "../../shared/runtime-directory.ts";
import {
  clockLeewaySeconds,
  forAnonymous,
  forUsers,
  longestJwtSeconds,
  mostConcurrent,
  signedLinkSeconds,
  tokenLifetimeMs,
} from "../github-emulator/index.ts";

const root = join(import.meta.dirname, "../..");
const [second, minute, hour, day] = [1000, 60_000, 3600_000, 24 * 3600_000];
const [kib, mib] = [1024, 2 ** 20];
/** The emulator's own help about GitHub. */
const githubsPoints = Number(
  /GitHub has (\d+)/.exec(readFileSync(join(root, "test/github-emulator/main.ts"), "utf8"))?.[1],
);

/** Reads of the pool that are worth one point of gh's. */
const mostShared = (1 + startOfGh) * looksPerSharedRead;

/** A page, the words around one figure, and what the figure must be. */
const figures: readonly (readonly [page: string, pattern: RegExp, value: number])[] = [
  ["daemon", /idle for ([\w]+) minutes/, defaultIdleSeconds / 60],
  ["daemon", /finishes what runs \((\w+) minutes at most\)/, drainMs / minute],
  ["daemon", /curl 7\.(\d+) or later/, Number(oldestCurl.split(".")[1])],
  ["daemon", /socket address \((\d+) bytes/, longestSocketPath("linux")],
  ["daemon", /macOS (\d+)\)/, longestSocketPath("darwin")],
  ["daemon", /passed (\d+) KiB/, longestLog / kib],
  ["daemon", /jobs and checks (\d+) s/, localSeconds.activeCi],
  ["daemon", /searches (\d+) s/, localSeconds.list],
  ["daemon", /details (\d+) s/, localSeconds.detail],
  ["daemon", /cannot change (\d+) min/, localSeconds.immutable / 60],
  ["daemon", /the relay keeps for (\w+) hours/, unchangingSeconds / 3600],
  ["daemon", /at most (\d+) MiB/, defaultCapacity / mib],
  ["daemon", /larger than a (\w+) of it/, largestShare],
  ["daemon", /for (\w+) minutes after it/, markLifetimeMs / minute],
  ["daemon", /tried once more after (\d+) ms/, outageRetryMs],
  ["daemon", /once more after (\d+) s/, transientRetryMs / second],
  ["daemon", /After (\w+) failures in a row/, failuresToOpen],
  ["daemon", /a pause \((\d+) s/, firstPauseMs / second],
  ["daemon", /doubling to (\d+) s/, longestPauseMs / second],
  ["daemon", /one notice in (\w+) minutes/, noticePauseMs.relay_outage / minute],
  ["daemon", /missing login is reported (\w+) a day/, day / noticePauseMs.not_logged_in],
  ["daemon", /more than (\d+) MiB 413/, longestBody / mib],
  ["daemon", /of the protocol, (\d+)\)/, protocolVersion],
  ["freshness", /On this machine (\d+) to/, localSeconds.list],
  ["freshness", /On this machine \d+ to (\d+) seconds/, localSeconds.detail],
  ["freshness", /(\w+) minutes for what cannot change/, localSeconds.immutable / 60],
  ["freshness", /for (\w+) minute more while/, staleWhileRevalidateSeconds / 60],
  ["gh", /further back than (\d+) pull requests/, mostPages.unfiltered * pullsPerPage],
  ["gh", /, (\d+) where they are filtered/, mostPages.filtered * pullsPerPage],
  ["gh", /read in pages of (\d+)/, pullsPerPage],
  ["gh", /one read that the pool pays for answers (\w+)/, looksPerSharedRead],
  ["gh", /the reads cost over (\w+) more/, startOfGh],
  ["gh", /(\d+) pull requests of a list at most/, mostShared],
  ["gh", /, (\d+) where they are files or checks/, Math.floor(mostShared / 2)],
  ["gh", /that finds more than (\d+)/, mostShared],
  ["gh", /lists of more than (\d+) pages/, defaultMaxPages],
  ["gh", /runs: (\d+)\)/, runsPerPage],
  ["gh", /--paginate` of more than (\d+) pages/, mostApiPages],
  ["gh", /first line over (\d+) characters/, longestHeadline],
  ["gh", /more than (\d+) files, commits/, connectionSize],
  ["emulator", /GitHub has (\d+)/, githubsPoints],
  ["emulator", /credentials \(([\d,]+) \//, forUsers.core],
  ["emulator", /credentials \([\d,]+ \/ (\d+) an hour/, forAnonymous.core],
  ["emulator", /search (\d+) \//, forUsers.search],
  ["emulator", /search \d+ \/ (\d+)/, forAnonymous.search],
  ["emulator", /code search (\d+) a minute/, forUsers.code_search],
  ["emulator", /GraphQL ([\d,]+) points/, forUsers.graphql],
  ["emulator", /more than (\d+) requests at once/, mostConcurrent],
  ["emulator", /link that lives (\w+) minute/, signedLinkSeconds / 60],
  ["emulator", /tokens that live (\w+) hour/, tokenLifetimeMs / hour],
  ["emulator", /expiry within (\w+) minutes/, longestJwtSeconds / 60],
  ["emulator", /minutes and (\w+) more for clocks/, clockLeewaySeconds / 60],
];

test.each(figures)("docs/%s.md: %s is %d", (page, pattern, value) => {
  const text = readFileSync(join(root, "docs", `${page}.md`), "utf8").replace(/\n */g, " ");
  const found = [...text.matchAll(new RegExp(pattern, "g"))].map(([, figure = ""]) => numberOf(figure));
  expect(found).toEqual([value]);
});

const words: Readonly<Record<string, number>> = {
  quarter: 1 / 4,
  a: 1,
  once: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  ten: 10,
  fifteen: 15,
  thirty: 30,
};

function numberOf(figure: string): number {
  return words[figure] ?? Number(figure.replaceAll(",", ""));
}
