import { type BuildContext, declare, namedId } from "./context.ts";
import { nodeId } from "./ids.ts";
import type { App, Installation, Organization, Token } from "./model.ts";
import type { AppInput, OrganizationInput, ParsedWorld, TokenInput } from "./schema.ts";

export function buildOrganization(context: BuildContext, input: OrganizationInput): Organization {
  const account = declare(context, { ...input, bio: null }, "Organization");
  const organization: Organization = {
    account,
    description: input.description,
    members: input.members.map((member) => ({ ...member, account: context.account(member.login) })),
    teams: [],
    base_permission: input.base_permission,
  };
  organization.teams = input.teams.map((team) => {
    const slug = team.slug ?? team.name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
    const id = namedId(context, "team", team.id, `${input.login}/${slug}`);
    return {
      id,
      node_id: nodeId("T", account.id, id),
      name: team.name,
      slug,
      description: team.description,
      privacy: team.privacy,
      organization: account,
      members: team.members.map(context.account),
      repositories: new Map(
        Object.entries(team.repositories).flatMap(([name, permission]) =>
          permission ? [[name.toLowerCase(), permission]] : [],
        ),
      ),
    };
  });
  return organization;
}

export function buildToken(context: BuildContext, input: TokenInput): Token {
  const account = context.account(input.login);
  Object.assign(account.limits, input.limits);
  return { token: input.token, account, scopes: input.scopes, kind: input.kind, revoked: input.revoked };
}

/** An App, its bot account and its installations. */
export function buildApp(context: BuildContext, input: AppInput): App {
  const id = namedId(context, "app", input.id, input.slug);
  context.account(`${input.slug}[bot]`);
  const app: App = {
    id,
    node_id: nodeId("A", id),
    slug: input.slug,
    name: input.name ?? input.slug,
    owner: input.owner ? context.account(input.owner) : null,
    description: input.description,
    client_id: input.client_id ?? `Iv1.${id.toString(16).padStart(16, "0")}`,
    public_key: input.public_key ?? null,
    created_at: input.created_at ?? "2020-01-01T00:00:00Z",
    events: input.events,
    installations: [],
  };
  app.installations = input.installations.map(
    (each): Installation => ({
      id: namedId(context, "installation", each.id, `${input.slug}@${each.account}`),
      app,
      account: context.account(each.account),
      repositories: each.repositories === "all" ? null : new Set(each.repositories.map((name) => name.toLowerCase())),
      permissions: each.permissions,
      suspended: each.suspended,
      limits: each.limits ?? {},
    }),
  );
  return app;
}

/** Declares every account a world lists, before anything mentions one. */
export function declareAccounts(context: BuildContext, input: ParsedWorld): void {
  for (const user of input.users) declare(context, user);
}
