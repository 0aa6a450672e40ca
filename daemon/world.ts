/** The parts of a running Octopool, put together once: by the daemon, or by a process that embeds the engine. */
import { join } from "node:path";
import { mountsSeen } from "../shared/mounts.ts";
import { leasesDirectory, networkFile } from "../shared/protocol.ts";
import { linkIfAny } from "../shared/regular-file.ts";
import { environmentInteger } from "../shared/settings/environment.ts";
import { CachedReads } from "./cache/reads.ts";
import { Store } from "./cache/store.ts";
import type { Comparisons } from "./comparison/index.ts";
import { Connections } from "./connections.ts";
import { Counters } from "./counters.ts";
import { Events } from "./events/index.ts";
import type { Pause } from "./events/watch.ts";
import { GhFilter } from "./filter/index.ts";
import { Freshness } from "./freshness/index.ts";
import type { Engine } from "./gh/engine.ts";
import { type GhVersionSource, GhVersions } from "./gh-versions.ts";
import { GraphqlPoints } from "./graphql-points.ts";
import { Lazy } from "./lazy.ts";
import type { Log } from "./life/log.ts";
import type { Natives } from "./natives.ts";
import { Notices } from "./notices.ts";
import { Personal } from "./personal/index.ts";
import { Relays } from "./relays.ts";
import { ViaOffer, type ViaOfferOptions } from "./via/offer.ts";

/** Without OCTOPOOL_GRAPHQL_SECONDS. */
const defaultGraphqlSeconds = 5;

interface WorldOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The runtime directory. */
  readonly directory: string;
  /** See `sharedMarksDirectory`. */
  readonly sharedMarks?: string | undefined;
  readonly now: () => number;
  readonly log: Log;
  /** Bytes of answers kept. */
  readonly capacity?: number | undefined;
  /** The process lives for one command. */
  readonly brief?: boolean;
  /** How watches wait, where `now` is not the clock of timers. */
  readonly pause?: Pause | undefined;
  readonly engine?: Engine;
  /** In place of the programs on callers' PATHs. */
  readonly ghVersions?: GhVersionSource;
}

export interface DaemonWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
  readonly log: Log;
  readonly store: Store;
  readonly counters: Counters;
  readonly freshness: Freshness;
  readonly reads: CachedReads;
  readonly connections: Connections;
  readonly relays: Relays;
  /** Events from the relay. */
  readonly events: Events;
  readonly notices: Notices;
  readonly ghVersions: GhVersionSource;
  /** Comparisons with a gh that is newer than the releases that Octopool was tested with. */
  readonly comparisons: Lazy<Comparisons>;
  /** Reads with callers' own tokens. */
  readonly personal: Personal;
  /** The real gh's requests through this process; undefined where it lives for one command. */
  readonly via: ViaOffer | undefined;
  /** The caller's gh for filters alone; undefined where this process lives for one command. */
  readonly filter: GhFilter | undefined;
  /** Commands that ran the real gh. */
  readonly natives: Lazy<Natives>;
  readonly engine: Engine;
  /** The mounts that this process sees (shared/protocol.ts). */
  readonly mounts: string;
  /** The network that it sees; undefined where the system does not show it. */
  readonly network: string | undefined;
}

export function createWorld({
  env,
  directory,
  sharedMarks,
  now,
  log,
  capacity,
  brief = false,
  pause,
  engine,
  ghVersions,
}: WorldOptions): DaemonWorld {
  const store = new Store(capacity);
  const counters = new Counters();
  const freshness = new Freshness({ directory, sharedMarks, now, env, onlyLook: brief });
  const points = new GraphqlPoints();
  const own = {
    points,
    graphqlSeconds: environmentInteger(env, "OCTOPOOL_GRAPHQL_SECONDS") ?? defaultGraphqlSeconds,
    writtenAt: () => {
      freshness.look();
      return freshness.memory.latest;
    },
  };
  const events = new Events({ heard: freshness.heard, now, brief, pause });
  return {
    env,
    now,
    log,
    store,
    counters,
    freshness,
    reads: new CachedReads({
      store,
      counters,
      now,
      writtenAt: (repository, kind, tags) => freshness.writtenAt(repository, kind, tags),
      heardAt: (askerId, repository, tags) => freshness.heard.at(askerId, repository, tags),
    }),
    connections: new Connections(now),
    relays: new Relays({
      counters,
      now,
      onAnswer: (known, way, path, answer) => events.answered(known, way, path, answer),
    }),
    events,
    notices: new Notices(directory, now),
    ghVersions: ghVersions ?? new GhVersions({ ourselves: ourselves(), directory }),
    comparisons: new Lazy(async () => {
      const [{ Comparisons }, { ledgerPath }] = await Promise.all([
        import("./comparison/index.ts"),
        import("./comparison/ledger.ts"),
      ]);
      return new Comparisons(ledgerPath(env), now);
    }),
    personal: new Personal({ ourselves: ourselves(), env, now, ...own }),
    via: brief ? undefined : viaOf({ directory, now, log, freshness, ...own }),
    filter: brief
      ? undefined
      : new GhFilter({ directory: join(directory, `filter-${process.pid}`), ourselves: ourselves() }),
    natives: new Lazy(async () => {
      const { Natives } = await import("./natives.ts");
      return new Natives(env, now);
    }),
    engine: engine ?? ghEngine,
    mounts: mountsSeen(),
    network: linkIfAny(networkFile),
  };
}

interface ViaSurroundings
  extends Pick<WorldOptions, "directory" | "now" | "log">,
    Pick<ViaOfferOptions, "points" | "graphqlSeconds" | "writtenAt"> {
  readonly freshness: Freshness;
}

function viaOf({ directory, freshness, ...rest }: ViaSurroundings): ViaOffer {
  return new ViaOffer({
    directory: join(directory, `via-${process.pid}`),
    leases: join(directory, leasesDirectory),
    onWrite: (repository) => freshness.memory.mark(repository === undefined ? [] : [repository]),
    ...rest,
  });
}

/** The script that runs, and the program that runs it: one and the same where Octopool is a single file. */
function ourselves(): readonly string[] {
  return [process.argv[1], process.execPath].filter((path) => path !== undefined);
}

/** Loaded with the first call: an idle daemon does without it. */
const ghEngine: Engine = async (invocation, dependencies) => {
  const { engine } = await import("./gh/index.ts");
  return engine(invocation, dependencies);
};
