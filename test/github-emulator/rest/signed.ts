import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { ApiCall, ApiReply } from "../http.ts";
import type { World } from "../world/model.ts";

export const signedLinkSeconds = 60;
const secret = randomBytes(32);

interface Content {
  type: string;
  content(): Buffer;
}

const contents = new WeakMap<World, Map<string, Content>>();

/** The host GitHub sends log readers to; calls that reached us by another name are sent back to that name. */
const storageUrl = "https://productionresultssa0.blob.core.windows.net";

/** 302 to a link that needs no credential for one minute, as for logs and archives. */
export function signedRedirect(call: ApiCall, name: string, type: string, content: () => Buffer): ApiReply {
  const id = createHmac("sha256", secret).update(call.path).digest("hex").slice(0, 32);
  const own = contents.get(call.world) ?? new Map<string, Content>();
  contents.set(call.world, own.set(id, { type, content }));
  const expires = Math.floor(Date.parse(call.now) / 1000) + signedLinkSeconds;
  const origin = call.origin === "https://api.github.com" ? storageUrl : call.origin;
  const location = `${origin}/_signed/${id}/${name}?se=${expires}&sig=${sign(id, expires)}`;
  return { status: 302, body: "", type: "text/html;charset=utf-8", headers: { location }, volatile: true };
}

/** Serves a signed link; 403 once it has expired or when it was changed. */
export function serveSigned(world: World, path: string, query: URLSearchParams, nowSeconds: number): ApiReply {
  const id = path.split("/")[2] ?? "";
  const expires = Number(query.get("se"));
  const given = Buffer.from(query.get("sig") ?? "");
  const expected = Buffer.from(sign(id, expires));
  const valid = given.length === expected.length && timingSafeEqual(given, expected);
  const found = contents.get(world)?.get(id);
  if (!valid || expires < nowSeconds) {
    const text = '<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthenticationFailed</Code></Error>';
    return { status: 403, body: text, type: "application/xml" };
  }
  if (!found) return { status: 404, body: "", type: "application/xml" };
  return { status: 200, body: found.content(), type: found.type };
}

function sign(id: string, expires: number): string {
  return createHmac("sha256", secret).update(`${id} ${expires}`).digest("base64url");
}
