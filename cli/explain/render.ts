/** An explanation as a page for people. */

import type { ExplainedRead, Explanation } from "../../shared/explanation.ts";
import type { Output } from "../io.ts";
import { duration, humanText, plural } from "../output/text.ts";
import type { Style } from "../style.ts";
import { whyNative } from "../words/why-native.ts";

/** An explanation with what only the client knows. */
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

function nativeLines({ reason, realGh, reads }: ExplainedCommand, style: Style): readonly string[] {
  const where = realGh === null ? style.bad("(none is installed)") : style.dim(`(${realGh})`);
  const { text, code } = whyNative(reason);
  return [
    `${style.warn("→")} Runs ${style.bold("the real gh")} ${where}, with your own login and your own rate limit.`,
    `  Why: ${humanText(text)}${code === undefined ? "" : style.dim(` (${humanText(code)})`)}${/[.?!]$/.test(text) ? "" : "."}`,
    ...(reads.length === 0 ? [] : ["", ...reads.flatMap((read) => readLine(read, style))]),
  ];
}

function readLines({ reads, complete, proven }: ExplainedCommand, style: Style): readonly string[] {
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
    ...cost({ asked: asked - own, own, complete }),
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
  return complete ? [] : [style.dim("  … and what follows from those answers.")];
}

/** The most it can cost: a hit at the relay costs nothing, and one that GitHub confirms as unchanged neither. */
function cost({ asked, own, complete }: { asked: number; own: number; complete: boolean }): readonly string[] {
  const ownCalls = `${plural(own, "GitHub call")} of your own rate limit, none where GitHub confirms it as unchanged.`;
  if (asked === 0 && own > 0) return [`Cost: ${complete ? "at most " : ""}${ownCalls}`];
  if (asked === 0 && complete) return ["Cost: nothing."];
  const most = complete ? `at most ${plural(asked, "GitHub call")}` : `${plural(asked, "GitHub call")} so far`;
  return [
    `Cost: ${most}, of the pool's rate limit;`,
    "      none for what the relay's cache holds, or GitHub confirms as unchanged.",
    ...(own > 0 ? [`      ${ownCalls}`] : []),
  ];
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

function stateText({ state, age, freshFor, reason }: ExplainedRead): string {
  const held = age === null ? "not in memory" : `in memory, ${duration(age)} old`;
  if (state === "fresh") return `${held}, fresh for ${duration(freshFor ?? 0)} more`;
  if (state === "expired") return `${held}, past its lifetime: the relay is asked`;
  if (state === "live") return `${held}; GitHub is asked: ${humanText(reason ?? "")}`;
  if (state === "pushed")
    return `${held}; the relay answers it if events vouch for what it holds, else GitHub is asked`;
  if (state === "own") {
    return `GitHub is asked with your own token (${humanText(whyNative(reason ?? "").text)}); unchanged, it costs nothing`;
  }
  if (state === "refused") return `not for a pool: ${humanText(whyNative(reason ?? "").text)}`;
  return `${held}: the relay is asked`;
}

function shellWord(word: string): string {
  const text = humanText(word);
  return /^[\w./:@=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
