import { type ApiCall, type ApiReply, failure, notFound, ok, type Routes } from "../http.ts";
import { paged } from "../links.ts";
import { organizationItem, profile, user } from "../render/accounts.ts";
import { repositoryListItem } from "../render/repositories.ts";
import type { Account, Organization, Repository } from "../world/model.ts";
import { sorted, visibleRepositories } from "./common.ts";
import { publicEvent, repositoryEvents } from "./events.ts";
import { gistItem } from "./gists.ts";

/** People, and the account that asks. */
export const userRoutes: Routes = {
  "GET /users/:login": onUser((call, account) => {
    const self = call.viewer.kind === "user" && call.viewer.account === account;
    return ok(profile(call.world, account, self), account.updated_at);
  }),
  "GET /users/:login/repos": onUser((call, account) => repositories(call, account, call.query.get("type") ?? "owner")),
  "GET /users/:login/orgs": onUser((call, account) =>
    pageOfUser(
      call,
      account,
      "orgs",
      memberships(call, account, true).map(({ organization }) => organization),
      organizationItem,
    ),
  ),
  "GET /users/:login/gists": onUser((call, account) => {
    const since = call.query.get("since") ?? "";
    const gists = call.world.gists.filter((each) => each.owner === account && each.public && each.updated_at >= since);
    return pageOfUser(
      call,
      account,
      "gists",
      sorted(gists, (each) => each.created_at, "desc", "desc"),
      (each) => gistItem(each),
    );
  }),
  "GET /users/:login/followers": onUser((call, account) =>
    pageOfUser(
      call,
      account,
      "followers",
      account.followers.flatMap((login) => call.world.accounts.get(login.toLowerCase()) ?? []),
      user,
    ),
  ),
  "GET /users/:login/following": onUser((call, account) =>
    pageOfUser(call, account, "following", following(call, account), user),
  ),
  "GET /users/:login/events": onUser((call, account) =>
    eventPage(call, account, "events", (actor) => actor === account),
  ),
  "GET /users/:login/events/public": onUser((call, account) =>
    eventPage(call, account, "events/public", (actor) => actor === account),
  ),
  "GET /users/:login/received_events": onUser((call, account) => {
    const followed = new Set(following(call, account));
    return eventPage(call, account, "received_events", (actor) => followed.has(actor));
  }),
  "GET /users/:login/keys": onUser((call, account) =>
    pageOfUser(call, account, "keys", account.keys, ({ id, key }) => ({ id, key })),
  ),
  "GET /users/:login/gpg_keys": onUser((call, account) =>
    pageOfUser(call, account, "gpg_keys", account.gpg_keys, ({ id, key }) => ({ id, public_key: key, raw_key: key })),
  ),
  "GET /user": onSelf((call, account) => ok(profile(call.world, account, true), account.updated_at)),
  "GET /user/orgs": onSelf((call, account) => {
    if (!hasScope(call, "read:org", "user", "admin:org", "write:org")) return ok([]);
    return paged(call, memberships(call, account, false), {
      path: "/user/orgs",
      render: ({ organization }) => organizationItem(organization),
    });
  }),
  "GET /user/repos": onSelf((call, account) => {
    const own = visibleRepositories(call).filter(
      (each) =>
        each.owner === account ||
        each.collaborators.has(account.login.toLowerCase()) ||
        memberships(call, account, false).some(({ organization }) => organization.account === each.owner),
    );
    return paged(call, byTime(call, own, "full_name"), {
      path: "/user/repos",
      render: (each) => repositoryListItem(call.world, call.viewer, each),
    });
  }),
  "GET /user/memberships/orgs": onSelf((call, account) => {
    if (!hasScope(call, "read:org", "admin:org", "write:org")) return forbidden();
    return paged(call, memberships(call, account, false), {
      path: "/user/memberships/orgs",
      render: ({ organization, role }) => membership(organization, account, role),
    });
  }),
  "GET /user/memberships/orgs/:org": onSelf((call, account) => {
    if (!hasScope(call, "read:org", "admin:org", "write:org")) return forbidden();
    const found = memberships(call, account, false).find(
      ({ organization }) => organization.account.login.toLowerCase() === call.params.org?.toLowerCase(),
    );
    return found ? ok(membership(found.organization, account, found.role)) : notFound("/orgs/members");
  }),
};

/** Lists that link to accounts by id. */
function pageOfUser<T>(
  call: ApiCall,
  account: Account,
  part: string,
  items: T[],
  render: (item: T) => unknown,
): ApiReply {
  return paged(call, items, { path: `/user/${account.id}/${part}`, render });
}

function forbidden(): ApiReply {
  return failure(403, "You need at least read:org scope to list your organization memberships", "/orgs/members");
}

export function membership(organization: Organization, account: Account, role: string): object {
  const url = `https://api.github.com/orgs/${organization.account.login}`;
  return {
    url: `${url}/memberships/${account.login}`,
    state: "active",
    role,
    organization_url: url,
    user: user(account),
    organization: organizationItem(organization),
  };
}

function hasScope({ viewer }: ApiCall, ...scopes: string[]): boolean {
  return (
    viewer.kind === "user" &&
    (viewer.token.kind === "fine_grained" || scopes.some((scope) => viewer.token.scopes.includes(scope)))
  );
}

function memberships(
  call: ApiCall,
  account: Account,
  publicOnly: boolean,
): { organization: Organization; role: string }[] {
  return [...call.world.organizations.values()].flatMap((organization) => {
    const member = organization.members.find((each) => each.account === account && (each.public || !publicOnly));
    return member ? [{ organization, role: member.role }] : [];
  });
}

function onUser(handle: (call: ApiCall, account: Account) => ApiReply): (call: ApiCall) => ApiReply {
  return (call) => {
    const account = call.world.accounts.get(call.params.login?.toLowerCase() ?? "");
    return account && !account.deleted ? handle(call, account) : notFound("/users/users#get-a-user");
  };
}

function onSelf(handle: (call: ApiCall, account: Account) => ApiReply): (call: ApiCall) => ApiReply {
  return (call) => {
    if (call.viewer.kind === "user") return handle(call, call.viewer.account);
    if (call.viewer.kind === "installation")
      return failure(403, "Resource not accessible by integration", "/users/users#get-the-authenticated-user");
    return failure(401, "Requires authentication", "/users/users#get-the-authenticated-user");
  };
}

function following(call: ApiCall, account: Account): Account[] {
  return [...call.world.accounts.values()].filter((each) => each.followers.includes(account.login));
}

function eventPage(call: ApiCall, account: Account, part: string, keep: (actor: Account) => boolean): ApiReply {
  const events = [...call.world.repositories.values()]
    .filter((each) => !each.private)
    .flatMap(repositoryEvents)
    .filter((each) => keep(each.actor) && each.public);
  return pageOfUser(
    call,
    account,
    part,
    sorted(events, (each) => each.created_at, "desc", "desc"),
    publicEvent,
  );
}

function repositories(call: ApiCall, account: Account, type: string): ApiReply {
  const own = visibleRepositories(call).filter((each) => {
    const member = each.collaborators.has(account.login.toLowerCase());
    return (
      !each.private &&
      (type === "all" ? each.owner === account || member : type === "member" ? member : each.owner === account)
    );
  });
  return pageOfUser(call, account, "repos", byTime(call, own, "full_name"), (each) =>
    repositoryListItem(call.world, call.viewer, each),
  );
}

/** The `sort` and `direction` of repository lists. */
export function byTime(call: ApiCall, repositories: Repository[], otherwise: "full_name" | "created"): Repository[] {
  const sort = call.query.get("sort") ?? otherwise;
  const by = (each: Repository) =>
    sort === "created"
      ? each.created_at
      : sort === "updated"
        ? each.updated_at
        : sort === "pushed"
          ? each.pushed_at
          : each.full_name.toLowerCase();
  return sorted(repositories, by, call.query.get("direction"), sort === "full_name" ? "asc" : "desc");
}
