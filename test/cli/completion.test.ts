import { accessSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { rootCommand } from "../../cli/commands/root.ts";
import { completionScript } from "../../cli/completion/scripts.ts";
import { newHome } from "./support/octopool.ts";

function locate(name: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(":")
    .map((directory) => join(directory, name))
    .find((path) => {
      try {
        accessSync(path);
        return true;
      } catch {
        return false;
      }
    });
}

type Complete = (words: readonly string[]) => Promise<readonly string[]>;

const quote = (word: string) => `'${word}'`;

/** Each shell's own completions of the last word. */
const asks: Readonly<Record<string, (program: string) => Complete>> = {
  bash: (program) => async (words) => {
    const call = `COMP_WORDS=(${words.map(quote).join(" ")}); COMP_CWORD=${words.length - 1}; _octopool; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return linesOf(await execa(program, ["--norc", "-c", `${completionScript("bash", rootCommand)}\n${call}`]));
  },
  zsh: (program) => async (words) => {
    const stubs = `compdef() { :; }\n_describe() { print -rl -- "\${(@P)2}"; }\n_files() { print files; }\n`;
    const call = `words=(${words.map(quote).join(" ")}); CURRENT=${words.length}; _octopool`;
    const all = linesOf(await execa(program, ["-f", "-c", `${stubs}${completionScript("zsh", rootCommand)}\n${call}`]));
    // zsh itself matches the typed beginning.
    return all.map((line) => line.split(":")[0] ?? "").filter((word) => word.startsWith(words.at(-1) ?? ""));
  },
  fish: (program) => async (words) => {
    const call = `complete -C ${quote(words.join(" "))}`;
    const child = await execa(program, ["--no-config", "-c", `${completionScript("fish", rootCommand)}\n${call}`]);
    return linesOf(child).map((line) => line.split("\t")[0] ?? "");
  },
};

function linesOf({ stdout }: { readonly stdout: string }): readonly string[] {
  return stdout.split("\n").filter(Boolean);
}

describe.each(Object.keys(asks))("%s", (shell) => {
  const program = locate(shell) ?? "";
  const complete = asks[shell]?.(program) ?? (async () => []);

  test.skipIf(program === "").each([
    [["octopool", "logi"], ["login"]],
    [["octopool", "admin", "ide"], ["identity"]],
    [["octopool", "admin", "identity", "wei"], ["weight"]],
    [["octopool", "stats", "--si"], ["--since"]],
    [["octopool", "admin", "pool", "set-policy", "--allow-s"], ["--allow-search"]],
    [
      ["octopool", "admin", "pool", "set-policy", "--allow-search", "o"],
      ["off", "on"],
    ],
    [["octopool", "install-shim", "--shell", "z"], ["zsh"]],
    [["octopool", "completion", "f"], ["fish"]],
    [["octopool", "config", "get", "no_f"], ["no_fallback"]],
    [
      ["octopool", "config", "set", "c"],
      ["cache_mib", "client"],
    ],
    [["octopool", "health", "--pool", "bots", "--js"], ["--json"]],
  ])(`%j offers %j (needs ${shell})`, async (words, offered) => {
    expect([...(await complete(words))].sort()).toEqual(offered);
  });

  test.skipIf(program === "")(`hidden older forms are not offered (needs ${shell})`, async () => {
    expect(await complete(["octopool", "admin", "caller", "--github"])).toEqual([]);
  });
});

test("octopool completion prints the script, and refuses other shells", async () => {
  const home = newHome();
  expect(await home.run("completion", "fish")).toMatchObject({
    exitCode: 0,
    stdout: completionScript("fish", rootCommand),
  });
  expect(await home.run("completion", "tcsh")).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("bash, zsh, fish"),
  });
});
