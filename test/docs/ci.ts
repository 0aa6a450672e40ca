/** Commands of the continuous integration: the documentation's tests need not run them a second time. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
const script = readFileSync(join(root, ".ci/run"), "utf8");
const scripts: Record<string, string> = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;

/** Without the options that only change how much is said, and with the gh that a reader would name. */
const plain = (command: string) =>
  command
    .replace(/"\$(?:1|OCTOPOOL_GH_PATH)"/, "PATH")
    .replace(/ --(silent|json)\b/g, "")
    .replace(/ -- --retry=1$/, "")
    .trim();

const commands = new Set([...script.matchAll(/\bnpm (?:ci|test|run)\b[^|;>)\n]*/g)].map(([command]) => plain(command)));

/** Whether each part of `a && b` is run by `.ci/run`, or is a part of the suite that it runs as a whole. */
export function runsInCi(line: string): boolean {
  return line.split(" && ").every((part) => commands.has(plain(part)) || isPartOfTests(part) || isPartOfBench(part));
}

/** `npm run test:unit` and its like: one project of `npm test`, or some of its files. */
function isPartOfTests(command: string): boolean {
  const name = /^npm run (test:[\w-]+)$/.exec(command)?.[1] ?? "";
  return /\bvitest run --project (unit|programs|worker|e2e)\b/.test(scripts[name] ?? "");
}

/** `npm run bench -- team` and its like: one of the benches that `npm run bench` runs when none is named. */
function isPartOfBench(command: string): boolean {
  return /^npm run bench(?: -- [a-z]+)?$/.test(command) && commands.has("npm run bench -- --quick");
}
