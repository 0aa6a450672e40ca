/** `octopool` from source, with the test's engine in its daemon: started as users' processes are. */
import { realpathSync } from "node:fs";
import { runShim } from "../../../cli/shim/run.ts";
import { runDaemon } from "../../../daemon/main.ts";
import { testEngine } from "./engine.ts";

const [first, ...args] = process.argv.slice(2);
const { env } = process;
const self = [process.execPath, realpathSync(import.meta.filename)] as const;
const work =
  first === "daemon"
    ? runDaemon({
        env,
        channel: args.includes("--channel"),
        engine: testEngine,
        ownershipCheckMs: Number(env.TEST_OWNERSHIP_MS ?? 5000),
      })
    : runShim({ args, env, uid: process.getuid?.() ?? 0, platform: process.platform, pid: process.pid, self });
process.exitCode = await work;
