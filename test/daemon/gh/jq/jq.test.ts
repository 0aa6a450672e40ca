import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { JqHost } from "../../../../daemon/gh/jq/host.ts";
import { runJq, stopJq } from "../../../../daemon/gh/jq/index.ts";
import goldens from "../../../goldens/2.46/jq.json" with { type: "json" };
import { answeredCases, colouredCases, inputs, type JqInputName, nativeCases } from "./cases.ts";

afterAll(stopJq);

const key = ({ input, expression }: { input: string; expression: string }) => `${input} | ${expression}`;
const recorded = new Map(goldens.piped.map((golden) => [key(golden), golden]));
const inputText = (name: string) => JSON.stringify(inputs[name as JqInputName]);

describe("expressions that jq and gojq read alike print the same as gh", () => {
  test.each(answeredCases)("$input | $expression", async ({ input, expression }) => {
    const golden = recorded.get(key({ input, expression }));
    expect(golden?.exitCode).toBe(0);
    expect(await runJq(expression, inputText(input))).toEqual({ kind: "ok", output: golden?.stdout });
  });
});

describe("errors and known differences are left to the real gh", () => {
  test.each(nativeCases)("$input | $expression", async ({ input, expression }) => {
    expect(recorded.has(key({ input, expression }))).toBe(true);
    expect(await runJq(expression, inputText(input))).toMatchObject({ kind: "native" });
  });
});

describe("on a terminal results are indented, and coloured", () => {
  const styles = [
    ["indented", { indent: "  ", color: false }, goldens.indented],
    ["coloured", { indent: "  ", color: true }, goldens.coloured],
  ] as const;
  for (const [name, style, answers] of styles) {
    test.each(colouredCases)(`${name}: $input | $expression`, async ({ input, expression }) => {
      const golden = answers.find((answer) => key(answer) === key({ input, expression }));
      expect(await runJq(expression, inputText(input), style)).toEqual({ kind: "ok", output: golden?.stdout });
    });
  }
});

describe("the thread", () => {
  test("a program that does not end is stopped, and the next one runs in a new thread", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    await using host = disposable({ timeout: 1_500, patience: 60_000 });
    const both = [host.run("[range(100000000000000) | empty]", "null", 0), host.run("1 + 1", "null", 0)];
    vi.advanceTimersByTime(1_500);
    expect(await Promise.all(both)).toEqual([{ failure: "jq took too long" }, { results: [2] }]);
  });

  test("a program that takes too much memory fails, and the next one runs", async () => {
    await using host = disposable({ megabytes: 32, timeout: 20_000 });
    expect(await host.run("[range(100000000)] | length", "null", 0)).toHaveProperty("failure");
    expect(await host.run("1 + 1", "null", 0)).toEqual({ results: [2] });
  });

  test("a program that goes too deep fails, and the next one runs", async () => {
    await using host = disposable({ timeout: 20_000 });
    const fatal = await host.run("reduce range(100000) as $i (.; [.]) | tojson | length", "null", 0);
    expect(fatal).toHaveProperty("failure");
    expect(await host.run("1 + 1", "null", 0)).toEqual({ results: [2] });
  });

  test("a program waits for its turn no longer than it may", async () => {
    await using host = disposable({ patience: 200, timeout: 20_000 });
    void host.run("[range(100000000000000) | empty]", "null", 0);
    expect(await host.run("1 + 1", "null", 0)).toEqual({ failure: "jq is busy with another program" });
  });

  test("more output than an answer may have is not taken over", async () => {
    await using host = disposable({ timeout: 20_000 });
    expect(await host.run('"x" * 1000 | . as $x | range(20000) | $x', "null", 0)).toHaveProperty("failure");
    expect(await host.run("1 + 1", "null", 0)).toEqual({ results: [2] });
  });

  test("it is started by the first program, not before, and ends when closed", async () => {
    await using host = disposable({});
    expect(host.running).toBe(false);
    await host.run(".", "1", 0);
    expect(host.running).toBe(true);
    await host.close();
    expect(host.running).toBe(false);
  });

  test("programs at once are answered each with its own result", async () => {
    await using host = disposable({ patience: 20_000 });
    const results = await Promise.all([1, 2, 3, 4, 5].map((i) => host.run(`. + ${i}`, "10", 0)));
    expect(results).toEqual([11, 12, 13, 14, 15].map((i) => ({ results: [i] })));
  });
});

test("the thread's program runs bundled", async () => {
  const folder = await mkdtemp(join(tmpdir(), "jq-bundle-"));
  try {
    const outfile = join(folder, "jq-worker.cjs");
    const source = join(import.meta.dirname, "../../../../daemon/gh/jq/thread.ts");
    const format = { platform: "node", format: "cjs", bundle: true, supported: { "dynamic-import": false } } as const;
    await build({ entryPoints: [source], outfile, ...format });
    const worker = new Worker(outfile, { execArgv: [] });
    const answer = once(worker, "message");
    worker.postMessage({ id: 1, program: "map(. + 1)", json: "[1,2]", now: 0 });
    expect(await answer).toEqual([{ id: 1, run: { results: [[2, 3]] } }]);
    await worker.terminate();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a number that a double cannot hold exactly is native", async () => {
  expect(await runJq(".id", '{"id":9007199254740993}')).toMatchObject({ kind: "native" });
  expect(await runJq(".id", '{"id":9007199254740991}')).toEqual({ kind: "ok", output: "9007199254740991\n" });
});

test.each(['split(""; null)', '[splits("b*")]', 'split("$"; "g")'])(
  "a split where nothing stands is native: %s",
  async (program) => {
    expect(await runJq(program, '"ab"')).toMatchObject({ kind: "native" });
  },
);

test.each(["[] | todate", "[2024, 1, 2, 3, 4, 5] | mktime", '[2024] | strftime("%Y")'])(
  "a broken-down time of other than eight parts is native: %s",
  async (program) => {
    expect(await runJq(`try (${program}) catch false`, "null")).toMatchObject({ kind: "native" });
  },
);

test("input that is not JSON is native", async () => {
  expect(await runJq(".", "<html>")).toMatchObject({ kind: "native" });
});

function disposable(limits: ConstructorParameters<typeof JqHost>[0]) {
  const host = new JqHost(limits);
  return Object.assign(host, { [Symbol.asyncDispose]: () => host.close() });
}
