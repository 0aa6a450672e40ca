/** The curl that the shim's fast road is made of. */
import { execa } from "execa";
import type { Environment } from "../../shared/settings/environment.ts";
import { isNewer } from "../../shared/version.ts";

/** `-w '%{stderr}'` came with it; an older one would print its numbers among gh's output. */
export const oldestCurl = "7.63.0";

/** Milliseconds. */
const patience = 10_000;

export type Curl = "missing" | { readonly version: string; readonly tooOld: boolean };

/** The one on PATH. */
export async function findCurl(env: Environment): Promise<Curl> {
  const child = await execa("curl", ["-q", "--version"], {
    env: { ...env },
    extendEnv: false,
    reject: false,
    timeout: patience,
  });
  const version = /^curl (\d+\.\d+\.\d+)/.exec(child.stdout ?? "")?.[1];
  return version === undefined ? "missing" : { version, tooOld: isNewer(oldestCurl, version) };
}
