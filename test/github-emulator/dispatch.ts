import { permissionOn } from "./auth.ts";
import {
  type ApiCall,
  type ApiHandler,
  type ApiReply,
  apiUrl,
  failure,
  moved,
  notFound,
  type RepositoryHandler,
} from "./http.ts";
import { allRepositoryRoutes, allRoutes, type Surroundings } from "./rest/routes.ts";
import { Router } from "./router.ts";
import type { Repository, World } from "./world/model.ts";

interface Dispatched {
  /** The pattern of the route, for counting. */
  route: string;
  run(): ApiReply;
}

interface Found {
  repository: Repository;
  /** The segments after the repository. */
  rest: string[];
  /** Set when the path is that of a former name. */
  renamed: boolean;
}

/** Finds the handler of a path: a plain route, or one below a repository by name or by id. */
export class Dispatcher {
  readonly #routes: Router<ApiHandler>;
  readonly #repositoryRoutes = new Router<RepositoryHandler>(allRepositoryRoutes);

  constructor(surroundings: Surroundings) {
    this.#routes = new Router(allRoutes(surroundings));
  }

  dispatch(call: ApiCall): Dispatched {
    const segments = split(call.path);
    if (segments === null) return { route: "unknown", run: () => failure(400, "Bad Request") };
    const method = call.method === "HEAD" ? "GET" : call.method;
    const aliased = alias(call.world, segments);
    const plain = this.#routes.match(method, aliased);
    if (plain) return { route: plain.route, run: () => plain.handler({ ...call, params: plain.params }) };
    const found = findRepository(call.world, segments);
    const match = this.#repositoryRoutes.match(method, found?.rest ?? restOf(segments));
    const route =
      match && isRepositoryPath(segments)
        ? `${method} /repos/:owner/:repo${match.route.slice(match.route.indexOf("/"))}`
        : "unknown";
    return { route: route.replace(/\/$/, ""), run: () => this.#below(call, found, match) };
  }

  #below(call: ApiCall, found: Found | null, match: ReturnType<Router<RepositoryHandler>["match"]>): ApiReply {
    if (!found || permissionOn(call.world, call.viewer, found.repository) === null) {
      return call.viewer.kind === "anonymous" && call.method !== "GET" && call.method !== "HEAD"
        ? failure(401, "Requires authentication")
        : notFound("/repos/repos#get-a-repository");
    }
    const { repository, rest, renamed } = found;
    if (renamed) {
      const query = call.query.size > 0 ? `?${call.query}` : "";
      const below = rest.map((segment) => `/${encodeURIComponent(segment)}`).join("");
      return moved(`${apiUrl}/repositories/${repository.id}${below}${query}`);
    }
    return match ? match.handler({ ...call, repository, params: match.params }) : notFound();
  }
}

function split(path: string): string[] | null {
  try {
    return path.split("/").filter(Boolean).map(decodeURIComponent);
  } catch {
    return null;
  }
}

function isRepositoryPath([first]: string[]): boolean {
  return first === "repos" || first === "repositories" || first === "networks";
}

function restOf(segments: string[]): string[] {
  return segments.slice(segments[0] === "repositories" ? 2 : 3);
}

/** Links name users and organizations by id; the routes know logins. */
function alias(world: World, segments: string[]): string[] {
  const [first, second, ...rest] = segments;
  if ((first !== "user" && first !== "organizations") || !second || !/^\d+$/.test(second)) return segments;
  const account = [...world.accounts.values()].find((each) => each.id === Number(second));
  const home = first === "user" ? "users" : "orgs";
  if (!account) return segments;
  if (rest[0] !== "team") return [home, account.login, ...rest];
  const team = world.organizations.get(account.login.toLowerCase())?.teams.find((each) => each.id === Number(rest[1]));
  return [home, account.login, "teams", team?.slug ?? "", ...rest.slice(2)];
}

function findRepository(world: World, segments: string[]): Found | null {
  const [first, owner = "", name = ""] = segments;
  if (first === "repositories") {
    const repository = [...world.repositories.values()].find((each) => each.id === Number(owner));
    return repository ? { repository, rest: segments.slice(2), renamed: false } : null;
  }
  if (first !== "repos" && first !== "networks") return null;
  const key = `${owner}/${name}`.toLowerCase();
  const repository = world.repositories.get(key) ?? world.renamed.get(key);
  return repository ? { repository, rest: segments.slice(3), renamed: !world.repositories.has(key) } : null;
}
