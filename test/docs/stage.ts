/**
 * The surroundings of a reader of the documentation: GitHub with their organisation, a relay over it, a machine
 * with `octopool` on its PATH, and a copy of this repository. Only GitHub and Cloudflare are stood in for.
 */
import { generateKeyPairSync } from "node:crypto";
import { chmod, cp, mkdir, mkdtemp, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { keptToken, tokenFile } from "../../scripts/deploy/token-file.ts";
import { createMachine, octopoolBundle } from "../../scripts/stack/machine.ts";
import { addCaller, addIdentity } from "../../scripts/stack/pool.ts";
import { startRelay } from "../../scripts/stack/relay.ts";
import { ghEnvironment } from "../e2e/support/gh.ts";
import { demoPath, loadWorld, mergeWorlds, startGitHub } from "../github-emulator/index.ts";
import { answers, makeWorld } from "../scripts/deploy/world.ts";
import { removeTree } from "../support/remove-tree.ts";

const root = join(import.meta.dirname, "../..");
const pool = "maintainers";
/** The machine that the pages revoke. */
const machineName = "old-laptop";
const app = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  // As GitHub hands it out.
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});

export interface DocsSetup {
  readonly directory: string;
  /** A clone of acme/tool: where a reader types. */
  readonly checkout: string;
  /** This repository. */
  readonly repository: string;
  readonly relay: string;
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export async function openStage(): Promise<DocsSetup> {
  const directory = await mkdtemp(join(tmpdir(), "octopool-docs-"));
  const world = mergeWorlds([loadWorld(demoPath), loadWorld(join(import.meta.dirname, "world.json"))]);
  const github = await startGitHub({
    world,
    port: 0,
    socket: join(directory, "github.sock"),
    appKeys: { "acme-reader": app.publicKey },
  });
  const adminToken = "operator-of-the-documentation";
  const relay = await startRelay({
    githubApi: github.url,
    bindings: {
      ALLOWED_GITHUB_ORG: "acme",
      OCTOPOOL_ADMIN_TOKEN: adminToken,
      OCTOPOOL_GITHUB_ORG_TOKEN: "docs-token-of-the-organisation",
      OCTOPOOL_GITHUB_APP_ID: "4711",
      GITHUB_OAUTH_CLIENT_ID: "docs-oauth-client",
      GITHUB_OAUTH_CLIENT_SECRET: "docs-oauth-secret",
      BOT1_TOKEN: "docs-token-of-acme-bot",
    },
  });
  const operator = { server: relay.url, adminToken };
  for (const [name, id] of [
    [pool, "bot1"],
    ["bots", "bot2"],
  ] as const) {
    const kind = "pat";
    await addIdentity(operator, name, {
      id,
      kind,
      login: "acme-bot",
      secret_ref: "BOT1_TOKEN",
      scopes: [{ owner: "*" }],
    });
    await addCaller(operator, name, "mona", machineName);
  }
  const spare = { kind: "pat", login: "acme-bot", secret_ref: "BOT1_TOKEN", scopes: [{ owner: "acme" }] } as const;
  await addIdentity(operator, pool, { id: "bot3", ...spare });
  for (const login of ["triage-bot", "old-bot"]) await addCaller(operator, pool, login, machineName);
  const cloudflare = await makeWorld();
  const tools = join(directory, "bin");
  const checkout = join(directory, "tool");
  const repository = join(directory, "octopool");
  await copyOfRepository(repository);
  await mkdir(tools);
  await program(join(tools, "octopool"), `exec "${process.execPath}" "${octopoolBundle}" "$@"`);
  await cloneOfTool(checkout);
  // As it lies where GitHub's page put it.
  await writeFile(join(checkout, "app.pem"), app.privateKey);
  const gh = await ghEnvironment(join(directory, "gh"), github, "docs-token-of-mona");
  await symlink(gh.OCTOPOOL_GH_PATH ?? "", join(tools, "gh"));
  const { HOME: _, PATH: __, ...wrangler } = cloudflare.env;
  const machine = await createMachine("laptop", {
    ...gh,
    ...answers,
    ...wrangler,
    OCTOPOOL_HOST: "",
    OCTOPOOL_LOGS_BUCKET: "",
    OCTOPOOL_E2E_HOST: relay.url,
    // Any that is free.
    PORT: "0",
    PATH: [tools, dirname(process.execPath), process.env.PATH ?? ""].join(delimiter),
    OCTOPOOL_ADMIN_TOKEN: adminToken,
    BOT_TOKEN: await addCaller(operator, pool, "triage-bot", machineName),
    REPOSITORY: repository,
  });
  // Where a deployment from here would have kept it.
  await keptToken(tokenFile(machine.env), () => adminToken);
  return {
    directory,
    checkout,
    repository,
    relay: relay.url,
    // As in a terminal that was opened after `octopool install-shim`.
    env: { ...machine.env, PATH: `${machine.env.HOME}/.local/share/octopool/bin${delimiter}${machine.env.PATH}` },
    close: async () => {
      await machine.close();
      await relay.close();
      await github.close();
      await cloudflare.remove();
      await removeTree(directory);
    },
  };
}

/** The files of the repository, uncommitted changes included; installed packages are linked. */
async function copyOfRepository(to: string): Promise<void> {
  const { stdout } = await execa("git", ["ls-files", "-co", "--exclude-standard"], { cwd: root });
  for (const file of stdout.split("\n")) await cp(join(root, file), join(to, file)).catch(ignoreMissing);
  await symlink(join(root, "node_modules"), join(to, "node_modules"));
  await execa("git", ["init", "--quiet"], { cwd: to });
}

/** A file that was deleted and not committed yet. */
function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

async function cloneOfTool(to: string): Promise<void> {
  await execa("git", ["init", "--quiet", to]);
  await execa("git", ["remote", "add", "origin", "https://github.com/acme/tool.git"], { cwd: to });
}

async function program(file: string, script: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}
