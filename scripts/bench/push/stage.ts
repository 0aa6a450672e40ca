/** GitHub, the relay and four machines that may listen: the real Worker and its objects, real daemons' memory, real sockets. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Pause } from "../../../daemon/events/watch.ts";
import type { Engine } from "../../../daemon/gh/engine.ts";
import { engine as ghEngine } from "../../../daemon/gh/index.ts";
import { hooksPath } from "../../../shared/events/names.ts";
import { type GitHub, startGitHub, type WorldFile } from "../../../test/github-emulator/index.ts";
import { Machines } from "../team/machines.ts";
import { appKeys, fillPool, startTeamRelay, type TeamRelay } from "../team/relay.ts";
import { Ears } from "./ears.ts";
import { ask } from "./run-command.ts";

export const machineNames = ["m-one", "m-two", "m-three", "m-four"] as const;
const secret = "secret-of-the-bench";

export interface PushStage {
  readonly github: GitHub;
  readonly relay: TeamRelay;
  readonly machines: Machines;
  /** The machines' listening; undefined where GitHub tells nothing. */
  readonly ears: Ears | undefined;
  readonly directory: string;
  close(): Promise<void>;
}

interface PushOptions {
  readonly world: WorldFile;
  /** Whether GitHub tells the relay of events. */
  readonly push: boolean;
  readonly now: () => number;
  /** Sets the relay's clock before anything is read. */
  readonly startAt?: number;
  readonly pause?: Pause;
  readonly engine?: Engine;
}

/** Each machine has read an issue of every repository, and listens for it where there is something to hear. */
export async function setPushStage(options: PushOptions): Promise<PushStage> {
  const { world, push, now, startAt, pause, engine = ghEngine } = options;
  const directory = mkdtempSync(join(tmpdir(), "octopool-push-"));
  const github = await startGitHub({ world, port: 0, now, appKeys });
  const relay = await startTeamRelay(github.url, push ? { OCTOPOOL_WEBHOOK_SECRET: secret } : {});
  const defects: string[] = [];
  if (startAt !== undefined) await relay.clock(startAt);
  await fillPool(relay.operator);
  const machines = await Machines.start({
    names: machineNames,
    actorOf: () => "p01",
    operator: relay.operator,
    directory,
    now,
    engine,
    capacity: undefined,
    ...(pause && { pause }),
    onAsk: (read) => ({ ...read, t: now(), cache: "" }),
    onDefect: (what) => defects.push(what),
  });
  const close = async () => {
    for (const name of machineNames) machines.of(name).events.close();
    await machines.close();
    await relay.close();
    await github.close();
    rmSync(directory, { recursive: true, force: true });
    if (defects.length > 0) throw new Error(`a daemon met a mistake: ${defects[0]}`);
  };
  const stage = { github, relay, machines, directory, close };
  const repositories = (world.repositories ?? []).map(({ name }) => name);
  try {
    for (const name of machineNames) {
      for (const repository of repositories) await ask(stage, name, ["api", `repos/${repository}/issues/1`]);
    }
    if (!push) return { ...stage, ears: undefined };
    const ears = await Ears.open(machines, machineNames);
    github.engine.deliverTo({ url: `${relay.operator.server}${hooksPath}`, secret });
    await ears.ready(github, repositories, now);
    return { ...stage, ears };
  } catch (error) {
    await close();
    throw error;
  }
}
