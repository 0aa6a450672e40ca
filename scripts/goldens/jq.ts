/** Records the real gh's output for every expression of the jq tests: `node scripts/goldens/jq.ts --gh PATH`. */
import { writeFile } from "node:fs/promises";
import { cases, colouredCases, inputs, type JqCase } from "../../test/daemon/gh/jq/cases.ts";
import { eraOf, ghFromArguments, startOracle } from "./oracle.ts";

const gh = ghFromArguments(process.argv);
const target = new URL(`../../test/goldens/${await eraOf(gh)}/jq.json`, import.meta.url);

async function record(cases: readonly JqCase[], env: Readonly<Record<string, string>>): Promise<string> {
  await using oracle = await startOracle(gh, env);
  const lines: string[] = [];
  for (const { input, expression } of cases) {
    const answer = await oracle.run(["api", "input", "--jq", expression], { "/input": JSON.stringify(inputs[input]) });
    lines.push(JSON.stringify({ input, expression, stdout: answer.stdout, exitCode: answer.exitCode }));
  }
  return `[\n${lines.join(",\n")}\n]`;
}

const piped = await record(cases, {});
const indented = await record(colouredCases, { GH_FORCE_TTY: "80", NO_COLOR: "1" });
const coloured = await record(colouredCases, { GH_FORCE_TTY: "80", CLICOLOR_FORCE: "1" });
await writeFile(target, `{"piped":${piped},\n"indented":${indented},\n"coloured":${coloured}}\n`);
console.log(`${cases.length + 2 * colouredCases.length} answers recorded in ${target.pathname}`);
