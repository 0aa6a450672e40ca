import type { Viewer } from "./auth.ts";
import type { ApiReply } from "./http.ts";

export interface Incoming {
  method: string;
  /** Path and query as received. */
  url: string;
  headers: Record<string, string | undefined>;
  body: string;
  address: string;
}

export interface Outgoing {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** Makes bytes of a reply. */
export function finish(reply: ApiReply): Outgoing {
  const headers: Record<string, string> = { ...reply.headers };
  if (reply.type === undefined) headers["content-type"] = "application/json; charset=utf-8";
  else if (reply.type) headers["content-type"] = reply.type;
  const body =
    reply.type === undefined
      ? Buffer.from(JSON.stringify(reply.body))
      : Buffer.isBuffer(reply.body)
        ? reply.body
        : Buffer.from(String(reply.body));
  return { status: reply.status, headers, body };
}

/** JSON or a form as an object; text that is neither as it is; `undefined` without a body. */
export function parseBody({ body, headers }: Incoming): unknown {
  if (body === "") return undefined;
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(body));
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** How calls are counted. */
export function nameOf(viewer: Viewer): string {
  if (viewer.kind === "user") return viewer.account.login;
  if (viewer.kind === "installation") return `installation ${viewer.installation.id}`;
  return viewer.kind === "app" ? `app ${viewer.app.id}` : "anonymous";
}
