import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ended, TestMachine } from "../../daemon/support/machine.ts";

const program = join(import.meta.dirname, "support/hand-over.ts");

interface ProcessFacts {
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

function factsOf(pid: number): ProcessFacts {
  const [, parent = "", group = "", session = ""] = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return { parent: Number(parent), group: Number(group), session: Number(session) };
}

/** POSIX, "orphaned process group": no process of this session outside of this group could continue us. */
function inOrphanedGroup(): boolean {
  const own = factsOf(process.pid);
  let ancestor = factsOf(own.parent);
  while (ancestor.group === own.group && ancestor.parent > 0) ancestor = factsOf(ancestor.parent);
  return ancestor.group === own.group || ancestor.session !== own.session;
}

let machine: TestMachine;
beforeEach(() => {
  machine = new TestMachine();
});
afterEach(() => machine.stop());

/** Two ways to become gh: in its place, and around a child when something is said afterwards. */
describe.each(["replace", "child"])("handing over (%s)", (way) => {
  const start = (script: string, args: readonly string[] = [], env: Record<string, string> = {}) => {
    const gh = machine.install("gh", `#!/bin/sh\n${script}\n`);
    return machine.start([process.execPath, program, way, gh, ...args], { env });
  };
  const afterwards = way === "child" ? "afterwards\n" : "";

  test("arguments, directory and environment are untouched", async () => {
    const script = 'printf "<%s>" "$@"; pwd; echo "$SPECIAL"';
    const { stdout } = await ended(start(script, ["a b", "", "c\nd", "é"], { SPECIAL: "x y" }));
    expect(stdout).toBe(`<a b><><c\nd><é>${machine.root}\nx y\n`);
  });

  test("stdin is gh's", async () => {
    const child = start("cat");
    const result = ended(child, { stdin: "open" });
    child.stdin.end("from stdin");
    expect((await result).stdout).toBe("from stdin");
  });

  test.each([0, 1, 2, 4, 8, 77])("exit code %i is gh's", async (code) => {
    expect(await ended(start(`exit ${code}`))).toMatchObject({ code, stderr: afterwards });
  });

  test("a signal that ends gh shows as 128+n, or as the signal itself", async () => {
    const { code, signal } = await ended(start("kill -TERM $$"));
    expect(code ?? signal).toBe(way === "child" ? 143 : "SIGTERM");
  });

  test.each(["SIGTERM", "SIGHUP", "SIGUSR1"] as const)("%s sent to us reaches gh", async (signal) => {
    const name = signal.slice(3);
    const child = start(`trap 'echo got ${name}; exit 7' ${name}; echo ready; while :; do sleep 0.01; done`);
    const result = ended(child);
    await once(child.stdout, "data");
    child.kill(signal);
    expect(await result).toMatchObject({ code: 7, stdout: `ready\ngot ${name}\n` });
  });

  test("stopping and continuing us stops and continues gh", async (context) => {
    context.skip(
      inOrphanedGroup(),
      "the system ignores SIGTSTP in a process group that no shell of its session controls",
    );
    const child = start("echo $$; read line; echo went on");
    const result = ended(child, { stdin: "open" }).then(({ stdout }) => stdout);
    const [first] = (await once(child.stdout, "data")) as [Buffer];
    const gh = Number(first.toString());
    const state = (pid: number) => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
    child.kill("SIGTSTP");
    await expect.poll(() => state(gh)).toBe("T");
    await expect.poll(() => state(child.pid ?? 0)).toBe("T");
    child.kill("SIGCONT");
    await expect.poll(() => state(gh)).not.toBe("T");
    child.stdin.write("\n");
    expect(await result).toBe(`${gh}\nwent on\n`);
  });

  test("100 MB come through", async () => {
    const child = start("head -c 100000000 /dev/zero");
    let length = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      length += chunk.length;
    });
    child.stdin.end();
    await once(child, "close");
    expect(length).toBe(100_000_000);
  });
});

test("a script without an interpreter line runs as the shell would run it", async () => {
  const gh = machine.install("gh", "echo no interpreter line\n");
  expect(await ended(machine.start([process.execPath, program, "replace", gh]))).toMatchObject({
    code: 0,
    stdout: "no interpreter line\n",
  });
});

test("a file that is no program is a clear error", async () => {
  const { code, stderr } = await ended(machine.start([process.execPath, program, "replace", "/nowhere/gh"]));
  expect({ code, stderr }).toEqual({ code: 127, stderr: expect.stringMatching(/could not be started/) });
});

test("a script that leads back to us ends, and says so", async () => {
  const gh = machine.install("wrapper", `#!/bin/sh\nexec "${process.execPath}" "${program}" replace "$0" "$@"\n`);
  const { code, stderr } = await ended(machine.start([process.execPath, program, "replace", gh]));
  expect(code).toBe(127);
  expect(stderr).toMatch(/leads back to Octopool/);
});

const realGh = process.env.OCTOPOOL_TEST_GH ?? "";
test.skipIf(!existsSync(realGh))(
  "a program's environment has nothing of ours (OCTOPOOL_TEST_GH names a real gh)",
  async () => {
    const { stdout, code } = await ended(machine.start([process.execPath, program, "replace", realGh, "--version"]));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^gh version/) });
  },
);
