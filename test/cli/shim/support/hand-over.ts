/** Hands over to a program as the shim does: `replace` or `child`, the program, its arguments. */
import { handOver } from "../../../../cli/shim/hand-over.ts";
import { OctopoolError } from "../../../../shared/errors.ts";

const [way, gh = "", ...args] = process.argv.slice(2);
const afterwards = way === "child" ? () => process.stderr.write("afterwards\n") : undefined;
try {
  process.exitCode = await handOver({
    gh,
    args,
    env: process.env,
    afterwards: afterwards && (() => void afterwards()),
  });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof OctopoolError ? error.exitCode : 1;
}
