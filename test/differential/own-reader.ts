/** The reader of a daemon without a relay, for one account, over an emulated GitHub. */
import { GraphqlPoints } from "../../daemon/graphql-points.ts";
import { githubCom } from "../../daemon/hosts.ts";
import { OwnCounters } from "../../daemon/personal/counters.ts";
import type { AskGitHub } from "../../daemon/personal/github.ts";
import { keyOf } from "../../daemon/personal/key.ts";
import type { OwnMemory } from "../../daemon/personal/memory.ts";
import { priceOf } from "../../daemon/personal/price.ts";
import { PersonalReader } from "../../daemon/personal/reader.ts";
import type { GitHubReader, ReadRequest } from "../../daemon/reader.ts";
import type { Emulator } from "../../scripts/differential/emulator.ts";

interface OwnReaderOptions {
  readonly ask: AskGitHub;
  /** What the daemon holds: the same one for the looks of one daemon. */
  readonly memory: OwnMemory;
  readonly now: () => number;
}

/** @returns two: one answers by reads alone, the other as cost decides */
export function ownReaders({ socket, viewerToken: token }: Emulator, { ask, memory, now }: OwnReaderOptions) {
  const account = { hash: "hash of the viewer", host: githubCom, token, socket };
  const counters = new OwnCounters(new GraphqlPoints());
  const moments = { now, writtenAt: () => 0 };
  const reader = new PersonalReader({
    ask,
    memory,
    countersOf: () => counters,
    ...moments,
    graphqlSeconds: 5,
    onUnauthorized: () => undefined,
  });
  const held = (request: ReadRequest) => memory.get(keyOf(request, account));
  const readsAlone: GitHubReader = {
    read: (request) =>
      request.graphql ? Promise.reject(new Error("there is no relay")) : reader.read(request, account),
    isOwn: () => true,
    recall: async (request) => held(request),
  };
  const byCost: GitHubReader = {
    ...readsAlone,
    price: async (request) => priceOf(held(request), request, moments),
    asked: async (request) => memory.asked(keyOf(request, account)),
  };
  return { readsAlone, byCost };
}
