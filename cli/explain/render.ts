/** An explanation as a page for people. */

import type { ExplainedRead, Explanation } from "../../shared/explanation.ts";
import type { Output } from "../io.ts";
import { duration, humanText, plural } from "../output/text.ts";
import type { Style } from "../style.ts";
import { whyNative } from "../words/why-native.ts";

/** An explanation with the facts that only the client has. */
export interface ExplainedCommand extends Explanation {
  readonly command: readonly string[];
  /** It may change something on GitHub. */
  readonly write: boolean;
  /** Path of the real gh; null when there is none. */
  readonly realGh: string | null;
}

export function renderExplanation(explained: ExplainedCommand, { style }: Pick<Output, "style">): readonly string[] {
  return [
    style.bold(`$ ${explained.command.map(shellWord).join(" ")}`),
    "",
    ...(explained.outcome === "native" ? nativeLines(explained, style) : readLines(explained, style)),
  ];
}

function nativeLines({ reason, realGh, reads, cost }: ExplainedCommand, style: Style): readonly string[] {
  const where = realGh === null ? style.bad("(none is installed)") : style.dim(`(${realGh})`);
  const { text, code } = whyNative(reason);
  return [
    `${style.warn("→")} Runs ${style.bold("the real gh")} ${where}, with your own login and your own rate limit.`,
    `  Why: ${humanText(text)}${code === undefined ? "" : style.dim(` (${humanText(code)})`)}${/[.?!]$/.test(text) ? "" : "."}`,
    ...(cost?.gh ? [`  Cost: ${ofGh(cost.gh)}.`] : []),
    ...(reads.length === 0 ? [] : ["", ...reads.flatMap((read) => readLine(read, style))]),
  ];
}

function readLines({ reads, complete, proven, cost }: ExplainedCommand, style: Style): readonly string[] {
  const asked = reads.filter((read) => read.state !== "fresh").length;
  const own = reads.filter((read) => read.state === "own").length;
  const head =
    own === reads.length && own > 0
      ? `${style.accent("→")} Answered ${style.bold("here")}, by GitHub with your own token. The relay is not asked.`
      : asked === 0 && complete
        ? `${style.good("→")} Answered ${style.bold("here")}, from this machine's memory. No request leaves it.`
        : `${style.accent("→")} Answered ${style.bold("through the relay")}; with your own token if the repository is not public.`;
  return [
    head,
    "",
    ...reads.flatMap((read) => readLine(read, style)),
    ...more(complete, style),
    "",
    ...(cost === null ? [] : costLines(cost, complete)),
    ...(proven === undefined
      ? []
      : [style.dim(`  Printed as gh ${humanText(proven.gh)} prints it: ${provenWords[proven.by]}.`)]),
  ];
}

const provenWords = {
  release: "that release was compared with Octopool",
  machine: "the two were compared on this machine",
} as const;

function more(complete: boolean, style: Style): readonly string[] {
  return complete ? [] : [style.dim("  … and further reads that depend on those answers.")];
}

type Cost = NonNullable<Explanation["cost"]>;

/** The most it can cost: an answer from the relay's cache costs nothing either. */
function costLines({ requests, free, shared, paid, gh }: Cost, complete: boolean): readonly string[] {
  const itself = gh === null ? [] : [`      ${ofGh(gh)}.`];
  if (requests === 0 && complete) return ["Cost: nothing.", ...itself];
  const parts = [
    ...(free > 0 ? [`${free} free while unchanged`] : []),
    ...(shared > 0 ? [`${shared} of the pool's, paid once for all its callers`] : []),
    ...(paid > 0 ? [`${paid} of your own rate limit`] : []),
  ];
  const bound = complete ? "at most " : "";
  return [`Cost: ${bound}${plural(requests, "request")}${complete ? "" : " so far"}: ${parts.join(", ")}.`, ...itself];
}

function ofGh({ requests, orMore }: NonNullable<Cost["gh"]>): string {
  return `gh itself makes ${plural(requests, "request")}${orMore ? " or more" : ""}, of your own rate limit`;
}

function readLine(read: ExplainedRead, style: Style): readonly string[] {
  const signs = {
    fresh: style.good("●"),
    expired: style.warn("◐"),
    live: style.accent("◌"),
    pushed: style.good("◍"),
    unknown: style.accent("○"),
    own: style.accent("◇"),
    refused: style.bad("✗"),
  };
  const query = read.query === "" ? "" : style.dim(`?${humanText(read.query)}`);
  const kind = read.kind === null ? "" : style.dim(`${read.kind}: `);
  return [`  ${signs[read.state]} ${humanText(read.path)}${query}`, `    ${kind}${stateText(read)}`];
}

function stateText({ state, age, freshFor, reason, price }: ExplainedRead): string {
  const held = age === null ? "not in memory" : `in memory, ${duration(age)} old`;
  if (state === "fresh") return `${held}, fresh for ${duration(freshFor ?? 0)} more`;
  if (state === "expired") return `${held}, past its lifetime: the relay is asked`;
  if (state === "live") return `${held}; GitHub is asked: ${humanText(reason ?? "")}`;
  if (state === "pushed") return `${held}; the relay answers it if events vouch for its entry, else GitHub is asked`;
  if (state === "own") {
    const why = humanText(whyNative(reason ?? "").text);
    if (price === "kept") return `${held}; it cannot change, and is not asked for (${why})`;
    return `${held}; GitHub is asked with your own token (${why})${price === "free" ? "; unchanged, it costs nothing" : ""}`;
  }
  if (state === "refused") return `not for a pool: ${humanText(whyNative(reason ?? "").text)}`;
  return `${held}: the relay is asked`;
}

function shellWord(word: string): string {
  const text = humanText(word);
  return /^[\w./:@=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
