/** The relay's envelope with its body taken out as bytes: only the head is ever parsed. */
import { bodyOffsetHeader, type RelayEnvelopeHead, relayEnvelopeHeadSchema } from "../../shared/envelope.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { RawAnswer } from "./collect.ts";

interface OpenedEnvelope {
  readonly head: RelayEnvelopeHead;
  /** GitHub's bytes: a view of the answer, whose head around it is small. */
  readonly body: Buffer;
}

/**
 * A proxy may cut an answer, or add to it, and still frame the rest as if it were whole. So the head has the length of
 * the body, and the brace after it is the last byte.
 * @throws OctopoolError `relay_answer_invalid`.
 */
export function openEnvelope({ headers, body }: RawAnswer): OpenedEnvelope {
  const offset = Number(headers[bodyOffsetHeader] ?? Number.NaN);
  if (!Number.isInteger(offset) || offset <= 0 || offset >= body.length) throw invalid("no body offset");
  const head = parseHead(body.toString("utf8", 0, offset));
  const end = body.length - 1;
  if (body[end] !== closingBrace) throw invalid("it does not end where its body ends");
  const { body_length: announced } = head.relay;
  if (announced === undefined) demandWhole(body);
  else if (announced !== end - offset) throw invalid(`its body has ${end - offset} bytes of ${announced}`);
  return { head, body: decode(head.body_encoding, body.subarray(offset, end)) };
}

const closingBrace = "}".charCodeAt(0);

/** Older relays send no length: an envelope is one JSON value, and no part of it is one. */
function demandWhole(body: Buffer): void {
  try {
    JSON.parse(body.toString());
  } catch (cause) {
    throw invalid("it is cut or followed by something else", cause);
  }
}

/** The text before the body's value ends in `"body":`; without that member it is the head. */
function parseHead(text: string): RelayEnvelopeHead {
  const json = `${text.replace(/,?\s*"body"\s*:\s*$/, "")}}`;
  try {
    return relayEnvelopeHeadSchema.parse(JSON.parse(json));
  } catch (cause) {
    throw invalid("its head does not follow the contract", cause);
  }
}

function decode(encoding: RelayEnvelopeHead["body_encoding"], bytes: Buffer): Buffer {
  if (encoding === "json") return bytes;
  const text = parseJson(bytes.toString());
  if (typeof text !== "string") throw invalid(`a ${encoding} body is not a string`);
  return Buffer.from(text, encoding === "base64" ? "base64" : "utf8");
}

function invalid(what: string, cause?: unknown): OctopoolError {
  return new OctopoolError("relay_answer_invalid", `The relay's answer is invalid: ${what}.`, {
    hint: "Check that the address of the relay is right: `octopool health`.",
    cause,
  });
}
