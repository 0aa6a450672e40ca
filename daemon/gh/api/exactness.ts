/** Decides which answers are the same bytes for every caller. */
import { classify, type RouteKind } from "../../../shared/routes/index.ts";
import type { ApiRequest } from "./request.ts";

/** Public fields of a reduced body, which it holds unchanged. */
const survivingFields: Partial<Record<RouteKind, ReadonlySet<string>>> = {
  repo_view: new Set(
    `id node_id name full_name private owner html_url description fork url homepage size stargazers_count watchers_count
    language has_issues has_projects has_downloads has_wiki has_pages has_discussions forks_count mirror_url archived
    disabled open_issues_count license visibility forks open_issues watchers default_branch topics created_at
    updated_at pushed_at git_url ssh_url clone_url svn_url is_template network_count subscribers_count`.split(/\s+/),
  ),
  user_view: new Set(
    `login id node_id avatar_url html_url type name company blog location bio public_repos public_gists followers
    following created_at`.split(/\s+/),
  ),
};

/** How `gh api` prints. */
interface ApiOutput {
  readonly jq: string;
  readonly template: string;
  readonly silent: boolean;
}

/**
 * The reason why only the caller's own token can give gh's output; undefined where the answer is the same for every
 * caller.
 */
export function viewerReason(request: ApiRequest, output: ApiOutput): string | undefined {
  const known = classify(request.path, toQuery(request));
  if (!known) return `no known read: ${request.path}`;
  const { kind } = known.route;
  if (known.route.class === "native") return `${kind} needs the caller's own credentials`;
  const search = kind === "search_issues" || kind === "search_code" || kind === "search_commits";
  if (search && !namesOneRepository(request)) return "a search over more than named repositories";
  const { viewer } = known.route;
  if (viewer === undefined) return names(output, sometimesHidden) ? `${kind}: ${sometimesHidden}` : undefined;
  if (kind === "release_view" && request.path.includes("/releases/tags/")) return undefined;
  if (output.silent) return undefined;
  const surviving = survivingFields[kind];
  if (surviving && output.jq !== "" && touchesOnly(output.jq, surviving)) return undefined;
  if (surviving && output.template !== "" && templateTouchesOnly(output.template, surviving)) return undefined;
  return `${kind} depends on the caller: ${viewer}`;
}

/**
 * An organisation's members may hide their membership; GitHub shows it to other members. A command that asks for it by
 * name gets its caller's view.
 */
const sometimesHidden = "author_association";

function names({ jq, template }: ApiOutput, field: string): boolean {
  return jq.includes(field) || template.includes(field);
}

function toQuery(request: ApiRequest): Record<string, string[]> {
  const query: Record<string, string[]> = {};
  for (const [key, value] of request.query) {
    query[key] ??= [];
    query[key].push(value);
  }
  return query;
}

/** A search that is not bound to repositories also finds items that only its caller may see. */
function namesOneRepository(request: ApiRequest): boolean {
  const text = request.query.find(([key]) => key === "q")?.[1] ?? "";
  return /(^|\s)repo:[\w.-]+\/[\w.-]+(\s|$)/.test(text);
}

const jqPath = String.raw`\.([a-z_]+)(?:\.[a-z_]+|\[\d*\]|\[\])*`;

/**
 * Whether a jq expression certainly reads only the given top-level fields: it begins with paths into them, or builds an
 * object of such paths, and the expressions after the first pipe see only those.
 */
export function touchesOnly(jq: string, fields: ReadonlySet<string>): boolean {
  const head = (/^[^|]*/.exec(jq)?.[0] ?? "").trim();
  const built = /^\{([^{}]*)\}$/.exec(head)?.[1];
  const parts = (built ?? head).split(",").map((part) => part.trim());
  return parts.every((part) => {
    const named = built === undefined ? part : part.replace(/^(?:[A-Za-z_]\w*|"[\w ]*")\s*:\s*/, "");
    const shorthand = built !== undefined && /^[a-z_]+$/.test(named);
    const path = new RegExp(`^${jqPath}$`).exec(shorthand ? `.${named}` : named);
    return path !== null && fields.has(path[1] ?? "");
  });
}

/** The same for a template: plain actions on paths into the fields, without variables, blocks or the whole dot. */
export function templateTouchesOnly(template: string, fields: ReadonlySet<string>): boolean {
  return [...template.matchAll(/\{\{(.*?)\}\}/gs)].every((match) => {
    const action = (match[1] ?? "").replace(/"(?:[^"\\]|\\.)*"/g, '""');
    if (/[$`']|\b(?:range|with|define|template|block|break|continue)\b/.test(action)) return false;
    const chains = action.match(/(?<![\w)])\.[\w.]*/g) ?? [];
    return chains.every((chain) => fields.has(chain.split(".")[1] ?? ""));
  });
}
