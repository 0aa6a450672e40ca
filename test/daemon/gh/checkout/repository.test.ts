import { describe, expect, test } from "vitest";
import { Hosts } from "../../../../daemon/gh/checkout/hosts.ts";
import { parseRemotes } from "../../../../daemon/gh/checkout/remotes.ts";
import {
  fullName,
  parseRepository,
  type RepositoryName,
  RepositoryResolver,
} from "../../../../daemon/gh/checkout/repository.ts";
import { CommandFailure } from "../../../../daemon/gh/command-failure.ts";
import { GhRelease } from "../../../../daemon/gh/versions.ts";
import { GitFailure } from "../../../../daemon/git-failure.ts";
import { NativeRequired } from "../../../../daemon/reader.ts";

/** Of a gh whose hosts.yml names these. */
function hostsOf(named: readonly string[], env: Readonly<Record<string, string>> = {}): Hosts {
  return new Hosts({ env, named: () => named, gh: () => new GhRelease("2.103.3"), serverReason: undefined });
}
const alone = hostsOf([]);

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
    expect(fullName(parseRepository(text, alone))).toBe("octo/hello");
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
    expect(() => parseRepository(text, alone)).toThrow(new CommandFailure(words));
    expect(() => parseRepository(text, alone, "argument error: ")).toThrow(
      new CommandFailure(`argument error: ${words}`),
    );
  });

  test.each(["octo/..", "octo/hello.git", "o c/r", "https://github.com/octo/hell%zz"])(
    "%j is left to the real gh",
    (text) => {
      expect(() => parseRepository(text, alone)).toThrow(NativeRequired);
    },
  );
});

const lines = (...remotes: readonly (readonly [string, string])[]) =>
  remotes.map(([name, url]) => `${name}\t${url} (fetch)\n${name}\t${url} (push)\n`).join("");

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly canPrompt?: boolean;
  /** The hosts of hosts.yml. */
  readonly named?: readonly string[];
  /** Of ssh's settings. */
  readonly aliases?: Readonly<Record<string, string>>;
}

const resolverOf = (git: (args: readonly string[]) => Promise<string>, surroundings: Surroundings = {}) => {
  const { env = {}, canPrompt = false, named = [], aliases = {} } = surroundings;
  const hosts = hostsOf(named, env);
  const sshHost = async (name: string) => aliases[name] ?? name;
  const isFork = async ({ owner }: RepositoryName) => owner === "forker";
  return { hosts, resolver: new RepositoryResolver({ env, canPrompt, hosts, sshHost, isFork, git }) };
};

const gitOf = (listing: string, config: string) => async (args: readonly string[]) => {
  if (args[0] === "remote") return listing;
  if (config === "") throw new Error("exit code 1");
  return config;
};

const checkout = (listing: string, config = "", surroundings: Surroundings = {}) =>
  resolverOf(gitOf(listing, config), surroundings).resolver;

/** The base repository with its host. */
async function placed(listing: string, surroundings: Surroundings = {}, config = ""): Promise<string> {
  const { hosts, resolver } = resolverOf(gitOf(listing, config), surroundings);
  const repository = await resolver.base();
  return `${hosts.current.name}/${fullName(repository)}`;
}

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
  test("is that of -R, before GH_REPO, before the remotes", async () => {
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
    const failure = new GitFailure("remote", 128, "fatal: not a git repository (or any): .git\n");
    const { resolver: outside } = resolverOf(() => Promise.reject(failure));
    await expect(outside.base("x: ")).rejects.toThrow(
      new CommandFailure("x: failed to run git: fatal: not a git repository (or any): .git\n"),
    );
  });

  test("is refused in gh's words where gh knows no remote's host", async () => {
    const failure = await checkout(lines(["origin", "https://ghe.example/o/r"]))
      .base()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CommandFailure);
    expect(String(failure)).toContain(
      "none of the git remotes configured for this repository point to a known GitHub host.",
    );
  });

  test.each([{ GH_HOST: "other.example" }, { GH_ENTERPRISE_TOKEN: "set" }, { GITHUB_ENTERPRISE_TOKEN: "set" }])(
    "is native where gh knows no remote's host, with %o",
    async (env) => {
      const { resolver } = resolverOf(gitOf(lines(["origin", "https://ghe.example/o/r"]), ""), { env });
      await expect(resolver.base()).rejects.toThrow(NativeRequired);
    },
  );

  test("is native without git", async () => {
    const { resolver: broken } = resolverOf(() => Promise.reject(new Error("spawn git ENOENT")));
    await expect(broken.base()).rejects.toThrow(/ENOENT/);
  });
});

describe("the base repository among several hosts", () => {
  const two = lines(["origin", "https://github.com/o/com"], ["upstream", "https://ghe.example/o/ent"]);
  const both = ["github.com", "ghe.example"];

  test.each<[string, string, Surroundings, string?]>([
    ["is the first remote on a host that gh knows", "ghe.example/o/ent", { named: both }],
    ["passes over remotes elsewhere", "github.com/o/com", { named: ["github.com"] }],
    ["is on GH_HOST where that is set", "github.com/o/com", { named: both, env: { GH_HOST: "github.com" } }],
    ["is on the only host of hosts.yml where a remote is", "ghe.example/o/ent", { named: ["ghe.example"] }],
    ["is elsewhere where none is on the only host", "github.com/o/com", { named: ["other.example"] }],
    [
      "is on the host of the remote that resolves to it",
      "ghe.example/o/base",
      { named: both },
      "remote.upstream.gh-resolved o/base\n",
    ],
  ])("%s", async (_rule, expected, surroundings, config) => {
    expect(await placed(two, surroundings, config)).toBe(expected);
  });

  test("is where ssh's settings lead to", async () => {
    const aliased = lines(["origin", "git@work:o/ent.git"]);
    expect(await placed(aliased, { named: both, aliases: { work: "ghe.example" } })).toBe("ghe.example/o/ent");
    expect(await placed(aliased, { aliases: { work: "ssh.github.com" } })).toBe("github.com/o/ent");
    await expect(placed(aliased)).rejects.toThrow(CommandFailure);
  });

  test("is told without asking ssh where the first remote is on github.com", async () => {
    const remotes = lines(["origin", "git@github.com:o/com.git"], ["work", "git@work:o/ent.git"]);
    const asked: string[] = [];
    for (const named of [[], ["github.com"], both]) {
      const resolver = new RepositoryResolver({
        env: {},
        canPrompt: false,
        hosts: hostsOf(named),
        git: gitOf(remotes, ""),
        isFork: async () => false,
        sshHost: async (name) => {
          asked.push(name);
          return name;
        },
      });
      expect(fullName(await resolver.base())).toBe("o/com");
    }
    expect(asked).toEqual([]);
  });

  test("by its name alone is on GH_HOST, else on the only host of hosts.yml", async () => {
    const named = ["ghe.example"];
    expect(await placed("", { named, env: { GH_REPO: "o/r" } })).toBe("ghe.example/o/r");
    expect(await placed("", { named: both, env: { GH_REPO: "o/r" } })).toBe("github.com/o/r");
    expect(await placed("", { named: both, env: { GH_REPO: "o/r", GH_HOST: "ghe.example" } })).toBe("ghe.example/o/r");
    expect(await placed("", { named, env: { GH_REPO: "github.com/o/r" } })).toBe("github.com/o/r");
  });

  test("names its host in an address", () => {
    const { hosts, resolver } = resolverOf(gitOf("", ""), { named: both });
    expect(resolver.ofThread("https://GHE.example/o/r/pull/7", "pull")).toEqual({
      repository: { owner: "o", name: "r" },
      number: 7,
    });
    expect(hosts.current).toEqual({ name: "ghe.example", server: true });
  });
});

describe("a host", () => {
  test.each<[string, boolean, string]>([
    ["github.com", false, "2.46.0"],
    ["GitHub.com", false, "2.46.0"],
    ["acme.ghe.com", false, "2.103.3"],
    ["acme.ghe.com", true, "2.46.0"],
    ["ghe.example", true, "2.103.3"],
    ["intranet", true, "2.46.0"],
  ])("%s is a server: %s, to gh %s", (name, server, version) => {
    const hosts = new Hosts({
      env: {},
      named: () => ["acme.ghe.com", "ghe.example", "intranet"],
      gh: () => new GhRelease(version),
      serverReason: undefined,
    });
    hosts.use(name);
    expect(hosts.current).toEqual({ name: name.toLowerCase(), server });
  });

  test.each([
    "other.example",
    "Ghe.example",
    "api.acme.ghe.com",
    "garage.github.com",
    "github.localhost",
    "ghe.example:8443",
    "",
  ])("of the name %j is left to the real gh", (name) => {
    const hosts = hostsOf(["ghe.example", "acme.ghe.com", "api.acme.ghe.com", "github.localhost", "garage.github.com"]);
    expect(() => hosts.use(name)).toThrow(NativeRequired);
  });

  test("that is a server is left to the real gh by gh's requests of its GraphQL", () => {
    const common = { env: {}, named: () => ["ghe.example", "acme.ghe.com"], serverReason: "GraphQL" };
    const hosts = new Hosts({ ...common, gh: () => new GhRelease("2.103.3") });
    expect(() => hosts.use("ghe.example")).toThrow("GraphQL");
    hosts.use("acme.ghe.com");
    expect(hosts.current).toEqual({ name: "acme.ghe.com", server: false });
    const between = new Hosts({ ...common, gh: () => new GhRelease("2.50.0") });
    expect(() => between.use("acme.ghe.com")).toThrow(NativeRequired);
  });

  test("is one for a command: another one after the first read is left to the real gh", () => {
    const hosts = hostsOf(["github.com", "ghe.example"]);
    hosts.use("ghe.example");
    hosts.use("github.com");
    expect(hosts.asked.name).toBe("github.com");
    expect(() => hosts.use("ghe.example")).toThrow("several hosts");
  });

  test("is not told from a hosts.yml that is not understood", () => {
    const options = { gh: () => new GhRelease("2.46.0"), named: () => undefined, serverReason: undefined };
    expect(() => new Hosts({ ...options, env: {} }).current).toThrow(NativeRequired);
    expect(new Hosts({ ...options, env: { GH_HOST: "github.com" } }).current.name).toBe("github.com");
  });
});
