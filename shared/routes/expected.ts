/**
 * Whether GitHub's success is an answer to the request. Its API and its web host have been seen to answer 200 with
 * pages.
 */
import { parseJson } from "../parse-json.ts";
import type { ClassifiedRoute } from "./classify.ts";
import { hasShape, isTextKind } from "./shapes.ts";
import type { RouteKind } from "./table.ts";

/** Kinds whose answer, by a raw media type, is a file's content. */
export const fileKinds: ReadonlySet<RouteKind> = new Set<RouteKind>([
  "contents",
  "repo_readme",
  "repo_license",
  "git_blob",
]);

/** The read whose answer it is. */
export interface Expectation {
  readonly classified: ClassifiedRoute;
  readonly accept: string;
}

/** GitHub's answer. */
export interface Said {
  readonly status: number;
  /** The header's whole value; empty where there is none. */
  readonly contentType: string;
  readonly body: Uint8Array;
  /** The body's JSON, for later checks. */
  readonly json?: () => unknown;
}

/** Whether a success is an answer to this read; every other status is. */
export function isExpected({ classified, accept }: Expectation, said: Said): boolean {
  const { status, contentType, body } = said;
  if (status < 200 || status >= 300) return true;
  const type = mediaTypeOf(contentType);
  const decoded = () => new TextDecoder().decode(body);
  const { json = () => parseJson(decoded()) } = said;
  // No content, or not yet.
  if (status !== 200) return body.byteLength === 0 || (isJsonType(type) && json() !== undefined);
  const { kind } = classified.route;
  const looksLikePage = /html|xml/.test(type);
  if (/\.(diff|patch)$/.test(accept)) return !looksLikePage && isDiff(decoded());
  if (/\.sha$/.test(accept)) return /^[0-9a-f]{40,64}\s*$/.test(decoded());
  if (fileKinds.has(kind) && /\b(raw|html)\b/.test(accept)) return isFileType(type);
  if (isTextKind(kind)) return !looksLikePage;
  return isJsonType(type) && hasShape(kind, json());
}

/** Whether the held body could be GitHub's answer: a validator of any other body would only confirm it. */
export function isHeldExpected(
  expectation: Expectation,
  { encoding, body, status }: { readonly encoding: string; readonly body: string; readonly status: number },
): boolean {
  if (status !== 200 || !isJsonExpected(expectation)) return true;
  return encoding === "json" && hasShape(expectation.classified.route.kind, parseJson(body));
}

/** Whether the answer is JSON, and so is kept as JSON. */
export function isJsonExpected({ classified, accept }: Expectation): boolean {
  const { kind } = classified.route;
  if (/\.(diff|patch|sha)$/.test(accept)) return false;
  return !isTextKind(kind) && !(fileKinds.has(kind) && /\b(raw|html)\b/.test(accept));
}

function mediaTypeOf(contentType: string): string {
  return contentType.split(";")[0]?.trim().toLowerCase() ?? "";
}

/** GitHub's type for JSON, for any of its own media types in the request. */
function isJsonType(type: string): boolean {
  return /^application\/(?:[\w.+-]+\+)?json$/.test(type) || /^application\/vnd\.github(?:\.v\d)?\.raw$/.test(type);
}

/** Files have GitHub's media type or their own; a page has neither. */
function isFileType(type: string): boolean {
  return type !== "" && type !== "text/html" && type !== "application/xhtml+xml";
}

/** An empty text is the diff of two equal trees. */
function isDiff(text: string): boolean {
  return text === "" || /^(?:diff --(?:git|cc|combined) |From [0-9a-f]{40,64} )/.test(text);
}
