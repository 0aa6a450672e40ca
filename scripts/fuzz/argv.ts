/** Command lines, made from those of the differential suite: arguments left out, repeated, emptied, changed, joined. */
import { Bench } from "../differential/bench.ts";
import { type Case, commandLine, readCases } from "../differential/cases.ts";
import { DirectPath } from "../differential/read-path.ts";
import { judge } from "./judge.ts";
import type { Kind } from "./kind.ts";
import type { Choices } from "./random.ts";

const odd = [
  "",
  "0",
  "+1",
  "-1",
  "01",
  "1_0",
  "a,b",
  ",",
  "é",
  " ",
  "@me",
  "app/x",
  "x/y",
  "#1",
  "--",
  "-",
  "OPEN",
  "null",
  "%",
  '"',
];

export async function argv(gh: string): Promise<Kind<Case>> {
  const bench = await Bench.open({ gh, world: "test/differential/worlds" });
  const readPath = new DirectPath(bench, await bench.ghVersion());
  const known = (await readCases("test/differential")).filter(
    ({ args }) => !args.includes("watch") && !args.includes("--watch"),
  );
  return {
    generate: (random) => changed(random.pick(known), random, known),
    *smaller(each) {
      // The command itself stays.
      for (let at = each.args.length - 1; at > 1; at--) yield { ...each, args: each.args.toSpliced(at, 1) };
      const { env, ...plain } = each;
      if (env) yield plain;
    },
    compare: (each) => judge(bench, readPath, each),
    show: commandLine,
    caseLine: async ({ args, env, cwd, checkout }) =>
      JSON.stringify({ args, env, cwd, checkout, about: "found by fuzzing" }),
    close: () => bench.close(),
  };
}

/** One to three changes beyond the command's words; `api` keeps no second word. */
function changed(each: Case, random: Choices, known: readonly Case[]): Case {
  const fixed = each.args[0] === "api" ? 1 : 2;
  let args = [...each.args];
  for (let left = 1 + random.below(3); left > 0; left--) {
    const at = fixed + random.below(Math.max(1, args.length - fixed + 1));
    const other = random.pick(known).args.slice(2);
    const kind = random.below(6);
    if (kind === 0) args = args.toSpliced(at, 1);
    else if (kind === 1) args = args.toSpliced(at, 1, random.pick(odd));
    else if (kind === 2) args = args.toSpliced(at, 0, random.pick(odd));
    else if (kind === 3 && other.length > 0) args = args.toSpliced(at, 0, random.pick(other));
    else if (kind === 4 && at + 1 < args.length && (args[at] ?? "").startsWith("--")) {
      args = args.toSpliced(at, 2, `${args[at]}=${args[at + 1]}`);
    } else args = [...args, ...args.slice(at, at + 2)];
  }
  // Watches do not end, and writes are not for this tool.
  return args.some((arg) => /watch|-w\b|--web|-X|--method|--input/.test(arg)) ? each : { ...each, args };
}
