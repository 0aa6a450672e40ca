/** How `gh api` prints its pages. */
import type { ReadAnswer } from "../../reader.ts";
import type { Result } from "../command.ts";
import { CommandFailure, GhFailure } from "../command-failure.ts";
import { isBinary } from "../go/sniff.ts";
import { colorJson } from "../output/json-color.ts";
import { filterJson, formatJson } from "../output/output.ts";
import { hasEscapes, sanitizeJson } from "../reads/sanitize.ts";
import { failureText } from "./failure-text.ts";
import type { ParsedApiCall } from "./flag-table.ts";

/** A byte order mark is GitHub's to send and stays. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export async function renderPages(answers: readonly ReadAnswer[], call: ParsedApiCall): Promise<Result> {
  const [first] = answers;
  if (first && first.status > 299) return renderFailure(first, call);
  if (call.flags.silent) return { stdout: "" };
  if (answers.length === 1 && first) return { stdout: await renderOne(first, call) };
  if (call.flags.template !== "" && /table(row|render)/.test(call.flags.template)) {
    call.context.native("a table over several pages");
  }
  const texts = await pageTexts(answers, call);
  return { stdout: call.flags.slurp ? `[${texts.join(",")}]` : join(texts, call) };
}

/** Page after page: gh ends at the first that its filter fails on, with all before it printed. */
async function pageTexts(answers: readonly ReadAnswer[], call: ParsedApiCall): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const answer of answers) {
    try {
      texts.push(await pageText(answer, call));
    } catch (error) {
      throw error instanceof GhFailure ? error.after(join(texts, call)) : error;
    }
  }
  return texts;
}

function renderFailure(answer: ReadAnswer, call: ParsedApiCall): Result {
  if (!call.flags.silent && !isJson(answer) && hasEscapes(answer.body)) call.context.native("escapes in a refusal");
  const body = call.flags.silent ? "" : isJson(answer) ? colored(jsonText(answer, call), call) : answer.body;
  return { stdout: body, stderr: `gh: ${failureText(answer)}\n`, exitCode: 1 };
}

/** A single answer keeps its bytes: opaque bodies need not be text at all. */
async function renderOne(answer: ReadAnswer, call: ParsedApiCall): Promise<string | Uint8Array> {
  if (answer.status === 204) return "";
  const { jq, template } = call.flags;
  if (!isJson(answer)) {
    if (jq !== "" || template !== "") call.context.native("not JSON");
    requireNoEscapes(answer, call);
    return answer.body;
  }
  const text = await pageText(answer, call);
  return call.flags.slurp ? `[${text}]` : text;
}

/**
 * A security measure of later versions: text that could control a terminal is only printed with a flag. A body that is
 * not text is refused on a terminal only, with another message.
 */
function requireNoEscapes(answer: ReadAnswer, { flags, context }: ParsedApiCall): void {
  const { stdoutTty } = context.style;
  if (flags["allow-escape-sequences"] || (!stdoutTty && !hasEscapes(answer.body))) return;
  if (!context.gh.has("escapesRefused")) return;
  const opaque = isBinary(answer.body);
  if (opaque === undefined || (opaque && stdoutTty)) context.native("a body that may be no text");
  if (opaque || !hasEscapes(answer.body)) return;
  throw new CommandFailure(
    "the response contains terminal escape sequences; pass --allow-escape-sequences to output it anyway",
  );
}

async function pageText(answer: ReadAnswer, call: ParsedApiCall): Promise<string> {
  if (!isJson(answer)) call.context.native("not JSON");
  const { jq, template } = call.flags;
  const json = jsonText(answer, call);
  if (jq !== "") return filterJson(jq, json, call.context);
  if (template !== "") return formatJson(template, json, call.context);
  return call.flags.slurp ? json : colored(json, call);
}

/**
 * gh joins arrays of raw pages into one by dropping the brackets between them, and prints anything else page after
 * page (pkg/cmd/api/pagination.go).
 */
function join(texts: readonly string[], call: ParsedApiCall): string {
  if (call.flags.jq !== "" || call.flags.template !== "" || call.context.style.color) return texts.join("");
  return texts
    .map((text, index) => {
      const opened = index > 0 && text.startsWith("[") ? `,${text.slice(1)}` : text;
      return index < texts.length - 1 && opened.endsWith("]") ? opened.slice(0, -1) : opened;
    })
    .join("");
}

function jsonText(answer: ReadAnswer, call: ParsedApiCall): string {
  try {
    return sanitizeJson(decoder.decode(answer.body));
  } catch {
    return call.context.native("not UTF-8");
  }
}

function colored(json: string, call: ParsedApiCall): string {
  return call.context.style.color && json !== "" ? colorJson(json, "  ", call.context.gh) : json;
}

function isJson(answer: ReadAnswer): boolean {
  return /[/+]json(;|$)/.test(answer.headers["content-type"] ?? "");
}
