/** The demo on an emulated GitHub: a lively public project, a pool of one token and one App. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hooksPath } from "../../shared/events/names.ts";
import { demoPath, type GitHub, startGitHub, type WorldFile, worldSchema } from "../../test/github-emulator/index.ts";
import { type DemoRead, githubText, type Scenario, type WatchedPull } from "../stack/scenario.ts";

/** Whose credentials the demo uses: all of them are in the world file and worthless elsewhere. */
interface Cast {
  readonly organization: string;
  readonly memberToken: string;
  /** Another member's. */
  readonly colleagueToken: string;
  readonly poolToken: { readonly token: string; readonly login: string };
  readonly app: { readonly slug: string; readonly id: number; readonly installation: number };
  /** The relay's OAuth app at GitHub, for signing in to the dashboard. */
  readonly oauth: { readonly client_id: string; readonly client_secret: string };
}

/** Starts the demo world. */
export async function emulatedScenario(): Promise<Scenario> {
  const world: WorldFile = JSON.parse(await readFile(demoPath, "utf8"));
  const cast = castOf(world);
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const webhookSecret = randomBytes(24).toString("base64url");
  const directory = await mkdtemp(join(tmpdir(), "octopool-demo-gh-"));
  const socket = join(directory, "github.sock");
  await writeFile(join(directory, "config.yml"), `http_unix_socket: ${socket}\n`);
  const github = await startGitHub({ world, port: 0, socket, appKeys: { [cast.app.slug]: keys.publicKey } });
  return {
    title: "an emulated GitHub with a lively public project",
    githubApi: github.url,
    githubWeb: github.url,
    calls: () => github.control.calls,
    putAway: (milliseconds) => {
      github.control.hurry();
      if (milliseconds > 0) github.control.delay(milliseconds);
    },
    bindings: {
      ALLOWED_GITHUB_ORG: cast.organization,
      OCTOPOOL_GITHUB_ORG_TOKEN: cast.memberToken,
      OCTOPOOL_GITHUB_APP_ID: String(cast.app.id),
      GITHUB_OAUTH_CLIENT_ID: cast.oauth.client_id,
      GITHUB_OAUTH_CLIENT_SECRET: cast.oauth.client_secret,
      OCTOPOOL_WEBHOOK_SECRET: webhookSecret,
      DEMO_TOKEN: cast.poolToken.token,
      DEMO_APP_KEY: keys.privateKey,
    },
    identities: [
      {
        id: "demo-app",
        kind: "github_app",
        login: cast.app.slug,
        secret_ref: "DEMO_APP_KEY",
        installation_id: cast.app.installation,
        scopes: [{ owner: "*" }],
      },
      {
        id: "demo-token",
        kind: "pat",
        login: cast.poolToken.login,
        secret_ref: "DEMO_TOKEN",
        scopes: [{ owner: "*" }],
      },
    ],
    loginToken: cast.memberToken,
    ghEnvironment: { GH_CONFIG_DIR: directory, GH_TOKEN: cast.memberToken },
    ...commandsOf(world, github, cast.memberToken),
    watched: watchedPull(world, github, cast.colleagueToken, webhookSecret),
    close: async () => {
      await github.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function castOf(file: WorldFile): Cast {
  const world = worldSchema.parse(file);
  const [organization] = world.organizations;
  const members = organization?.members.map(({ login }) => login) ?? [];
  const [member, colleague] = world.tokens.filter(
    ({ login, scopes }) => members.includes(login) && scopes.includes("repo"),
  );
  const pool = world.tokens.find(({ login }) => login !== member?.login);
  const [app] = world.apps;
  const [oauth] = world.oauth_apps;
  const installation = app?.installations[0];
  if (!organization || !member || !colleague || !pool || !app?.id || !installation?.id || !oauth) {
    throw new Error("The demo world lacks an organisation, tokens of two members or one for the pool, or an App.");
  }
  return {
    organization: organization.login,
    memberToken: member.token,
    colleagueToken: colleague.token,
    poolToken: pool,
    app: { slug: app.slug, id: app.id, installation: installation.id },
    oauth,
  };
}

/** The first pull request of the liveliest repository that can be merged. */
function watchedPull(world: WorldFile, github: GitHub, token: string, secret: string): WatchedPull {
  const project = liveliest(worldSchema.parse(world).repositories);
  const pull = project?.pulls.find((each) => each.state !== "closed" && !each.merged_at && !each.draft)?.number;
  if (!project || pull === undefined) throw new Error("The demo world lacks an open pull request.");
  const path = `/repos/${project.name}/pulls/${pull}`;
  return {
    repository: project.name,
    pull,
    tell: (relay) => github.engine.deliverTo({ url: `${relay}${hooksPath}`, secret }),
    looked: () => github.control.answered({ path }),
    merge: async () => {
      const response = await fetch(`${github.url}${path}/merge`, {
        method: "PUT",
        headers: { authorization: `token ${token}`, "user-agent": "octopool-demo" },
        body: "{}",
      });
      if (!response.ok)
        throw new Error(`The emulated GitHub did not merge: ${response.status} ${await response.text()}`);
    },
  };
}

/** A dozen reads of the liveliest public repository, a write to it, and a read of a private one. */
function commandsOf(world: WorldFile, github: GitHub, token: string): Pick<Scenario, "reads" | "natives"> {
  const repositories = worldSchema.parse(world).repositories;
  const project = liveliest(repositories);
  const secret = repositories.find((repository) => repository.private);
  if (!project || !secret) throw new Error("The demo world lacks a project or a private repository.");
  const { name } = project;
  const ask = async (path: string) => githubText(github.url, path, token);
  const at = (path: string) => `repos/${name}/${path}`;
  const pull = project.pulls[0]?.number ?? 1;
  const merged = project.pulls.find((each) => each.merged_at)?.number ?? pull;
  const issue = project.issues[0]?.number ?? 1;
  const raw = (path: string): DemoRead => ({ args: ["api", path], expected: () => ask(path) });
  const titleOfIssue: DemoRead = {
    args: ["issue", "view", String(issue), "-R", name, "--json", "title", "--jq", ".title"],
    expected: async () => `${JSON.parse(await ask(at(`issues/${issue}`))).title}\n`,
  };
  return {
    reads: [
      raw(at(`pulls/${pull}`)),
      raw(at("pulls?state=all&per_page=20")),
      raw(at(`issues/${issue}/comments`)),
      raw(at("releases/latest")),
      raw(at("contents/README.md")),
      {
        args: ["api", "--paginate", at("issues?state=all&per_page=20"), "--jq", ".[].number"],
        expected: async () => {
          const all: { number: number }[] = JSON.parse(await ask(at("issues?state=all&per_page=100")));
          return all.map(({ number }) => `${number}\n`).join("");
        },
      },
      {
        args: ["pr", "view", String(merged), "-R", name, "--json", "number,title,state,headRefName"],
        expected: async () => {
          const { number, title, merged_at, state, head } = JSON.parse(await ask(at(`pulls/${merged}`)));
          const shown = { headRefName: head.ref, number, state: merged_at ? "MERGED" : state.toUpperCase(), title };
          return `${JSON.stringify(shown)}\n`;
        },
      },
      {
        args: ["pr", "view", String(pull), "-R", name, "--json", "labels", "--jq", ".labels[].name"],
        expected: async () => {
          const { labels }: { labels: { name: string }[] } = JSON.parse(await ask(at(`pulls/${pull}`)));
          return labels.map((label) => `${label.name}\n`).join("");
        },
      },
      titleOfIssue,
      {
        args: ["issue", "view", String(issue), "-R", name, "--json", "number,url,closed"],
        expected: async () => {
          const { number, html_url, state } = JSON.parse(await ask(at(`issues/${issue}`)));
          return `${JSON.stringify({ closed: state === "closed", number, url: html_url })}\n`;
        },
      },
      {
        args: ["run", "list", "-R", name, "-L", "10", "--json", "databaseId,status,conclusion"],
        expected: async () => {
          interface Run {
            readonly id: number;
            readonly status: string;
            readonly conclusion: string | null;
          }
          const { workflow_runs }: { workflow_runs: Run[] } = JSON.parse(await ask(at("actions/runs?per_page=10")));
          const shown = workflow_runs.map(({ id, status, conclusion }) => ({
            conclusion: conclusion ?? "",
            databaseId: id,
            status,
          }));
          return `${JSON.stringify(shown)}\n`;
        },
      },
      raw(at("labels")),
    ],
    natives: [
      {
        what: "a write is your own gh's, with your own login",
        args: ["api", "-X", "PATCH", at(`issues/${issue}`), "-f", "title=Renamed by the demo", "--jq", ".title"],
        seenBy: titleOfIssue,
      },
      {
        what: "a private repository is read with your own token alone",
        args: ["api", `repos/${secret.name}/issues`, "--jq", "length"],
        free: true,
      },
    ],
  };
}

function liveliest<T extends { readonly pulls: readonly unknown[] }>(repositories: readonly T[]): T | undefined {
  return repositories.toSorted((a, b) => b.pulls.length - a.pulls.length)[0];
}
