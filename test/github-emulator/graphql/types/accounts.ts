import type { Account, Team } from "../../world/model.ts";
import { connection, type PageArguments } from "../connection.ts";
import { type GraphqlViewer, sameAccount } from "../context.ts";
import { type RepositoryArguments, repositoriesOf } from "../repositories.ts";

const web = (path: string): string => `https://github.com/${path}`;

const actor = {
  id: (account: Account) => account.node_id,
  databaseId: (account: Account) => account.id,
  /** A bot's login has no suffix here, unlike in REST. */
  login: (account: Account) => account.login.replace(/\[bot\]$/, ""),
  avatarUrl: (account: Account) => `https://avatars.githubusercontent.com/u/${account.id}?v=4`,
  url: (account: Account) => (account.type === "Bot" ? web(`apps/${account.app_slug}`) : web(account.login)),
  resourcePath: (account: Account) => (account.type === "Bot" ? `/apps/${account.app_slug}` : `/${account.login}`),
  createdAt: (account: Account) => account.created_at,
  updatedAt: (account: Account) => account.updated_at,
};

/** Lists that a world does not have: there and empty. */
const empty = {
  projectsV2: (_: Account, page: PageArguments) => connection([], page, "projectsV2"),
  projects: (_: Account, page: PageArguments) => connection([], page, "projects"),
};

const owner = {
  ...actor,
  ...empty,
  repositories: (account: Account, page: RepositoryArguments & PageArguments, viewer: GraphqlViewer) =>
    connection(repositoriesOf(account, page, viewer), page, "repositories"),
  repository: (account: Account, { name }: { name: string }, { world, mayRead }: GraphqlViewer) => {
    const found = world.repositories.get(`${account.login}/${name}`.toLowerCase());
    return found && mayRead(found) ? found : null;
  },
};

export const accounts = {
  Bot: actor,
  User: {
    ...owner,
    name: (account: Account) => account.name,
    email: (account: Account) => account.email ?? "",
    websiteUrl: (account: Account) => account.blog || null,
    twitterUsername: (account: Account) => account.twitter_username,
    isSiteAdmin: (account: Account) => account.site_admin,
    isHireable: (account: Account) => account.hireable ?? false,
    isViewer: (account: Account, _: unknown, viewer: GraphqlViewer) => sameAccount(account, viewer.account),
    organizations: (account: Account, page: PageArguments, { world }: GraphqlViewer) =>
      connection(organizationsOf(account, world), page, "organizations"),
    followers: (account: Account, page: PageArguments) =>
      connection(account.followers, page, "followers", (login) => login),
  },
  Organization: {
    ...owner,
    name: (account: Account) => account.name,
    email: (account: Account) => account.email,
    websiteUrl: (account: Account) => account.blog || null,
    isVerified: () => false,
    teams: (account: Account, page: PageArguments, { world }: GraphqlViewer) =>
      connection(world.organizations.get(account.login.toLowerCase())?.teams ?? [], page, "teams"),
    team: (account: Account, { slug }: { slug: string }, { world }: GraphqlViewer) =>
      world.organizations.get(account.login.toLowerCase())?.teams.find((team) => team.slug === slug) ?? null,
    viewerIsAMember: (account: Account, _: unknown, { world, account: viewer }: GraphqlViewer) =>
      world.organizations
        .get(account.login.toLowerCase())
        ?.members.some((member) => sameAccount(member.account, viewer)) ?? false,
  },
  Team: {
    id: (team: Team) => team.node_id,
    databaseId: (team: Team) => team.id,
    organization: (team: Team) => team.organization,
    combinedSlug: (team: Team) => `${team.organization.login}/${team.slug}`,
    url: (team: Team) => web(`orgs/${team.organization.login}/teams/${team.slug}`),
    members: (team: Team, page: PageArguments) => connection(team.members, page, "members"),
  },
};

function organizationsOf(account: Account, world: GraphqlViewer["world"]): Account[] {
  return [...world.organizations.values()]
    .filter(({ members }) => members.some((member) => member.account.id === account.id))
    .map((organization) => organization.account);
}
