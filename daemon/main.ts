/** The daemon's life: lock, listen, report, serve, leave. */
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import type { Server } from "node:http";
import { dirname, join } from "node:path";
import { messageOf } from "../shared/message-of.ts";
import { leasesDirectory, marksDirectory, networkLink } from "../shared/protocol.ts";
import { runtimePaths, sharedMarksDirectory } from "../shared/runtime-directory.ts";
import { ensureSafeDirectory } from "../shared/safe-directory.ts";
import { environmentInteger } from "../shared/settings/environment.ts";
import { withPreferences } from "../shared/settings/preferences.ts";
import { version } from "../shared/version.ts";
import type { Engine } from "./gh/engine.ts";
import { processOf, tellTerminal } from "./life/foreground.ts";
import { type Lock, takeLock } from "./life/lock.ts";
import { openLog } from "./life/log.ts";
import { Presence } from "./life/presence.ts";
import { listen, type OwnedSocket } from "./life/socket.ts";
import { leaveStarter } from "./life/starter.ts";
import { tellStarter } from "./life/startup-channel.ts";
import { createDaemonServer, stopListening } from "./server.ts";
import { removeOldWays } from "./via/old-ways.ts";
import { createWorld, type DaemonWorld } from "./world.ts";

interface DaemonOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a starter listens on the start-up channel. */
  readonly channel: boolean;
  /** Another engine than gh's own, and other times than the usual ones. */
  readonly engine?: Engine;
  readonly ownershipCheckMs?: number;
}

/** Without OCTOPOOL_IDLE_SECONDS. */
export const defaultIdleSeconds = 15 * 60;
/** How often the daemon makes sure that its socket's file is still its own. */
const usualOwnershipCheckMs = 5_000;
/** How long running calls may take to end once the daemon is asked to leave. */
export const drainMs = 10 * 60_000;

/** Runs until it is asked to leave, or has been idle long enough; resolves with the exit code. */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  const { channel } = options;
  const say = channel ? tellStarter : () => undefined;
  try {
    return await serve(options, say);
  } catch (error) {
    const message = messageOf(error);
    say(`error ${message.replaceAll("\n", " ").replace(/\.$/, "")}`);
    if (channel) return 1;
    throw error;
  }
}

async function serve(options: DaemonOptions, say: typeof tellStarter): Promise<number> {
  leaveStarter();
  const { directory, uid, socket: path } = placeOf(options);
  ensureSafeDirectory(directory, uid);
  const lock = takeLock(join(directory, "lock"));
  if (lock === undefined) {
    say("busy");
    if (!options.channel) tellTerminal(`A daemon runs already${await processOf(path)} at ${path}.`);
    return 0;
  }
  let daemon: Daemon;
  try {
    daemon = await begin(options);
  } catch (error) {
    // The process that holds the lock listens, or exits.
    lock.release();
    throw error;
  }
  daemon.world.log("started", { version, pid: process.pid });
  say("ready");
  if (!options.channel) tellTerminal(`The daemon listens at ${path} (process ${process.pid}). Ctrl-C stops it.`);
  return leave(daemon, lock);
}

function placeOf({ env }: Pick<DaemonOptions, "env">) {
  const uid = process.getuid?.() ?? 0;
  return { uid, ...runtimePaths({ env, platform: process.platform, uid }) };
}

/** A daemon that listens. */
interface Daemon {
  readonly world: DaemonWorld;
  readonly presence: Presence;
  readonly server: Server;
  readonly socket: OwnedSocket;
  /** Resolves with the reason why it should leave. */
  readonly leaving: Promise<string>;
  /** From now on it takes no new calls. */
  readonly refuse: () => void;
}

/** Everything between the lock and the first call; where a part of it fails, all of it is undone. */
async function begin(options: DaemonOptions): Promise<Daemon> {
  const { env, engine, ownershipCheckMs = usualOwnershipCheckMs } = options;
  const { uid, directory, socket: path } = placeOf(options);
  const settings = withPreferences(env);
  const idleSeconds = environmentInteger(settings, "OCTOPOOL_IDLE_SECONDS") ?? defaultIdleSeconds;
  const cacheMib = environmentInteger(settings, "OCTOPOOL_CACHE_MIB");
  // The shim leaves a mark of each write only where it finds this.
  mkdirSync(join(directory, marksDirectory), { recursive: true, mode: 0o700 });
  mkdirSync(join(directory, leasesDirectory), { recursive: true, mode: 0o700 });
  removeOldWays(directory);
  const sharedMarks = makeSharedMarks(env, uid);
  linkNetwork(join(directory, networkLink));
  const world = createWorld({
    env,
    directory,
    sharedMarks,
    now: Date.now,
    log: openLog(join(directory, "daemon.log"), Date.now),
    capacity: cacheMib && cacheMib * 2 ** 20,
    ...(engine && { engine }),
  });
  const leaving = Promise.withResolvers<string>();
  let isLeaving = false;
  const presence = new Presence(idleSeconds * 1000, () => leaving.resolve("idle"));
  world.via?.holdBy(() => presence.enter());
  const server = createDaemonServer({
    world,
    presence,
    startedAt: Date.now(),
    onShutdown: () => leaving.resolve("asked"),
    isLeaving: () => isLeaving,
  });
  let socket: OwnedSocket;
  try {
    socket = await listen(server, path, { uid, pid: process.pid });
  } catch (error) {
    presence.stop();
    server.close();
    server.closeAllConnections();
    throw error;
  }
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => leaving.resolve(signal));
  const check = setInterval(() => {
    if (!socket.isOurs()) leaving.resolve("the socket is not ours any more");
  }, ownershipCheckMs);
  const refuse = () => {
    isLeaving = true;
    clearInterval(check);
  };
  return { world, presence, server, socket, leaving: leaving.promise, refuse };
}

async function leave({ world, presence, server, socket, leaving, refuse }: Daemon, lock: Lock): Promise<number> {
  const reason = await leaving;
  world.log("leaving", { reason, running: presence.running });
  refuse();
  // First refuse new calls, then let a successor begin, then finish the running calls.
  socket.remove();
  stopListening(server);
  lock.release();
  await presence.drained(drainMs);
  // A gh that runs with our settings can send its requests only here.
  await world.via?.ended();
  server.closeAllConnections();
  world.events.close();
  await world.via?.close();
  await world.filter?.close();
  await world.relays.close();
  await world.personal.close();
  world.natives.loaded?.save();
  world.log("left", { version, pid: process.pid });
  return 0;
}

/** Best effort: without it the shim's script asks by the full client. */
function linkNetwork(path: string): void {
  try {
    rmSync(path, { force: true, recursive: true });
    symlinkSync(`/proc/${process.pid}/ns/net`, path);
  } catch {}
}

/** Best effort: without it only writes with this daemon's own runtime directory are known. */
function makeSharedMarks(env: DaemonOptions["env"], uid: number): string | undefined {
  const path = sharedMarksDirectory({ env, uid });
  if (path === undefined) return undefined;
  try {
    ensureSafeDirectory(dirname(path), uid);
    ensureSafeDirectory(path, uid);
    return path;
  } catch {
    return undefined;
  }
}
