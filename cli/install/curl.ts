/** The curl that the sh shim uses. */
import { execa } from "execa";
import type { Environment } from "../../shared/settings/environment.ts";
import { isNewer } from "../../shared/version.ts";

/** `--unix-socket` came with it. An older one that comes later costs only time: the shim then asks the full client. */
export const oldestCurl = "7.40.0";

/** Milliseconds. */
const patience = 10_000;

type Curl = "missing" | { readonly version: string; readonly tooOld: boolean };

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
