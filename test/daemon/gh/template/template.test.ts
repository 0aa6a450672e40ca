import { describe, expect, test } from "vitest";
import { renderPages, renderTemplate } from "../../../../daemon/gh/template/index.ts";
import goldens from "../../../goldens/template.json" with { type: "json" };
import { answeredCases, type InputName, inputs, nativeCases } from "./cases.ts";

const key = ({ input, template }: { input: string; template: string }) => `${input} | ${template}`;
const text = (input: string) => JSON.stringify(inputs[input as InputName]);
const plain = { tty: false, columns: 80, now: goldens.recordedAt, color: false };
const coloured = { tty: true, columns: 60, now: goldens.recordedAt, color: true };

for (const [name, options, recorded] of [
  ["piped", plain, goldens.piped],
  ["on a terminal of 60 columns with colours", coloured, goldens.coloured],
] as const) {
  const byKey = new Map(recorded.map((golden) => [key(golden), golden]));
  describe(`a template prints what gh prints, ${name}`, () => {
    test.each(answeredCases)("$input | $template", async (item) => {
      const golden = byKey.get(key(item));
      expect(golden?.exitCode).toBe(0);
      const result = await renderTemplate(item.template, text(item.input), options);
      expect(result).toEqual({ kind: "ok", output: golden?.stdout });
    });
  });
}

describe("what the evaluator does not know, and gh's errors, are left to the real gh", () => {
  test.each(nativeCases)("$input | $template", async ({ input, template }) => {
    expect(await renderTemplate(template, text(input), plain)).toMatchObject({ kind: "native" });
  });
});

test("pages share the table until the end", async () => {
  const pages = ['[["a","long cell"]]', '[["longer","b"]]'];
  const result = await renderPages("{{range .}}{{tablerow (index . 0) (index . 1)}}{{end}}", pages, plain);
  expect(result).toEqual({ kind: "ok", output: "a       long cell\nlonger  b\n" });
});

test("a template that calls itself without end is native", async () => {
  const result = await renderTemplate('{{define "x"}}{{template "x"}}{{end}}{{template "x"}}', "{}", plain);
  expect(result).toMatchObject({ kind: "native" });
});
