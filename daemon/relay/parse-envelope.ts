/** The relay's envelope with its body taken out as bytes: only the head is ever parsed. */
import { bodyOffsetHeader, type RelayEnvelopeHead, relayEnvelopeHeadSchema } from "../../shared/envelope.ts";
import { OctopoolError } from "../../shared/errors.ts";
import type { RawAnswer } from "./collect.ts";

export interface OpenedEnvelope {
  readonly head: RelayEnvelopeHead;
  /** GitHub's bytes: a view of the answer, whose head around it is small. */
  readonly body: Buffer;
}

/** @throws OctopoolError `relay_answer_invalid`. */
export function openEnvelope({ headers, body }: RawAnswer): OpenedEnvelope {
  const offset = Number(headers[bodyOffsetHeader] ?? Number.NaN);
  if (!Number.isInteger(offset) || offset <= 0 || offset >= body.length) throw invalid("no body offset");
  const head = parseHead(body.toString("utf8", 0, offset));
  const bytes = body.subarray(offset, body.lastIndexOf("}"));
  return { head, body: decode(head.body_encoding, bytes) };
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
  const text: unknown = JSON.parse(bytes.toString());
  if (typeof text !== "string") throw invalid(`a ${encoding} body is not a string`);
  return Buffer.from(text, encoding === "base64" ? "base64" : "utf8");
}

function invalid(what: string, cause?: unknown): OctopoolError {
  return new OctopoolError("relay_answer_invalid", `The relay's answer is not one: ${what}.`, {
    hint: "Check that the address of the relay is right: `octopool health`.",
    cause,
  });
}
