/** GitHub's bytes as the envelope carries them. */
import type { BodyEncoding } from "../../shared/envelope.ts";
import { parseJson } from "../../shared/parse-json.ts";
import { jsonOf } from "./json-of.ts";

/** The first byte of the mark in UTF-8, which begins no other JSON. */
const byteOrderMark = 0xef;

export interface EncodedBody {
  readonly encoding: BodyEncoding;
  /** JSON source of the envelope's `body`. */
  readonly body: string;
  /** The parsed value, for JSON. */
  readonly parsed: unknown;
}

// A byte-order mark is content like any other here.
const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * JSON stays GitHub's own text, other text becomes a string, and a body that is not valid UTF-8 or is declared binary
 * becomes base64: nothing is lost in any of these forms.
 * @param isFile the route delivers files: a raw media type then means the file itself
 */
export function encodeBody(bytes: Uint8Array, contentType: string, { isFile = false } = {}): EncodedBody {
  if (bytes.byteLength === 0) return { encoding: "text", body: '""', parsed: undefined };
  const text = decode(bytes);
  if (text === undefined || isBinary(contentType))
    return { encoding: "base64", body: `"${base64(bytes)}"`, parsed: undefined };
  if (isJson(contentType, isFile)) {
    // A byte-order mark is no JSON, and elsewhere it is passed over.
    const parsed = bytes[0] === byteOrderMark ? parseJson(text) : jsonOf(bytes);
    if (parsed !== undefined) return { encoding: "json", body: text, parsed };
  }
  return { encoding: "text", body: JSON.stringify(text), parsed: undefined };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const mediaType = (contentType: string) => contentType.split(";")[0]?.trim().toLowerCase() ?? "";

/**
 * A raw media type delivers a file, which may be JSON, but is no answer of the API. Any other body stays an answer
 * under any media type that GitHub sends: it must not bypass the reductions.
 */
function isJson(contentType: string, isFile: boolean): boolean {
  if (/\braw\b/.test(mediaType(contentType))) return !isFile;
  return /^application\/(?:[\w.+-]+\+)?json$/.test(mediaType(contentType));
}

function isBinary(contentType: string): boolean {
  return /^(application\/octet-stream|application\/zip|application\/gzip|image\/|audio\/|video\/)/.test(
    mediaType(contentType),
  );
}

function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}
