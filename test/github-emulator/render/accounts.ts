import { apiUrl, webUrl } from "../http.ts";
import type { Account, Actor, App, Organization, Reactions, Team, World } from "../world/model.ts";

const simple = new WeakMap<Account, object>();

/** A user as other things mention it; `null` once the account is deleted. */
export function user(account: Actor): object | null {
  if (!account || account.deleted) return null;
  const known = simple.get(account);
  if (known) return known;
  const made = renderUser(account);
  simple.set(account, made);
  return made;
}

function renderUser(account: Account): object {
  const name = encodeURIComponent(account.login);
  const url = `${apiUrl}/users/${name}`;
  return {
    login: account.login,
    id: account.id,
    node_id: account.node_id,
    avatar_url: avatar(account),
    gravatar_id: "",
    url,
    html_url: account.app_slug ? `${webUrl}/apps/${account.app_slug}` : `${webUrl}/${account.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: "public",
    site_admin: account.site_admin,
  };
}

export function avatar(account: Account): string {
  const kind = account.type === "Bot" ? "in" : "u";
  return `https://avatars.githubusercontent.com/${kind}/${account.id}?v=4`;
}

/** A public profile; with `self`, the fields that only the account itself sees. */
export function profile(world: World, account: Account, self = false): object {
  const repositories = [...world.repositories.values()].filter((each) => each.owner === account);
  const gists = world.gists.filter((each) => each.owner === account);
  const organization = world.organizations.get(account.login.toLowerCase());
  const privates = repositories.filter((each) => each.private).length;
  return {
    ...user(account),
    name: account.name,
    company: account.company,
    blog: account.blog,
    location: account.location,
    email: account.email,
    hireable: account.hireable,
    bio: organization ? organization.description : account.bio,
    twitter_username: account.twitter_username,
    ...(self ? { notification_email: account.email } : {}),
    public_repos: repositories.length - privates,
    public_gists: gists.filter((each) => each.public).length,
    followers: account.followers.length,
    following: [...world.accounts.values()].filter((each) => each.followers.includes(account.login)).length,
    created_at: account.created_at,
    updated_at: account.updated_at,
    ...(self
      ? {
          private_gists: gists.filter((each) => !each.public).length,
          total_private_repos: privates,
          owned_private_repos: privates,
          disk_usage: repositories.reduce((sum, each) => sum + each.size, 0),
          collaborators: 0,
          two_factor_authentication: true,
          plan: { name: "free", space: 976562499, collaborators: 0, private_repos: 10000 },
        }
      : {}),
  };
}

/** An organization as lists show it. */
export function organizationItem({ account, description }: Organization): object {
  const url = `${apiUrl}/orgs/${account.login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: account.node_id,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: avatar(account),
    description: description ?? "",
  };
}

export function organizationView(world: World, organization: Organization): object {
  const { account } = organization;
  const repositories = [...world.repositories.values()].filter((each) => each.owner === account && !each.private);
  return {
    ...organizationItem(organization),
    description: organization.description,
    name: account.name,
    company: null,
    blog: account.blog,
    location: account.location,
    email: account.email,
    twitter_username: null,
    is_verified: false,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: repositories.length,
    public_gists: 0,
    followers: account.followers.length,
    following: 0,
    html_url: `${webUrl}/${account.login}`,
    created_at: account.created_at,
    updated_at: account.updated_at,
    archived_at: null,
    type: "Organization",
  };
}

export function team(each: Team): object {
  const url = `${apiUrl}/organizations/${each.organization.id}/team/${each.id}`;
  return {
    name: each.name,
    id: each.id,
    node_id: each.node_id,
    slug: each.slug,
    description: each.description,
    privacy: each.privacy,
    notification_setting: "notifications_enabled",
    url,
    html_url: `${webUrl}/orgs/${each.organization.login}/teams/${each.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: "organization",
    organization_id: each.organization.id,
    permission: "pull",
    parent: null,
  };
}

/** An App as checks and installations mention it. */
export function app(world: World, slug: string): object {
  const declared = world.apps.find((each) => each.slug === slug);
  const actions = slug === "github-actions";
  const id = declared?.id ?? (actions ? 15368 : numberOf(slug));
  return {
    id,
    client_id: declared?.client_id ?? `Iv1.${id.toString(16).padStart(16, "0")}`,
    slug,
    node_id: declared?.node_id ?? Buffer.from(`03:App${id}`).toString("base64"),
    owner: user(declared?.owner ?? world.accounts.get("github") ?? null),
    name: declared?.name ?? (actions ? "GitHub Actions" : slug),
    description: declared?.description ?? (actions ? "Automate your workflow from idea to production" : ""),
    external_url: actions ? "https://help.github.com/en/actions" : "https://example.com",
    html_url: `${webUrl}/apps/${slug}`,
    created_at: declared?.created_at ?? "2018-07-30T09:30:17Z",
    updated_at: declared?.created_at ?? "2024-04-10T20:33:16Z",
    permissions: { checks: "write", contents: "read", metadata: "read", statuses: "write" },
    events: ["check_run", "check_suite", "push"],
  };
}

function numberOf(slug: string): number {
  return [...slug].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 900_000, 7) + 100_000;
}

export function appView(declared: App): object {
  return {
    id: declared.id,
    client_id: declared.client_id,
    slug: declared.slug,
    node_id: declared.node_id,
    owner: user(declared.owner),
    name: declared.name,
    description: declared.description,
    external_url: "https://example.com",
    html_url: `${webUrl}/apps/${declared.slug}`,
    created_at: declared.created_at,
    updated_at: declared.created_at,
    permissions: declared.installations[0]?.permissions ?? {},
    events: declared.events,
    installations_count: declared.installations.length,
  };
}

const contents = ["+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"] as const;

/** The `reactions` roll-up of an issue or comment. */
export function reactionCounts(reactions: Reactions, url: string): object {
  const counts = Object.fromEntries(contents.map((content) => [content, reactions[content]?.length ?? 0]));
  const total_count = contents.reduce((sum, content) => sum + (reactions[content]?.length ?? 0), 0);
  return { url: `${url}/reactions`, total_count, ...counts };
}
