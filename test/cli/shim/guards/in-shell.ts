/** After any trouble of the script before the first byte is printed, the real gh runs, with everything as it was. */
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, vi } from "vitest";
import { ended } from "../../../daemon/support/machine.ts";
import { testToken } from "../../../daemon/support/relay.ts";
import type { ShellName } from "../support/shells.ts";
import { type ShimTrial, trialsIn } from "../support/shim-trial.ts";

const read = ["api", "repos/o/r/pulls/7"];
const writes = [
  ["pr", "merge", "7", "-R", "o/r"],
  ["api", "-X", "PATCH", "repos/o/r"],
  ["an-extension", "x"],
];

const answered = { code: 0, stdout: "answered" };

function answerReads({ relay }: ShimTrial): void {
  relay.answer = () => ({ body: "answered" });
}

/** Each write runs the real gh, with its arguments. */
async function expectRealWrites(
  run: (args: readonly string[]) => Promise<{ stdout: string }>,
  told = "",
): Promise<void> {
  for (const args of writes)
    expect(await run(args), `${told} ${args}`).toMatchObject({ code: 0, stdout: `real: ${args.join(" ")}\n` });
}

const brokenNodes: Readonly<Record<string, string>> = {
  "does not exist": "/nowhere/node",
  "ends before it begins": "#!/bin/sh\nexit 1\n",
  "dies of a signal": "#!/bin/sh\nkill -SEGV $$\n",
  "prints anything and fails": "#!/bin/sh\necho 'loader error' >&2\nexit 127\n",
  "is no program": "\x7fELF is not enough",
};

const nodeVariables: readonly (readonly [name: string, value: string])[] = [
  ["NODE_OPTIONS", "--no-such-flag"],
  ["NODE_OPTIONS", "--require /nowhere/loader.js"],
  ["NODE_COMPILE_CACHE", "/proc/x"],
  ["NODE_DEBUG", "*"],
  ["NODE_CHANNEL_FD", "3"],
];

/** Variables by which a shell, or the script's own names, could be led astray. */
const shellVariables: readonly Readonly<Record<string, string>>[] = [
  { SHELLOPTS: "errexit:nounset:noclobber:noglob" },
  { POSIXLY_CORRECT: "1" },
  { ENV: "/nowhere", BASH_ENV: "/nowhere" },
  { IFS: "/gh" },
  { "BASH_FUNC_printf%%": "() { echo stolen; }", "BASH_FUNC_kill%%": "() { echo stolen; }" },
  { "BASH_FUNC_curl%%": "() { echo stolen; }" },
  { CDPATH: "/" },
  { op_gh: "/nowhere", op_r: "/bin/echo", op_d: "/nowhere" },
];

const signals = { CHLD: 17, PIPE: 13, HUP: 1, INT: 2, TERM: 15 } as const;

/** The content of `avoid`: curl's path leaves it empty, the full client tells why. */
const readPaths = { "curl's path": /^$/, "the full client": /./ } as const;

/**
 * Defines the trials for one shell. Each has a machine of its own and waits for processes most of its time: so they
 * overlap, as many as `maxConcurrency` allows.
 */
export function guardsIn(shell: ShellName): void {
  vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000, maxConcurrency: 4 });
  const trial = trialsIn(shell);

  describe.concurrent(`the sh shim in ${shell}`, () => {
    // First, as these wait longest: the others run meanwhile.
    trial.for(Object.entries(readPaths))(
      "a daemon that hangs is left by %s after a bounded time, and the next command does not ask it",
      async ([readPath, told], { trial: at }) => {
        const { machine, relay } = at;
        mkdirSync(machine.runtime, { mode: 0o700 });
        let asked = 0;
        const hung = createServer(() => {
          asked += 1;
        });
        hung.listen(machine.socket);
        await once(hung, "listening");
        answerReads(at);
        if (readPath === "curl's path") await machine.logIn(relay.url, testToken);
        symlinkSync("/proc/self/ns/net", join(machine.runtime, "net"));
        const ask = () => at.run(read, readPath === "curl's path" ? { OCTOPOOL_TOKEN: "" } : {});
        expect(await ask()).toMatchObject(answered);
        expect(asked).toBe(1);
        expect(readFileSync(join(machine.runtime, "avoid"), "utf8")).toMatch(told);
        expect(await ask()).toMatchObject(answered);
        expect(asked).toBe(1);
        hung.close();
      },
    );

    for (const [what, node] of Object.entries(brokenNodes)) {
      const breakNode = (at: ShimTrial) =>
        at.useNode(node.startsWith("/") ? node : at.machine.install("broken-node", node));

      trial.for([read, ...writes])(
        `with a Node that ${what} gh %s %s … is the real gh's, with its stdin`,
        async (args, { trial: at }) => {
          breakNode(at);
          const child = at.machine.start(at.command(args));
          const result = ended(child, { stdin: "open" });
          child.stdin.end("from stdin");
          expect(await result).toMatchObject({ code: 0, stdout: `real: ${args.join(" ")}\nfrom stdin` });
        },
      );

      trial(`with a Node that ${what} a write leaves its mark`, async ({ trial: at }) => {
        breakNode(at);
        const marks = join(at.machine.runtime, "written");
        mkdirSync(marks, { recursive: true, mode: 0o700 });
        await at.run(["repo", "edit", "o/r"]);
        const [mark = ""] = readdirSync(marks);
        expect(readFileSync(join(marks, mark), "utf8").split("\0").at(-1)).toBe("*");
      });
    }

    trial.for(nodeVariables)(
      "%s=%s keeps nothing from working, and reaches gh's children unchanged",
      async ([name, value], { asking: at }) => {
        answerReads(at);
        expect(await at.run(read, { [name]: value })).toMatchObject({ ...answered, stderr: "" });
        at.program("real/gh", `printf '%s' "$${name}"`);
        expect((await at.run(["api", "-X", "PATCH", "repos/o/r"], { [name]: value })).stdout).toBe(value);
        expect((await at.run(["pr", "merge", "7"], { [name]: value })).stdout).toBe(value);
      },
    );

    trial.for(["exec ", ""])(
      "another tool's gh that leads back to us by `%sgh` is passed over",
      async (how, { trial: at }) => {
        const { machine } = at;
        mkdirSync(join(machine.root, "other"));
        at.program("other/gh", `echo other >>"$COUNT"\n${how}"$SHIM" "$@"`);
        const PATH = `${machine.bin}:${machine.root}/other:${machine.root}/real:/usr/bin:/bin`;
        // It must not name a path with our name in it: then it would be known for a wrapper of ours.
        const env = { PATH, SHIM: at.script, COUNT: join(machine.root, "count") };
        await expectRealWrites((args) => at.run(args, env), how);
        const started = readFileSync(env.COUNT, "utf8").trimEnd().split("\n");
        expect(started.length).toBeGreaterThanOrEqual(writes.length);
        expect(started.length).toBeLessThan(20);
      },
    );

    trial(
      "the first gh on PATH behind the shim runs, for every kind of command; else the one of the installation",
      async ({ trial: at }) => {
        const { machine } = at;
        mkdirSync(join(machine.root, "project"));
        at.program("project/gh", "echo the project gh");
        const PATH = `${machine.bin}:${machine.root}/project:${machine.root}/real:/usr/bin:/bin`;
        for (const args of [["--version"], ...writes]) {
          expect((await at.run(args, { PATH })).stdout).toBe("the project gh\n");
          expect((await at.run(args, { PATH: "/usr/bin:/bin" })).stdout).toBe(`real: ${args.join(" ")}\n`);
        }
      },
    );

    trial.for(["relative/gh", "/nowhere/gh", "/etc/passwd", "itself"])(
      "OCTOPOOL_GH_PATH=%s is an error",
      async (path, { trial: at }) => {
        const OCTOPOOL_GH_PATH = path === "itself" ? at.script : path;
        expect(await at.run(["pr", "merge", "7"], { OCTOPOOL_GH_PATH })).toMatchObject({
          stdout: "",
          stderr: expect.stringContaining("OCTOPOOL_GH_PATH"),
        });
      },
    );

    trial.for(["-e", "-u", "-C", "-f", "-a", "-euCf"])(
      "the shell's option %s changes nothing",
      async (flag, { asking: at }) => {
        answerReads(at);
        expect(await at.run(read, {}, [flag])).toMatchObject(answered);
        await expectRealWrites((args) => at.run(args, {}, [flag]));
      },
    );

    trial.for(shellVariables)("%j changes nothing", async (variables, { asking: at }) => {
      answerReads(at);
      expect(await at.run(read, variables)).toMatchObject(answered);
      await expectRealWrites((args) => at.run(args, variables));
    });

    trial.for(["0<&-", "2>&-", "3<&-", "0<&- 2>&-"])(
      "closed streams (%s) change nothing",
      async (closed, { asking: at }) => {
        answerReads(at);
        expect(await at.runBy(`"$@" ${closed}`, read)).toMatchObject(answered);
        await expectRealWrites((args) => at.runBy(`"$@" ${closed}`, args));
      },
    );

    trial("with stdout closed a read does not hang or run twice", async ({ trial: at }) => {
      // Not by its whole path, which names Octopool: a script that does so and is newer than the shim is taken for
      // ours.
      at.program("real/gh", 'echo ran >>"$(dirname "$0")/../ran"');
      await at.runBy('"$@" >&-', read);
      expect(readFileSync(join(at.machine.root, "ran"), "utf8")).toBe("ran\n");
    });

    trial.for(Object.entries(signals))(
      "with SIG%s ignored all is as ever, and gh ignores it too",
      async ([signal, number], { asking: at }) => {
        answerReads(at);
        const line = `trap '' ${signal}; "$@"; exit $?`;
        expect(await at.runBy(line, read)).toMatchObject(answered);
        at.program("real/gh", "grep SigIgn /proc/self/status");
        const { stdout } = await at.runBy(line, ["api", "-X", "PATCH", "repos/o/r"]);
        const mask = BigInt(`0x${/SigIgn:\s*(\w+)/.exec(stdout)?.[1]}`);
        if (signal !== "CHLD") expect(mask & (1n << BigInt(number - 1))).not.toBe(0n);
      },
    );

    trial("in a directory that was removed both reads and writes work", async ({ asking: at }) => {
      answerReads(at);
      const line = 'mkdir gone && cd gone && rmdir ../gone && "$@"';
      expect(await at.runBy(line, read)).toMatchObject(answered);
      await expectRealWrites((args) => at.runBy(line, args));
    });

    trial("no byte can be written to any file: reads and writes work", async ({ trial: at }) => {
      const limited = (args: readonly string[]) => at.runBy('ulimit -f 0; "$@"', args);
      mkdirSync(join(at.machine.runtime, "written"), { recursive: true, mode: 0o700 });
      await expectRealWrites(limited);
      answerReads(at);
      expect((await limited(read)).stdout).toMatch(/^(answered|real: api repos\/o\/r\/pulls\/7\n)$/);
    });
  });
}
