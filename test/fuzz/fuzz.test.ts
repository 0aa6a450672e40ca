import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { afterAll, expect, test } from "vitest";
import * as z from "zod";
import { stopJq } from "../../daemon/gh/jq/index.ts";
import { jq } from "../../scripts/fuzz/jq.ts";
import { template } from "../../scripts/fuzz/template.ts";
import { answerOf, worldCaseSchema } from "../../scripts/fuzz/world/index.ts";

const caseSchema = z.object({ program: z.string(), input: z.string(), stdout: z.string(), exitCode: z.int() });

afterAll(stopJq);

test.each([
  { name: "jq", language: jq },
  { name: "template", language: template },
])("$name: each find of the fuzzer is left to gh, or answered with gh's own bytes", async ({ name, language }) => {
  const file = new URL(`${name}.jsonl`, import.meta.url);
  const text = existsSync(file) ? await readFile(file, "utf8") : "";
  const cases = text.split("\n").filter((line) => line !== "");
  expect(cases.length).toBeGreaterThan(10);
  const wrong: object[] = [];
  for (const line of cases) {
    const { program, input, stdout, exitCode } = caseSchema.parse(JSON.parse(line));
    const ours = await language.engine(program, input);
    if (ours.kind === "ok" && (exitCode !== 0 || ours.output !== stdout)) wrong.push({ program, input, stdout, ours });
  }
  expect(wrong).toEqual([]);
});

test("world: each command over a random repository is left to gh, or answered with gh's own bytes", async () => {
  const lines = (await readFile(new URL("world.jsonl", import.meta.url), "utf8")).trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(20);
  const wrong: object[] = [];
  for (const line of lines) {
    const each = worldCaseSchema.parse(JSON.parse(line));
    const { stdout, saysWhy, exitCode } = each;
    const ours = await answerOf(each);
    if (ours !== undefined && !isDeepStrictEqual(ours, { stdout, saysWhy, exitCode })) wrong.push({ ...each, ours });
  }
  expect(wrong).toEqual([]);
});
