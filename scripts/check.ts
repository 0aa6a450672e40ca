/** `npm run check`: formatting, lint (with the rule for imports between parts), imports between folders, exports, and types, in one command. */
import { spawnSync } from "node:child_process";

const steps: readonly (readonly [string, ...string[]])[] = [
  ["biome", "check", "--error-on-warnings", "."],
  ["node", "scripts/arrows.ts"],
  ["node", "scripts/exports.ts"],
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
