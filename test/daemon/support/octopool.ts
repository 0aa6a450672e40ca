/** `octopool` from source, with the test's engine in its daemon: started as users' processes are. */
import { realpathSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { reportFailure } from "../../../cli/shim/failure.ts";
import { compileCacheDirectory, compiledBeside } from "../../support/compile-cache.ts";

// Not by the environment: the shim takes Node's variables from its full client. A bundle has a place of its own.
const isBundle = import.meta.filename.endsWith(".cjs");
enableCompileCache(isBundle ? compiledBeside(import.meta.filename) : compileCacheDirectory);

const { env } = process;
// The version, which the bundler compiles in: from the environment, or, for a daemon, which inherits none of it, from
// its starter.
const given = process.argv.slice(2);
const version = given[0]?.startsWith("version=") ? given.shift()?.slice("version=".length) : env.TEST_VERSION;
if (version) Object.assign(globalThis, { OCTOPOOL_VERSION: version });
const [first, ...args] = given;

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
  const { ghCallOf } = await import("../../../cli/shim/gh-call.ts");
  const as = version ? [`version=${version}`] : [];
  const self = () => [process.execPath, realpathSync(import.meta.filename), ...as] as const;
  const call = ghCallOf("octopool", [first ?? "", ...args]) ?? { args };
  return runShim({ ...call, env, uid: process.getuid?.() ?? 0, platform: process.platform, pid: process.pid, self });
}

// As the entry does: a failure only sets the exit code, and open handles keep the process.
void (first === "daemon" ? daemon() : shim()).catch(reportFailure).then((code) => {
  process.exitCode = code;
});
