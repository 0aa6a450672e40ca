/** Records the real gh's output for every template of the tests: `node scripts/goldens/template.ts --gh PATH`. */
import { writeFile } from "node:fs/promises";
import { answeredCases, inputs, nativeCases, type TemplateCase } from "../../test/daemon/gh/template/cases.ts";
import { eraOf, ghFromArguments, startOracle } from "./oracle.ts";

const gh = ghFromArguments(process.argv);
const target = new URL(`../../test/goldens/${await eraOf(gh)}/template.json`, import.meta.url);

async function record(cases: readonly TemplateCase[], env: Readonly<Record<string, string>>): Promise<string> {
  await using oracle = await startOracle(gh, env);
  const lines: string[] = [];
  for (const { input, template } of cases) {
    const bodies = { "/input": JSON.stringify(inputs[input]) };
    const answer = await oracle.run(["api", "input", "--template", template], bodies);
    lines.push(JSON.stringify({ input, template, stdout: answer.stdout, exitCode: answer.exitCode }));
  }
  return `[\n${lines.join(",\n")}\n]`;
}

// `timeago` counts from the moment of recording, which the tests set their clock to.
const recordedAt = Date.now();
const piped = await record([...answeredCases, ...nativeCases], {});
const coloured = await record(answeredCases, { GH_FORCE_TTY: "60", CLICOLOR_FORCE: "1" });
await writeFile(target, `{"recordedAt":${recordedAt},\n"piped":${piped},\n"coloured":${coloured}}\n`);
console.log(`${2 * answeredCases.length + nativeCases.length} answers recorded in ${target.pathname}`);
