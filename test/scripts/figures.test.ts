/** Figures in the pages are those of the code: a sentence of each, as it must stand there. */
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
  githubsPoints,
  longestJwtSeconds,
  mostConcurrent,
  signedLinkSeconds,
  tokenLifetimeMs,
} from "../github-emulator/index.ts";
import { grouped, hour, kib, mib, minute, onOneLine, second } from "../support/figures.ts";

const { activeCi, list, detail, immutable } = localSeconds;
/** Reads of the pool that are worth one point of gh's. */
const mostShared = (1 + startOfGh) * looksPerSharedRead;

test.each([
  ["daemon", `idle for ${defaultIdleSeconds / 60} minutes`],
  ["daemon", `finishes running calls (${drainMs / minute} minutes at most)`],
  ["daemon", `curl ${oldestCurl.replace(/\.0$/, "")} or later`],
  ["daemon", `socket address (${longestSocketPath("linux")} bytes, macOS ${longestSocketPath("darwin")})`],
  ["daemon", `passed ${longestLog / kib} KiB`],
  ["daemon", `jobs and checks ${activeCi} s, lists and searches ${list} s, details ${detail} s`],
  ["daemon", `unchanging answers ${immutable / 60} min`],
  ["daemon", `the relay keeps for ${unchangingSeconds / 3600} hours`],
  ["daemon", `at most ${defaultCapacity / mib} MiB`],
  ["daemon", `larger than ${100 * largestShare} % of it`],
  ["daemon", `for ${markLifetimeMs / minute} minutes after it`],
  ["daemon", `tried once more after ${outageRetryMs} ms`],
  ["daemon", `tried once more after ${transientRetryMs / second} s`],
  ["daemon", `After ${failuresToOpen} failures in a row the relay is given a pause (${firstPauseMs / second} s,`],
  ["daemon", `doubling to ${longestPauseMs / second} s)`],
  ["daemon", `one notice in ${noticePauseMs.relay_outage / minute} minutes`],
  ["daemon", `login is reported once in ${noticePauseMs.not_logged_in / hour} hours`],
  ["daemon", `more than ${longestBody / mib} MiB 413`],
  ["daemon", `of the protocol, ${protocolVersion})`],
  ["freshness", `On this machine ${list} to ${detail} seconds, ${immutable / 60} minutes for data that cannot change`],
  ["freshness", `given for ${staleWhileRevalidateSeconds / 60} minute more while`],
  ["gh", `further back than ${mostPages.unfiltered * pullsPerPage} pull requests`],
  ["gh", `, ${mostPages.filtered * pullsPerPage} where they are filtered`],
  ["gh", `read in pages of ${pullsPerPage},`],
  ["gh", `one read that the pool pays for answers ${looksPerSharedRead},`],
  ["gh", `the reads cost over ${startOfGh} more than gh's query: ${startOfGh} because`],
  ["gh", `the pool reads ${mostShared} pull requests of a list at most`],
  ["gh", `, ${Math.floor(mostShared / 2)} where they are files or checks`],
  ["gh", `that finds more than ${mostShared} of which`],
  ["gh", `lists of more than ${defaultMaxPages} pages of 100 (runs: ${runsPerPage})`],
  ["gh", `--paginate\` of more than ${mostApiPages} pages`],
  ["gh", `first line over ${longestHeadline} characters`],
  ["gh", `more than ${connectionSize} files, commits`],
  ["emulator", `(GitHub has ${githubsPoints})`],
  ["emulator", `credentials (${grouped(forUsers.core)} / ${forAnonymous.core} an hour;`],
  ["emulator", `search ${forUsers.search} / ${forAnonymous.search} and code search ${forUsers.code_search} a minute;`],
  ["emulator", `GraphQL ${grouped(forUsers.graphql)} points`],
  ["emulator", `more than ${mostConcurrent} requests at once`],
  ["emulator", `link that lives ${signedLinkSeconds / 60} minute,`],
  ["emulator", `tokens that live ${tokenLifetimeMs / hour} hour on`],
  ["emulator", `expiry within ${longestJwtSeconds / 60} minutes and ${clockLeewaySeconds / 60} more for clocks`],
])("docs/%s.md says: %s", (page, sentence) => {
  expect(onOneLine(readFileSync(join(import.meta.dirname, "../../docs", `${page}.md`), "utf8"))).toContain(sentence);
});
