import { describe, expect, test } from "vitest";
import { parseRemotes } from "../../../../daemon/gh/checkout/remotes.ts";
import { fullName, parseRepository, RepositoryResolver } from "../../../../daemon/gh/checkout/repository.ts";
import { CommandFailure } from "../../../../daemon/gh/command-failure.ts";
import { GitFailure } from "../../../../daemon/git-failure.ts";
import { NativeRequired } from "../../../../daemon/reader.ts";

describe("a repository's name", () => {
  test.each([
    "octo/hello",
    "github.com/octo/hello",
    "GitHub.com/octo/hello",
    "https://github.com/octo/hello",
    "https://www.github.com/octo/hello.git",
    "https://github.com/octo/hello/?tab=readme#x",
    "git+https://github.com/octo/hello",
    "ssh://git@github.com/octo/hello.git",
    "ssh://git@ssh.github.com:443/octo/hello.git",
    "https://github.com/octo/hell%6F",
    "git@github.com:octo/hello.git",
  ])("%s", (text) => {
    expect(fullName(parseRepository(text))).toBe("octo/hello");
  });

  test.each([
    ["octo", 'expected the "[HOST/]OWNER/REPO" format, got "octo"'],
    ["", 'expected the "[HOST/]OWNER/REPO" format, got ""'],
    ["a/b/c/d", 'expected the "[HOST/]OWNER/REPO" format, got "a/b/c/d"'],
    ["/hello", 'expected the "[HOST/]OWNER/REPO" format, got "/hello"'],
    ["octo/hello/", 'expected the "[HOST/]OWNER/REPO" format, got "octo/hello/"'],
    ["HTTPS://github.com/octo/hello", 'expected the "[HOST/]OWNER/REPO" format, got "HTTPS://github.com/octo/hello"'],
    ["https://github.com/octo/hello/pull/7", "invalid path: /octo/hello/pull/7"],
    ["https://github.com/octo/hello/pulls", "invalid path: /octo/hello/pulls"],
    ["https://github.com/x/../octo/hello", "invalid path: /x/../octo/hello"],
    ["https://github.com/octo/hell%2Fo", "invalid path: /octo/hell/o"],
    ["https://github.com/octo", "invalid path: /octo"],
    ["https://github.com", "invalid path: "],
  ])("%j is refused in gh's words", (text, words) => {
    expect(() => parseRepository(text)).toThrow(new CommandFailure(words));
    expect(() => parseRepository(text, "argument error: ")).toThrow(new CommandFailure(`argument error: ${words}`));
  });

  test.each([
    "ghe.example/octo/hello",
    "https://gitlab.com/octo/hello",
    "octo/..",
    "octo/hello.git",
    "o c/r",
    "https://github.com/octo/hell%zz",
  ])("%j is left to the real gh", (text) => {
    expect(() => parseRepository(text)).toThrow(NativeRequired);
  });
});

const lines = (...remotes: readonly (readonly [string, string])[]) =>
  remotes.map(([name, url]) => `${name}\t${url} (fetch)\n${name}\t${url} (push)\n`).join("");

const checkout = (listing: string, config = "", options: { env?: Record<string, string>; canPrompt?: boolean } = {}) =>
  new RepositoryResolver({
    env: options.env ?? {},
    canPrompt: options.canPrompt ?? false,
    isFork: async ({ owner }) => owner === "forker",
    git: async (args) => {
      if (args[0] === "remote") return listing;
      if (config === "") throw new Error("exit code 1");
      return config;
    },
  });

const forked = lines(["origin", "git@github.com:forker/hello.git"], ["upstream", "https://github.com/octo/hello.git"]);

describe("the remotes of a checkout", () => {
  test("come in gh's order: upstream, github, origin, the rest as git lists them", () => {
    const names = ["b", "origin", "a", "github", "upstream"];
    const listing = lines(...names.map((name) => [name, `https://github.com/${name}/r`] as const));
    expect(parseRemotes(listing, "").map(({ name }) => name)).toEqual(["upstream", "github", "origin", "b", "a"]);
  });

  test.each([
    ["git@github.com:o/r.git", "github.com/o/r"],
    ["git@github.com:/o/r", "github.com/o/r"],
    ["ssh://git@ssh.github.com:443/o/r.git", "github.com/o/r"],
    ["git+ssh://git@github.com/o/r.git", "github.com/o/r"],
    ["https://user:secret@www.github.com/o/r.git", "github.com/o/r"],
    ["git://github.com/o/r", "github.com/o/r"],
    ["work:o/r.git", "work/o/r"],
  ])("%s is %s", (url, place) => {
    const [remote] = parseRemotes(lines(["origin", url]), "");
    expect(`${remote?.host}/${remote?.owner}/${remote?.repository}`).toBe(place);
  });

  test.each(["/srv/git/r.git", "../r", "file:///srv/r", "https://github.com/o"])("%s is no repository to gh", (url) => {
    expect(parseRemotes(lines(["origin", url]), "")).toEqual([]);
  });
});

describe("the base repository", () => {
  test("is what -R says, before GH_REPO, before the remotes", async () => {
    const resolver = checkout(forked, "", { env: { GH_REPO: "env/repo" } });
    expect(fullName(await resolver.base())).toBe("env/repo");
    resolver.override("flag/repo");
    expect(fullName(await resolver.base())).toBe("flag/repo");
  });

  test("is the first remote in gh's order", async () => {
    expect(fullName(await checkout(forked).base())).toBe("octo/hello");
  });

  test("is the remote that gh repo set-default chose", async () => {
    const config = "remote.origin.gh-resolved base\n";
    expect(fullName(await checkout(forked, config).base())).toBe("forker/hello");
  });

  test("is the repository that a remote resolves to", async () => {
    const config = "remote.origin.gh-resolved octo/other\n";
    expect(fullName(await checkout(forked, config).base())).toBe("octo/other");
  });

  test("at a terminal is native where gh may ask which one is meant", async () => {
    await expect(checkout(forked, "", { canPrompt: true }).base()).rejects.toThrow(NativeRequired);
    const fork = lines(["origin", "git@github.com:forker/hello.git"]);
    await expect(checkout(fork, "", { canPrompt: true }).base()).rejects.toThrow(NativeRequired);
    const single = lines(["origin", "git@github.com:octo/hello.git"]);
    expect(fullName(await checkout(single, "", { canPrompt: true }).base())).toBe("octo/hello");
  });

  test("is refused in gh's words without remotes, and outside of a checkout in git's", async () => {
    await expect(checkout("").base()).rejects.toThrow(new CommandFailure("no git remotes found"));
    const outside = new RepositoryResolver({
      env: {},
      canPrompt: false,
      isFork: async () => false,
      git: async () => Promise.reject(new GitFailure("remote", 128, "fatal: not a git repository (or any): .git\n")),
    });
    await expect(outside.base("x: ")).rejects.toThrow(
      new CommandFailure("x: failed to run git: fatal: not a git repository (or any): .git\n"),
    );
  });

  test("is native without git, and on another host", async () => {
    await expect(checkout(lines(["origin", "https://ghe.example/o/r"])).base()).rejects.toThrow(/ghe\.example/);
    const broken = new RepositoryResolver({
      env: {},
      canPrompt: false,
      isFork: async () => false,
      git: async () => Promise.reject(new Error("spawn git ENOENT")),
    });
    await expect(broken.base()).rejects.toThrow(/ENOENT/);
  });
});
