/** `octopool` from source, with the test's engine in its daemon: started as users' processes are. */
import { realpathSync } from "node:fs";

const [first, ...args] = process.argv.slice(2);
const { env } = process;
// What the bundler compiles in.
if (env.TEST_VERSION) Object.assign(globalThis, { OCTOPOOL_VERSION: env.TEST_VERSION });

async function daemon(): Promise<number> {
  const { runDaemon } = await import("../../../daemon/main.ts");
  const { testEngine } = await import("./engine.ts");
  return runDaemon({
    env,
    channel: args.includes("--channel"),
    engine: testEngine,
    ownershipCheckMs: Number(env.TEST_OWNERSHIP_MS ?? 5000),
  });
}

async function shim(): Promise<number> {
  const { runShim } = await import("../../../cli/shim/run.ts");
  const self = () => [process.execPath, realpathSync(import.meta.filename)] as const;
  return runShim({ args, env, uid: process.getuid?.() ?? 0, platform: process.platform, pid: process.pid, self });
}

process.exitCode = await (first === "daemon" ? daemon() : shim());
