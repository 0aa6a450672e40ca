import { randomBytes } from "node:crypto";
import * as z from "zod";
import type { ApiReply } from "./http.ts";
import { diffOf, patchOf } from "./render/diffs.ts";
import { comparison } from "./rest/commits.ts";
import { resolveCommit } from "./rest/refs.ts";
import { mergeFiles } from "./world/build-git.ts";
import type { Repository, World } from "./world/model.ts";
import { snapshot } from "./world/trees.ts";

/** The answers of github.com itself: OAuth, and diffs of public repositories without any credential. */
interface WebCall {
  world: World;
  method: string;
  host: string;
  path: string;
  query: URLSearchParams;
  body: unknown;
  accept: string;
}

const diffPath = /^\/([^/]+)\/([^/]+)\/(pull|commit|compare)\/(.+)\.(diff|patch)$/;
const downloadPath = /^\/([^/]+)\/([^/]+)\/releases\/download\/([^/]+)\/([^/]+)$/;
const rawPath = /^\/([^/]+)\/([^/]+)\/raw\/(.+)$/;
const patchHost = "patch-diff.githubusercontent.com";

/** Whether a call is for the web host: by its host name, or, where everything shares one port, by its path. */
export function isWeb(host: string, path: string): boolean {
  if (host === "github.com" || host === "www.github.com" || host === patchHost || host === "raw.githubusercontent.com")
    return true;
  if (host === "api.github.com" || path.startsWith("/repos/")) return false;
  return path.startsWith("/login/") || diffPath.test(path) || downloadPath.test(path) || rawPath.test(path);
}

export class Web {
  /** One-time codes to their grants. */
  readonly #codes = new Map<string, { clientId: string; scopes: string[]; redirect: string }>();

  handle(call: WebCall): ApiReply {
    if (call.path === "/login/oauth/authorize") return this.#authorize(call);
    if (call.path === "/login/oauth/access_token" && call.method === "POST") return this.#exchange(call);
    const path = call.path.replace(/^\/raw\/([^/]+)\/([^/]+)\/pull/, "/$1/$2/pull");
    return diff(call.world, path) ?? download(call.world, path) ?? raw(call) ?? page404();
  }

  /** Approves at once, as if the account behind the OAuth app had pressed the button. */
  #authorize({ world, query }: WebCall): ApiReply {
    const app = world.oauthApps.find((each) => each.client_id === query.get("client_id"));
    const redirect = query.get("redirect_uri");
    if (!app || !redirect) return page404();
    const code = randomBytes(10).toString("hex");
    this.#codes.set(code, {
      clientId: app.client_id,
      scopes: (query.get("scope") ?? "").split(/[ ,]+/).filter(Boolean),
      redirect,
    });
    const location = new URL(redirect);
    location.searchParams.set("code", code);
    const state = query.get("state");
    if (state !== null) location.searchParams.set("state", state);
    return { status: 302, body: "", type: "text/html; charset=utf-8", headers: { location: location.href } };
  }

  #exchange({ world, body, accept }: WebCall): ApiReply {
    const asked = z
      .object({
        client_id: z.string(),
        client_secret: z.string(),
        code: z.string(),
        redirect_uri: z.string().optional(),
      })
      .safeParse(body);
    const found = asked.success ? this.#codes.get(asked.data.code) : undefined;
    const app = world.oauthApps.find((each) => asked.success && each.client_id === asked.data.client_id);
    if (!asked.success || !app) return answer(accept, { error: "Not Found" }, 404);
    if (app.client_secret !== asked.data.client_secret)
      return oauthError(
        accept,
        "incorrect_client_credentials",
        "The client_id and/or client_secret passed are incorrect.",
      );
    if (!found || found.clientId !== app.client_id)
      return oauthError(accept, "bad_verification_code", "The code passed is incorrect or expired.");
    if (asked.data.redirect_uri && asked.data.redirect_uri !== found.redirect)
      return oauthError(
        accept,
        "redirect_uri_mismatch",
        "The redirect_uri MUST match the registered callback URL for this application.",
      );
    this.#codes.delete(asked.data.code);
    const account = world.accounts.get(app.login.toLowerCase());
    if (!account) return oauthError(accept, "bad_verification_code", "The code passed is incorrect or expired.");
    const token = `gho_${randomBytes(18).toString("hex")}`;
    world.tokens.set(token, { token, account, scopes: found.scopes, kind: "oauth", revoked: false });
    return answer(accept, { access_token: token, token_type: "bearer", scope: found.scopes.join(",") });
  }
}

function oauthError(accept: string, error: string, error_description: string): ApiReply {
  return answer(accept, {
    error,
    error_description,
    error_uri:
      "https://docs.github.com/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/",
  });
}

/** JSON when asked for, else a form. */
function answer(accept: string, fields: Record<string, string>, status = 200): ApiReply {
  if (accept.includes("json")) return { status, body: fields };
  return {
    status,
    body: new URLSearchParams(fields).toString(),
    type: "application/x-www-form-urlencoded; charset=utf-8",
  };
}

function page404(): ApiReply {
  return { status: 404, body: "Not Found", type: "text/plain; charset=utf-8" };
}

function publicRepository(world: World, owner: string, name: string): Repository | undefined {
  const key = `${owner}/${name}`.toLowerCase();
  const found = world.repositories.get(key) ?? world.renamed.get(key);
  return found && !found.private ? found : undefined;
}

function diff(world: World, path: string): ApiReply | null {
  const [, owner = "", name = "", kind = "", what = "", format = ""] = diffPath.exec(path) ?? [];
  const repository = kind ? publicRepository(world, owner, name) : undefined;
  if (!repository) return null;
  const type = "text/plain; charset=utf-8";
  if (kind === "pull") {
    const pull = repository.threads.get(Number(what));
    if (pull?.kind !== "pull") return null;
    return { status: 200, type, body: format === "diff" ? diffOf(pull.files) : patchOf(pull.commits, pull.files) };
  }
  if (kind === "commit") {
    const commit = resolveCommit(repository, what);
    return commit
      ? { status: 200, type, body: format === "diff" ? diffOf(commit.files) : patchOf([commit], commit.files) }
      : null;
  }
  const found = comparison(repository, decodeURIComponent(what));
  if (!found) return null;
  const files = mergeFiles(found.commits);
  return { status: 200, type, body: format === "diff" ? diffOf(files) : patchOf(found.commits, files) };
}

function download(world: World, path: string): ApiReply | null {
  const [, owner = "", name = "", tag = "", file = ""] = downloadPath.exec(path) ?? [];
  const release = publicRepository(world, owner, name)?.releases.find(
    (each) => each.tag === decodeURIComponent(tag) && !each.draft,
  );
  const asset = release?.assets.find((each) => each.name === decodeURIComponent(file));
  return asset ? { status: 200, body: asset.content, type: asset.content_type } : null;
}

function raw({ world, host, path }: WebCall): ApiReply | null {
  const direct = host === "raw.githubusercontent.com" ? /^\/([^/]+)\/([^/]+)\/(.+)$/.exec(path) : rawPath.exec(path);
  const [, owner = "", name = "", rest = ""] = direct ?? [];
  const repository = rest ? publicRepository(world, owner, name) : undefined;
  if (!repository) return null;
  const parts = decodeURIComponent(rest).split("/");
  for (let cut = 1; cut < parts.length; cut += 1) {
    const commit = resolveCommit(repository, parts.slice(0, cut).join("/"));
    const content = commit && snapshot(repository, commit.sha).get(parts.slice(cut).join("/"));
    if (content) return { status: 200, body: content, type: "text/plain; charset=utf-8" };
  }
  return null;
}
