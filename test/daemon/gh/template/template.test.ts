import { describe, expect, test } from "vitest";
import { renderTemplate } from "../../../../daemon/gh/template/index.ts";
import goldens from "../../../goldens/2.46/template.json" with { type: "json" };
import { answeredCases, inputs, nativeCases, type TemplateInputName } from "./cases.ts";

const key = ({ input, template }: { input: string; template: string }) => `${input} | ${template}`;
const text = (input: string) => JSON.stringify(inputs[input as TemplateInputName]);
const plain = { columns: 80, now: goldens.recordedAt, color: false };
const coloured = { columns: 60, now: goldens.recordedAt, color: true };

for (const [name, options, recorded] of [
  ["piped", plain, goldens.piped],
  ["on a terminal of 60 columns with colours", coloured, goldens.coloured],
] as const) {
  const byKey = new Map(recorded.map((golden) => [key(golden), golden]));
  describe(`a template prints the same as gh, ${name}`, () => {
    test.each(answeredCases)("$input | $template", async (item) => {
      const golden = byKey.get(key(item));
      expect(golden?.exitCode).toBe(0);
      const result = await renderTemplate(item.template, text(item.input), options);
      expect(result).toEqual({ kind: "ok", output: golden?.stdout });
    });
  });
}

describe("templates that the evaluator does not know, and those that fail in gh, are left to the real gh", () => {
  test.each(nativeCases)("$input | $template", async ({ input, template }) => {
    expect(await renderTemplate(template, text(input), plain)).toMatchObject({ kind: "native" });
  });
});

const issues = JSON.stringify(
  Array.from({ length: 100 }, (_, number) => ({ number, title: "t".repeat(50), body: "b".repeat(2000) })),
);
const doubled = (times: number) => `{{$x := "ab"}}${'{{$x = printf "%s%s" $x $x}}'.repeat(times)}`;

// Each of these took seconds, or the memory of the whole process.
test.each([
  ["nested loops without a body", "{{range .}}{{range $}}{{range $}}{{range $}}{{end}}{{end}}{{end}}{{end}}"],
  ["a variable doubled", doubled(24)],
  ["a wide number", '{{range .}}{{range $}}{{printf "%1000000d" 1}}{{end}}{{end}}'],
  [
    "templates that double their text",
    '{{define "a"}}{{template "b" (print . .)}}{{end}}{{define "b"}}{{template "a" (print . .)}}{{end}}{{template "a" "xx"}}',
  ],
  ["the whole input, again and again", "{{range .}}{{range $}}{{$}}{{end}}{{end}}"],
  ["comparisons of long texts", `${doubled(20)}{{range .}}{{range $}}{{if eq $x "y"}}{{end}}{{end}}{{end}}`],
  ["a long time layout", `${doubled(12)}{{timefmt $x "2020-01-01T00:00:00Z"}}`],
  ["a long text cut", `${doubled(18)}{{truncate 100000 $x}}`],
  ["a table of everything", "{{range .}}{{range $}}{{tablerow .title .body .number}}{{end}}{{end}}"],
  ["lists joined", '{{range .}}{{range $}}{{join "x" (pluck "body" $)}}{{end}}{{end}}'],
  [
    "many variables looked up",
    `${"{{$a := 1}}".repeat(2000)}{{range .}}{{range $}}{{range $}}{{$a}}{{end}}{{end}}{{end}}`,
  ],
  ["a long source", "{{1}}".repeat(10_000)],
])("a template that would hold up other commands is native: %s", async (_what, template) => {
  expect(await renderTemplate(template, issues, plain)).toMatchObject({ kind: "native" });
});

test("a common template over a hundred issues is within the bounds", async () => {
  const template =
    "{{range .}}{{.number}}\t{{truncate 30 .title}}\t{{.body}}\n{{end}}{{range .}}{{tablerow .number .title}}{{end}}";
  expect(await renderTemplate(template, issues, plain)).toMatchObject({ kind: "ok" });
});

test("rows share a table until the end", async () => {
  const rows = '[["a","long cell"],["longer","b"]]';
  const result = await renderTemplate("{{range .}}{{tablerow (index . 0) (index . 1)}}{{end}}", rows, plain);
  expect(result).toEqual({ kind: "ok", output: "a       long cell\nlonger  b\n" });
});

test("a template that calls itself without end is native", async () => {
  const result = await renderTemplate('{{define "x"}}{{template "x"}}{{end}}{{template "x"}}', "{}", plain);
  expect(result).toMatchObject({ kind: "native" });
});
