/** `npm run check`: formatting, lint (with the one-way dependency rule) and types, in one command. */
import { spawnSync } from "node:child_process";

const steps: readonly (readonly [string, ...string[]])[] = [
  ["biome", "check", "--error-on-warnings", "."],
  ["tsc", "-p", "tsconfig.json"],
  ["tsc", "-p", "relay-worker/tsconfig.json"],
];

let failed = false;
for (const [command, ...args] of steps) {
  const { status, error } = spawnSync(command, args, { stdio: "inherit" });
  if (error) console.error(`${command}: ${error.message}`);
  if (status !== 0) failed = true;
}
process.exitCode = failed ? 1 : 0;
