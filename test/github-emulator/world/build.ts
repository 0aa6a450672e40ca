import { buildApp, buildOrganization, buildToken, declareAccounts } from "./build-accounts.ts";
import { buildRun, buildWorkflow } from "./build-actions.ts";
import { buildPull, type PullContext } from "./build-pulls.ts";
import { buildDeployment, buildRelease } from "./build-releases.ts";
import { buildHistory, createRepository, planThreads } from "./build-repository.ts";
import { associationOf, buildIssue } from "./build-threads.ts";
import { type BuildContext, createContext, latest } from "./context.ts";
import { nodeId, shaOf } from "./ids.ts";
import type { Gist, Repository, World } from "./model.ts";
import { type ParsedWorld, type RepositoryInput, worldSchema } from "./schema.ts";

/**
 * Makes a world of a world file's content.
 * @throws ZodError when the file does not follow the schema; its message names every offending place.
 */
export function buildWorld(file: unknown): World {
  const input = worldSchema.parse(file);
  const context = createContext(input.now);
  declareAccounts(context, input);
  const organizations = input.organizations.map((each) => buildOrganization(context, each));
  const tokens = input.tokens.map((each) => buildToken(context, each));
  const world: World = {
    now: input.now,
    accounts: context.accounts,
    organizations: new Map(organizations.map((each) => [each.account.login.toLowerCase(), each])),
    tokens: new Map(tokens.map((each) => [each.token, each])),
    apps: input.apps.map((each) => buildApp(context, each)),
    oauthApps: input.oauth_apps,
    repositories: new Map(),
    renamed: new Map(),
    gists: [],
    anonymousLimits: input.limits.anonymous ?? {},
    ids: context.ids,
  };
  buildRepositories(context, world, input);
  world.gists = input.gists.map((gist, index) => buildGist(context, gist, index));
  return world;
}

/** All repositories first, then the events between them: forks' pull requests point across. */
function buildRepositories(context: BuildContext, world: World, input: ParsedWorld): void {
  const pairs = input.repositories.map((each): [RepositoryInput, Repository] => [
    each,
    createRepository(context, each),
  ]);
  for (const [each, repository] of pairs) {
    world.repositories.set(repository.full_name.toLowerCase(), repository);
    for (const former of each.renamed_from) world.renamed.set(former.toLowerCase(), repository);
  }
  for (const [each, repository] of pairs) {
    repository.parent = world.repositories.get(each.fork_of?.toLowerCase() ?? "") ?? null;
    if (each.fork_of && !repository.parent)
      throw new Error(`${each.name}: fork_of ${each.fork_of} is not in this world`);
  }
  const planned = pairs.map(([each, repository]) => ({
    each,
    repository,
    plan: planThreads(context, repository, each),
  }));
  for (const { each, repository, plan } of planned) buildHistory(context, repository, each, plan.pulls);
  for (const { each, repository, plan } of planned) {
    const threads = pullContext(context, world, repository, each);
    for (const [index, issue] of each.issues.entries()) {
      const number = plan.issues[index] ?? 0;
      repository.threads.set(number, buildIssue(threads, issue, number));
    }
    for (const pull of plan.pulls) repository.threads.set(pull.number, buildPull(threads, pull));
    repository.workflows = each.workflows.map((workflow) => buildWorkflow(threads, workflow));
    for (const [index, run] of each.runs.entries()) buildRun(threads, run, index);
    repository.runs.sort((a, b) => b.created_at.localeCompare(a.created_at) || b.id - a.id);
    repository.releases = each.releases.map((release, index) => buildRelease(threads, release, index));
    repository.deployments = each.deployments.map((deployment, index) => buildDeployment(threads, deployment, index));
    repository.events = each.events.map((event, index) => {
      const created_at = event.created_at ?? context.after(repository.created_at, (index + 1) * 3600);
      const id = event.id ?? context.ids.timed("public_event", created_at);
      return { ...event, id, actor: context.account(event.actor), repository, created_at };
    });
    repository.updated_at = each.updated_at ?? latest(repository.updated_at, repository.created_at);
  }
}

function pullContext(context: BuildContext, world: World, repository: Repository, input: RepositoryInput): PullContext {
  const organization = world.organizations.get(repository.owner.login.toLowerCase());
  const members = new Set(organization?.members.map((member) => member.account.login.toLowerCase()));
  const contributors = new Set(contributorLogins(input));
  const admin = organization?.members.find((member) => member.role === "admin") ?? organization?.members[0];
  return {
    ...context,
    repository,
    organization,
    maintainer: admin?.account.login ?? repository.owner.login,
    associate: (login) => associationOf(repository, login, members, contributors),
    findRepository: (name) => world.repositories.get(name.toLowerCase()),
  };
}

function* contributorLogins(input: RepositoryInput): Generator<string> {
  for (const commit of input.commits) if (typeof commit.author === "string") yield commit.author.toLowerCase();
  for (const pull of input.pulls) if ((pull.merged || pull.merged_at) && pull.author) yield pull.author.toLowerCase();
}

function buildGist(context: BuildContext, input: ParsedWorld["gists"][number], index: number): Gist {
  const created_at = input.created_at ?? context.after(context.now, -(100 - index) * 86_400);
  const id = input.id ?? shaOf("gist", input.owner, index).slice(0, 32);
  return {
    id,
    node_id: nodeId("G", id),
    owner: context.account(input.owner),
    description: input.description,
    public: input.public,
    files: Object.entries(input.files).map(([name, file]) =>
      typeof file === "string"
        ? { name, content: file, language: null }
        : { name, content: file.content, language: file.language ?? null },
    ),
    created_at,
    updated_at: input.updated_at ?? created_at,
  };
}
