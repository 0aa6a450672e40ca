/** This checkout's own `octopool`, as a deployment runs it. */
import { join } from "node:path";
import { execa } from "execa";
import type { FirstUsing } from "./first-use.ts";

/** gh may ask its keyring, and the relay GitHub. */
const timeoutMs = 120_000;

/** It asks nothing: its questions were answered before. */
export function octopoolProcess(env: NodeJS.ProcessEnv): FirstUsing["octopool"] {
  const { OCTOPOOL_TOKEN: _token, OCTOPOOL_POOL: _pool, ...inherited } = env;
  return async (args, more) => {
    const { exitCode, all } = await execa(process.execPath, [join(import.meta.dirname, "../../cli/main.ts"), ...args], {
      env: { ...inherited, ...more },
      extendEnv: false,
      stdin: "ignore",
      all: true,
      reject: false,
      timeout: timeoutMs,
    });
    return { ok: exitCode === 0, output: all ?? "" };
  };
}
