/** Decides, before the engine sees a command, whether Octopool may answer it and from which relay. */
import { aliasReason } from "../shared/protocol.ts";
import type { Environment } from "../shared/settings/environment.ts";
import type { KnownConnection } from "./connections.ts";
import type { Invocation } from "./gh/engine.ts";
import { ghConfigOf, isAliased, printingSetting } from "./gh-config.ts";
import { NativeRequired } from "./reader.ts";
import { type Switches, switchesOf } from "./switches.ts";
import type { DaemonWorld } from "./world.ts";

export interface PreparedCall {
  /** Undefined: the caller has not logged in to a relay. */
  readonly known: KnownConnection | undefined;
  readonly switches: Switches;
  /** Identifies the caller's way to the relay. */
  readonly env: Environment;
}

/**
 * @param token the caller's own token at the relay, where its environment names one
 * @throws NativeRequired for a command that the real gh must run; OctopoolError when the settings cannot be read
 */
export async function prepareCall(world: DaemonWorld, invocation: Invocation, token?: string): Promise<PreparedCall> {
  // Bytes that are not UTF-8 were replaced on the way here; the caller still has them.
  if (invocation.args.some((arg) => arg.includes("\ufffd"))) throw new NativeRequired("an argument is not UTF-8");
  const config = ghConfigOf(invocation.env);
  if (isAliased(invocation.args, config)) throw new NativeRequired(aliasReason);
  const setting = printingSetting(config, invocation);
  if (setting !== undefined) throw new NativeRequired(setting);
  const switches = switchesOf(invocation.env);
  const env = connectionEnvironment(world, invocation, token);
  const known = await world.connections.of(env);
  world.freshness.lookAt(invocation.cwd, invocation.env.GIT_DIR);
  return { known, switches, env };
}

/** A client sends its own settings. A call by hand without a HOME uses the daemon's settings. */
function connectionEnvironment({ env }: DaemonWorld, invocation: Invocation, token: string | undefined) {
  if (invocation.env.HOME === undefined && token === undefined) return { ...env, ...invocation.env };
  return { ...invocation.env, OCTOPOOL_TOKEN: token };
}
