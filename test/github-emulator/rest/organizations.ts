import { type ApiCall, type ApiReply, failure, notFound, ok, type Routes } from "../http.ts";
import { paged } from "../links.ts";
import { organizationView, team, user } from "../render/accounts.ts";
import { repositoryListItem } from "../render/repositories.ts";
import type { Organization } from "../world/model.ts";
import { sorted, visibleRepositories } from "./common.ts";
import { publicEvent, repositoryEvents } from "./events.ts";
import { byTime, membership } from "./users.ts";

export const organizationRoutes: Routes = {
  "GET /orgs/:org": onOrganization((call, organization) =>
    ok(organizationView(call.world, organization), organization.account.updated_at),
  ),
  "GET /orgs/:org/repos": onOrganization((call, organization) => {
    const type = call.query.get("type") ?? "all";
    const found = visibleRepositories(call).filter(
      (each) =>
        each.owner === organization.account &&
        (type === "all" ||
          (type === "public" && !each.private) ||
          (type === "private" && each.private) ||
          (type === "forks" && each.parent) ||
          (type === "sources" && !each.parent)),
    );
    return pageOf(call, organization, "repos", byTime(call, found, "created"), (each) =>
      repositoryListItem(call.world, call.viewer, each),
    );
  }),
  "GET /orgs/:org/events": onOrganization((call, organization) => {
    const events = [...call.world.repositories.values()]
      .filter((each) => each.owner === organization.account && !each.private)
      .flatMap(repositoryEvents);
    return pageOf(
      call,
      organization,
      "events",
      sorted(events, (each) => each.created_at, "desc", "desc"),
      publicEvent,
    );
  }),
  "GET /orgs/:org/members": onOrganization((call, organization) => {
    const role = call.query.get("role") ?? "all";
    const members = organization.members.filter(
      (each) => (each.public || isMember(call, organization)) && (role === "all" || each.role === role),
    );
    return pageOf(
      call,
      organization,
      "members",
      sorted(members, (each) => each.account.id, "asc", "asc"),
      (each) => user(each.account),
    );
  }),
  "GET /orgs/:org/members/:login": onOrganization((call, organization) => {
    const found = organization.members.find(
      (each) => each.account.login.toLowerCase() === call.params.login?.toLowerCase(),
    );
    if (!isMember(call, organization))
      return {
        status: 302,
        body: "",
        type: "text/html",
        headers: {
          location: `https://api.github.com/orgs/${organization.account.login}/public_members/${call.params.login}`,
        },
      };
    return found
      ? { status: 204, body: "", type: "" }
      : notFound("/orgs/members#check-organization-membership-for-a-user");
  }),
  "GET /orgs/:org/public_members": onOrganization((call, organization) =>
    pageOf(
      call,
      organization,
      "public_members",
      sorted(
        organization.members.filter((each) => each.public),
        (each) => each.account.id,
        "asc",
        "asc",
      ),
      (each) => user(each.account),
    ),
  ),
  "GET /orgs/:org/public_members/:login": onOrganization((call, organization) => {
    const found = organization.members.find(
      (each) => each.public && each.account.login.toLowerCase() === call.params.login?.toLowerCase(),
    );
    return found
      ? { status: 204, body: "", type: "" }
      : notFound("/orgs/members#check-public-organization-membership-for-a-user");
  }),
  "GET /orgs/:org/memberships/:login": onOrganization((call, organization) => {
    if (!isMember(call, organization))
      return failure(
        403,
        "You must be a member of the organization to see its memberships.",
        "/orgs/members#get-organization-membership-for-a-user",
      );
    const found = organization.members.find(
      (each) => each.account.login.toLowerCase() === call.params.login?.toLowerCase(),
    );
    return found
      ? ok(membership(organization, found.account, found.role))
      : notFound("/orgs/members#get-organization-membership-for-a-user");
  }),
  "GET /orgs/:org/teams": onOrganization((call, organization) =>
    isMember(call, organization)
      ? pageOf(call, organization, "teams", organization.teams, team)
      : notFound("/teams/teams#list-teams"),
  ),
  "GET /orgs/:org/teams/:slug": onOrganization((call, organization) => {
    const found = organization.teams.find((each) => each.slug === call.params.slug);
    return found && isMember(call, organization) ? ok(team(found)) : notFound("/teams/teams#get-a-team-by-name");
  }),
  "GET /orgs/:org/teams/:slug/members": onOrganization((call, organization) => {
    const found = organization.teams.find((each) => each.slug === call.params.slug);
    return found && isMember(call, organization)
      ? pageOf(call, organization, `team/${found.id}/members`, found.members, user)
      : notFound("/teams/members");
  }),
};

function isMember({ viewer }: ApiCall, organization: Organization): boolean {
  if (viewer.kind === "installation")
    return viewer.installation.account === organization.account && "members" in viewer.permissions;
  if (viewer.kind !== "user") return false;
  const scoped =
    viewer.token.kind === "fine_grained" ||
    viewer.token.scopes.some((scope) => ["read:org", "write:org", "admin:org", "repo"].includes(scope));
  return scoped && organization.members.some((each) => each.account === viewer.account);
}

function onOrganization(handle: (call: ApiCall, organization: Organization) => ApiReply): (call: ApiCall) => ApiReply {
  return (call) => {
    const organization = call.world.organizations.get(call.params.org?.toLowerCase() ?? "");
    return organization ? handle(call, organization) : notFound("/orgs/orgs#get-an-organization");
  };
}

function pageOf<T>(
  call: ApiCall,
  organization: Organization,
  part: string,
  items: T[],
  render: (item: T) => unknown,
): ApiReply {
  return paged(call, items, { path: `/organizations/${organization.account.id}/${part}`, render });
}
