import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { askGhVersion, GhVersions } from "../../daemon/gh-versions.ts";

let root: string;
/** Programs that were asked, in order. */
let asked: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "which-gh-"));
  asked = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function executable(name: string, text: string): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

/** Looks like a program until it is run; its version is its content. */
const program = (name: string, version: string) => executable(name, `\x7fELF ${version}`);

function versions(answers: readonly (string | Error)[] = ["2.60.1"]) {
  return new GhVersions({
    ourselves: [],
    directory: root,
    ask: async (path) => {
      const answer = answers[Math.min(asked.push(path), answers.length) - 1];
      if (typeof answer !== "string") throw answer ?? new Error("nothing to say");
      return answer;
    },
  });
}

const pathOf = (...programs: string[]) => ({ PATH: programs.map((path) => dirname(path)).join(delimiter) });

describe("the version of the gh that would run otherwise", () => {
  test("is asked once, of the first gh on the caller's PATH", async () => {
    const first = program("first/gh", "a");
    const second = program("second/gh", "b");
    const known = versions(["2.60.1", "2.46.0"]);
    expect(await known.of(pathOf(first, second))).toBe("2.60.1");
    expect(await known.of(pathOf(first, second))).toBe("2.60.1");
    expect(asked).toEqual([first]);
    expect(await known.of(pathOf(second, first))).toBe("2.46.0");
    expect(asked).toEqual([first, second]);
  });

  test("is asked once by callers at the same time", async () => {
    const gh = program("bin/gh", "a");
    const known = versions();
    expect(await Promise.all([known.of(pathOf(gh)), known.of(pathOf(gh))])).toEqual(["2.60.1", "2.60.1"]);
    expect(asked).toHaveLength(1);
  });

  test("is asked again once gh was upgraded", async () => {
    const gh = program("bin/gh", "old");
    const known = versions(["2.46.0", "2.60.1"]);
    expect(await known.of(pathOf(gh))).toBe("2.46.0");
    program("bin/gh", "newer");
    expect(await known.of(pathOf(gh))).toBe("2.60.1");
  });

  test("is that of OCTOPOOL_GH_PATH, where it is set", async () => {
    const onPath = program("bin/gh", "a");
    const named = program("opt/gh", "b");
    await versions().of({ ...pathOf(onPath), OCTOPOOL_GH_PATH: named });
    expect(asked).toEqual([named]);
  });

  test("is found through a link, as package managers make them", async () => {
    const gh = program("Cellar/gh/2.60.1/bin/gh", "a");
    mkdirSync(join(root, "bin"));
    symlinkSync(gh, join(root, "bin/gh"));
    expect(await versions().of({ PATH: join(root, "bin") })).toBe("2.60.1");
    expect(asked).toEqual([gh]);
  });

  test("is unknown where the caller did not say its PATH: the daemon's own may lead to another gh", async () => {
    expect(await versions().of({ HOME: root })).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test("is unknown for a script, which may choose by directory which gh it runs", async () => {
    const script = executable("shims/gh", "#!/bin/sh\nexec asdf exec gh\n");
    expect(await versions().of(pathOf(script, program("bin/gh", "a")))).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test.each([
    ["mise", 'exec mise x gh -- gh "$@"'],
    ["snap", 'exec /usr/bin/snap run gh "$@"'],
    ["flatpak", 'exec flatpak run com.github.gh "$@"'],
    ["nix", 'exec -a "$0" "/nix/store/abc-gh-2.60.1/bin/.gh-wrapped" "$@"'],
    ["direnv", 'exec direnv exec . gh "$@"'],
    ["a container", 'exec docker run --rm gh "$@"'],
    ["a version file", 'read -r v <.gh-version; exec "/opt/gh/$v/gh" "$@"'],
    ["the directory", 'case $PWD in /work*) exec /opt/new/gh "$@" ;; esac; exec /opt/old/gh "$@"'],
  ])("is not taken for certain for a script that leaves the choice to %s", async (_what, line) => {
    const script = executable("shims/gh", `#!/bin/sh\n${line}\n`);
    expect(await versions().of(pathOf(script))).toBeUndefined();
  });

  test("behind a script that looks around is known only where it is newer than all that is proven", async () => {
    const script = executable("shims/gh", '#!/bin/sh\ncase $PWD in /work*) exec /opt/new/gh "$@" ;; esac\n');
    expect(await versions(["2.60.1"]).of(pathOf(script))).toBeUndefined();
    expect(await versions(["99.1.0"]).of(pathOf(script))).toBe("99.1.0");
    expect(asked).toEqual([script, script]);
  });

  test("behind a script that only runs one program is asked again once that program was upgraded", async () => {
    const gh = program("opt/gh", "old");
    const script = executable("bin/gh", `#!/bin/sh\nGH_PAGER=cat exec ${gh} "$@"\n`);
    const known = versions(["2.46.0", "2.60.1"]);
    expect(await known.of(pathOf(script))).toBe("2.46.0");
    expect(await known.of(pathOf(script))).toBe("2.46.0");
    program("opt/gh", "newer");
    expect(await known.of(pathOf(script))).toBe("2.60.1");
    expect(asked).toEqual([script, script]);
  });

  test("behind a script that runs a program by name is that of the caller's PATH", async () => {
    const script = executable("bin/gh", '#!/bin/sh\nexec gh-real "$@"\n');
    const known = versions(["2.46.0", "2.60.1"]);
    expect(await known.of({ PATH: `${dirname(script)}:/one` })).toBe("2.46.0");
    expect(await known.of({ PATH: `${dirname(script)}:/two` })).toBe("2.60.1");
  });

  test("is unknown for a link to a program that is many", async () => {
    const mise = program("opt/mise", "a");
    mkdirSync(join(root, "shims"));
    symlinkSync(mise, join(root, "shims/gh"));
    expect(await versions().of({ PATH: join(root, "shims") })).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test("is unknown for an OCTOPOOL_GH_PATH that cannot be it", async () => {
    const env = { ...pathOf(program("bin/gh", "a")), OCTOPOOL_GH_PATH: join(root, "nowhere") };
    expect(await versions().of(env)).toBeUndefined();
  });

  test("is asked again after a failure", async () => {
    const gh = program("bin/gh", "a");
    const known = versions([new Error("EAGAIN"), "2.60.1"]);
    expect(await known.of(pathOf(gh))).toBeUndefined();
    expect(await known.of(pathOf(gh))).toBe("2.60.1");
  });
});

describe("asking a gh its version", () => {
  test("reads it from the first line", async () => {
    const gh = executable("gh", "#!/bin/sh\necho 'gh version 2.60.1 (2024-10-25)'\necho https://example.com\n");
    expect(await askGhVersion(gh, root)).toBe("2.60.1");
  });

  test("gives it no settings and no credentials", async () => {
    const gh = executable("gh", '#!/bin/sh\necho "gh version 2.60.1"\n/usr/bin/env >"$HOME/seen"\n');
    await askGhVersion(gh, root);
    const names = readFileSync(join(root, "seen"), "utf8").match(/^\w+(?==)/gm) ?? [];
    // A shell adds its own.
    const own = new Set(["PWD", "OLDPWD", "SHLVL", "_"]);
    expect(names.filter((name) => !own.has(name)).sort()).toEqual([
      "GH_CONFIG_DIR",
      "GH_NO_UPDATE_NOTIFIER",
      "GH_TELEMETRY",
      "HOME",
      "PATH",
    ]);
  });

  test.skipIf(!process.env.OCTOPOOL_GH_PATH)("makes no directory: the daemon's must be closed to others", async () => {
    const directory = join(root, "not-there");
    await askGhVersion(process.env.OCTOPOOL_GH_PATH ?? "", directory);
    expect(existsSync(directory)).toBe(false);
  });

  test.each([
    ["fails", "echo 'gh version 2.60.1'; exit 1"],
    ["says something else", "echo 'gist helper 1.0'"],
    ["was built from source", "echo 'gh version DEV'"],
  ])("of a program that %s fails", async (_what, script) => {
    await expect(askGhVersion(executable("gh", `#!/bin/sh\n${script}\n`), root)).rejects.toThrow();
  });
});
