/** Other hosts with the caller's own token: installed script, full client, daemon, an emulated GitHub of each host. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { readDaemonStatus } from "../../cli/daemon-status.ts";
import { createMachine, type Machine, type Ran } from "../../scripts/stack/machine.ts";
import { type Elsewhere, type GitHub, startGitHub } from "../github-emulator/index.ts";

const realGh = process.env.OCTOPOOL_GH_PATH ?? "";
const server = "git.example.org";
const tenant = "acme.ghe.com";
const tokens = { "github.com": "token-of-com", [server]: "token-of-server", [tenant]: "token-of-tenant" };
const environment = "token-of-the-environment";

let machine: Machine;
let githubs: readonly GitHub[];
let seen: { readonly host: string; readonly authorization: string; readonly status: number }[];

async function start(host: keyof typeof tokens, elsewhere?: Elsewhere): Promise<GitHub> {
  return startGitHub({
    socket: join(machine.directory, `${host}.sock`),
    elsewhere,
    world: {
      users: [{ login: "ada" }],
      tokens: [tokens[host], environment].map((token) => ({ token, login: "ada" })),
      repositories: [
        {
          name: "ada/one",
          private: true,
          issues: [{ number: 1, title: `Of ${host}`, author: "ada", labels: ["bug"] }],
        },
      ],
    },
  });
}

const observed = (host: string, { engine }: GitHub): Elsewhere[string] => ({
  handle: async (incoming) => {
    const answer = await engine.handle(incoming);
    seen.push({ host, authorization: incoming.headers.authorization ?? "", status: answer?.status ?? 0 });
    return answer;
  },
});

beforeEach(async () => {
  machine = await createMachine("hosts", realGh === "" ? {} : { OCTOPOOL_GH_PATH: realGh });
  const [ofServer, ofTenant] = [await start(server), await start(tenant)];
  const com = await start("github.com", {
    [server]: observed(server, ofServer),
    [tenant]: observed(tenant, ofTenant),
  });
  githubs = [com, ofServer, ofTenant];
  const config = join(machine.directory, "gh-config");
  await mkdir(config);
  await writeFile(join(config, "config.yml"), `version: "1"\nhttp_unix_socket: ${com.socket}\n`);
  const entry = ([host, token]: readonly string[]) => `${host}:\n    user: ada\n    oauth_token: ${token}\n`;
  await writeFile(join(config, "hosts.yml"), Object.entries(tokens).map(entry).join(""));
  Object.assign(machine.env, { GH_CONFIG_DIR: config });
  seen = [];
});

afterEach(async () => {
  await machine?.close();
  await Promise.all(githubs.map((each) => each.close()));
});

const shown = ({ stdout, stderr, exitCode }: Ran) => ({ stdout: Buffer.from(stdout).toString(), stderr, exitCode });
/** Of gh itself, with the same settings. */
async function realAnswer(args: readonly string[]) {
  const { GH_CONFIG_DIR = "", HOME = "", PATH = "" } = machine.env;
  const env = { GH_CONFIG_DIR, HOME, PATH };
  const { stdout, stderr, exitCode } = await execa(realGh, args, {
    ...{ env, extendEnv: false, reject: false, stripFinalNewline: false },
  });
  return { stdout, stderr, exitCode };
}

const statusSchema = z.looseObject({
  via: z.looseObject({ requests: z.number() }),
  own: z.looseObject({ hosts: z.record(z.string(), z.looseObject({ unchanged: z.number(), paid: z.number() })) }),
});

describe.skipIf(realGh === "")("beside github.com", () => {
  test.for([
    [server, ["api", "repos/ada/one/issues", "--hostname", server]],
    [server, ["run", "list", "-R", `${server}/ada/one`]],
    [server, ["api", "repos/ada/none", "--hostname", server]],
    [tenant, ["api", "repos/ada/one/issues", "--hostname", tenant]],
    [tenant, ["run", "list", "-R", `${tenant}/ada/one`]],
  ] as const)("%s: gh %s prints gh's bytes by both clients, and warm costs nothing", async ([host, args]) => {
    const plain = await realAnswer(args);
    const full: Machine["gh"] = (words, extra) => machine.run(["gh", ...words], extra);
    expect(shown(await machine.gh(args))).toEqual(plain);
    seen = [];
    for (const way of [machine.gh, full]) expect(shown(await way(args))).toEqual(plain);
    const unchanged = plain.exitCode === 0 ? 304 : 404;
    expect(new Set(seen.map((each) => JSON.stringify(each)))).toEqual(
      new Set([JSON.stringify({ host, authorization: `token ${tokens[host]}`, status: unchanged })]),
    );
    expect(githubs[0]?.control.calls).toEqual([]);
    const status = statusSchema.parse(await readDaemonStatus(machine.env));
    expect(status.via.requests).toBe(0);
    expect(Object.keys(status.own.hosts)).toEqual([host]);
  });

  test("a token of the environment is sent to the host that gh sends it to, by both clients, and is in no file", async () => {
    const args = ["api", "repos/ada/one/issues/1", "--hostname", server, "--jq", ".title"];
    for (const way of [machine.gh, ((words, extra) => machine.run(["gh", ...words], extra)) satisfies Machine["gh"]]) {
      const ran = await way(args, { GH_ENTERPRISE_TOKEN: environment, GH_TOKEN: "of-github-com-alone" });
      expect(shown(ran)).toEqual({ stdout: `Of ${server}\n`, stderr: "", exitCode: 0 });
    }
    expect(new Set(seen.map((each) => `${each.host} ${each.authorization}`))).toEqual(
      new Set([`${server} token ${environment}`]),
    );
    const run = join(machine.directory, "run", "octopool");
    for (const name of await readdir(run, { recursive: true })) {
      const text = await readFile(join(run, name), "utf8").catch(() => "");
      expect(text).not.toContain(environment);
    }
  });
});
