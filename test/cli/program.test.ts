import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import type { CommandDefinition } from "../../cli/command.ts";
import { rootCommand } from "../../cli/commands/root.ts";
import { humanText } from "../../cli/output/text.ts";
import { variables } from "../../shared/settings/environment-table.ts";
import { entry, newHome } from "./support/octopool.ts";

function flatten(
  command: CommandDefinition,
  path: readonly string[] = [],
): readonly (readonly [string, CommandDefinition])[] {
  const here = [...path, command.name];
  return [[here.join(" "), command], ...(command.subcommands ?? []).flatMap((child) => flatten(child, here))];
}

const commands = flatten(rootCommand);

describe("every command", () => {
  test.each(commands.filter(([, command]) => command.hidden !== true && command.subcommands === undefined))(
    "%s describes itself and shows examples",
    (_, command) => {
      expect(command.summary).toMatch(/^[A-Z].*[^.]$/);
      expect(command.examples?.length ?? 0).toBeGreaterThan(0);
    },
  );
});

test("--help shows every command that is not hidden", async () => {
  const { stdout, exitCode } = await newHome().run("--help");
  expect(exitCode).toBe(0);
  for (const { name, hidden } of rootCommand.subcommands ?? [])
    if (hidden !== true) expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
});

test.each([["--version"], ["-v"]])("%s prints one line", async (flag) => {
  expect(await newHome().run(flag)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^octopool \d+\.\d+\.\d+\S*\n$/),
  });
});

test.each([
  [["logni"], "Did you mean login?"],
  [["stats", "--bogus"], "octopool stats --help"],
  [["health", "extra"], "Too many arguments"],
  [["admin", "identity", "set", "x"], "`octopool admin identity` has no command set.\n  → It has add, list,"],
  [["admin", "caller", "lsit"], "Did you mean `octopool admin caller list`?"],
  [["daemon", "stp"], "Did you mean `octopool daemon stop`?"],
  [["request"], "Which path?"],
])("%j is bad usage: exit 2, nothing on stdout", async (args, says) => {
  expect(await newHome().here(...args)).toMatchObject({
    exitCode: 2,
    stdout: "",
    stderr: expect.stringContaining(says),
  });
});

test("a reader that goes away early is no error", async () => {
  const { env, directory } = newHome();
  const child = execa(process.execPath, [entry, "--help"], { env, extendEnv: false, cwd: directory, reject: false });
  child.stdout.destroy();
  expect(await child).toMatchObject({ stderr: "", exitCode: 0 });
});

test.skipIf(!existsSync("/dev/full"))("a full disk behind stdout is an error (needs Linux's /dev/full)", async () => {
  const { env, directory } = newHome();
  const command = `"${process.execPath}" "${entry}" --help > /dev/full`;
  const child = await execa("/bin/sh", ["-c", command], { env, extendEnv: false, cwd: directory, reject: false });
  expect(child).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("could not be written") });
});

test("text from elsewhere cannot steer the terminal", () => {
  expect(humanText("a\u001b[31mb\u0007\u009bc\r\nd\u202ee")).toBe("a[31mbc de");
});

/** The source is searched: a variable that is read and not in the table has no other sign. */
test("every variable of ours that the client's sources read is in the table", () => {
  const root = join(import.meta.dirname, "../..");
  const sources = ["cli", "daemon", "shared"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(root, folder, name), "utf8")),
  );
  const known = new Set<string>(variables.map((row) => row.name));
  // Compiled in, or said by one of our processes to another; and the Worker's own settings.
  const internal = new Set([
    "OCTOPOOL_VERSION",
    "OCTOPOOL_LOOP",
    "OCTOPOOL_GITHUB_ORG_TOKEN",
    "OCTOPOOL_GITHUB_APP_ID",
    "OCTOPOOL_PROXY_SECRET",
    "OCTOPOOL_WEBHOOK_SECRET",
    "OCTOPOOL_WEBHOOK_SECRET_PREVIOUS",
    "OCTOPOOL_KEPT_",
  ]);
  const named = new Set(sources.flatMap((text) => text.match(/\bOCTOPOOL_[A-Z_]+\b/g) ?? []));
  expect([...named].filter((name) => !known.has(name) && !internal.has(name))).toEqual([]);
});
