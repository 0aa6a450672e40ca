/** The one entry: `octopool …`, `octopool gh …`, and any link to it that is named `gh`. */
import { nodeProblem } from "./node-version.ts";
import { selfCommand } from "./self.ts";
import { ghCallOf } from "./shim/gh-call.ts";
import { ownSettings } from "./shim/own-settings.ts";
import { runShim } from "./shim/run.ts";

async function main(args: readonly string[]): Promise<number> {
  const nodeTooOld = nodeProblem(process.versions.node);
  const call = ghCallOf(process.argv[1] ?? "", args);
  if (call !== undefined) {
    const { env, platform, pid } = process;
    const uid = process.getuid?.() ?? 0;
    // All output is complete by then: only the runtime's own cleanup would remain.
    process.exit(await runShim({ ...call, nodeTooOld, env: ownSettings(env), uid, platform, pid, self: selfCommand }));
  }
  if (nodeTooOld !== undefined) {
    process.stderr.write(`${nodeTooOld}\n`);
    return 1;
  }
  if (args[0] === "daemon" && args[1] === "run") {
    const { runDaemon } = await import("../daemon/main.ts");
    // Ends the process even if a socket or timer is still open.
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
