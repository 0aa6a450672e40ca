import type { Viewer } from "./auth.ts";
import type { Media } from "./media.ts";
import type { Repository, World } from "./world/model.ts";

/** One request as a handler sees it. */
export interface ApiCall {
  world: World;
  viewer: Viewer;
  method: string;
  /** As asked, without the query. */
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
  media: Media;
  headers: Record<string, string | undefined>;
  /** The parsed JSON or form body; `undefined` without one. */
  body: unknown;
  /** Where the caller reached us, e.g. `http://127.0.0.1:4000`; for links into this process. */
  origin: string;
  /** The emulator's clock as GitHub prints times. */
  now: string;
}

/** A call below `/repos/:owner/:repo`. */
export interface RepositoryCall extends ApiCall {
  repository: Repository;
}

/** An answer before it has its common headers. */
export interface ApiReply {
  status: number;
  body: unknown;
  /** Present: `body` is a string or bytes of this type. Absent: it becomes JSON. */
  type?: string;
  headers?: Record<string, string>;
  /** Becomes `Last-Modified`. */
  modified?: string;
  /** Answers that must not be kept from one call to the next. */
  volatile?: boolean;
}

export type ApiHandler = (call: ApiCall) => ApiReply;
export type RepositoryHandler = (call: RepositoryCall) => ApiReply;
/** `METHOD path/with/:parameters/and/:rest+` to handler. */
export type Routes = Record<string, ApiHandler>;
export type RepositoryRoutes = Record<string, RepositoryHandler>;

export const apiUrl = "https://api.github.com";
export const webUrl = "https://github.com";
const docsUrl = "https://docs.github.com/rest";

export function ok(body: unknown, modified?: string): ApiReply {
  return modified ? { status: 200, body, modified } : { status: 200, body };
}

export function created(body: unknown, location?: string): ApiReply {
  return { status: 201, body, ...(location ? { headers: { location } } : {}) };
}

/** An error in GitHub's form; `docs` is the part of the manual after `https://docs.github.com/rest`. */
export function failure(status: number, message: string, docs = "", extra: object = {}): ApiReply {
  return { status, body: { message, ...extra, documentation_url: `${docsUrl}${docs}`, status: String(status) } };
}

export function notFound(docs = ""): ApiReply {
  return failure(404, "Not Found", docs);
}

/** 422 with the fields GitHub would name. */
export function invalid(resource: string, field: string, code: string, message = "Validation Failed"): ApiReply {
  return failure(422, message, "", { errors: [{ resource, field, code }] });
}

/** 301 to another path of the apiUrl. */
export function moved(url: string): ApiReply {
  const body = {
    message: "Moved Permanently",
    url,
    documentation_url: `${docsUrl}/guides/best-practices-for-using-the-rest-api#follow-redirects`,
  };
  return { status: 301, body, headers: { location: url } };
}
