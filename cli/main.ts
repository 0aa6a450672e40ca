/** The one entry: `octopool …`, `octopool gh …`, and any link to it that is named `gh`. */
import { runShim } from "./shim/run.ts";
import { selfCommand } from "./shim/self.ts";

function calledAs(): string {
  return (process.argv[1] ?? "").replace(/^.*\//, "");
}

function shim(args: readonly string[]): Promise<number> {
  return runShim({
    args,
    env: process.env,
    uid: process.getuid?.() ?? 0,
    platform: process.platform,
    pid: process.pid,
    self: selfCommand,
  });
}

async function main(args: readonly string[]): Promise<number> {
  // Everything is printed by then, in full: there is nothing to wait for but the runtime's own tidying up.
  if (calledAs() === "gh") process.exit(await shim(args));
  if (args[0] === "gh") process.exit(await shim(args.slice(1)));
  if (args[0] === "daemon" && args[1] === "run") {
    const { runDaemon } = await import("../daemon/main.ts");
    // Whatever may still be open, a daemon that has left is gone.
    process.exit(await runDaemon({ env: process.env, channel: args.includes("--channel") }));
  }
  const { run } = await import("./program.ts");
  return run(args);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  async (error: unknown) => {
    const { reportFailure } = await import("./shim/failure.ts");
    process.exitCode = reportFailure(error);
  },
);
