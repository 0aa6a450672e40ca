import type { Case } from "./cases.ts";
import type { CaseVerdict } from "./differential.ts";

/** Counts over all cases. */
interface Summary {
  tried: number;
  identical: number;
  /** Answered by the real gh: identical, but not by Octopool. */
  native: number;
  answeredWithoutNative: number;
  /** Of those: with a start of gh as a filter, which asks GitHub for nothing. */
  filteredByGh: number;
  /** Native although no row of the compatibility table says so. */
  avoidableNative: number;
  different: number;
}

export function summarize(verdicts: readonly CaseVerdict[]): Summary {
  const different = verdicts.filter((verdict) => verdict.different).length;
  const native = verdicts.filter((verdict) => verdict.native !== undefined).length;
  const tried = verdicts.length;
  const avoidableNative = verdicts.filter((verdict) => verdict.native !== undefined && !verdict.case.native).length;
  const filteredByGh = verdicts.filter((verdict) => verdict.filtered).length;
  return {
    tried,
    identical: tried - different,
    native,
    answeredWithoutNative: tried - native,
    filteredByGh,
    avoidableNative,
    different,
  };
}

/** A difference as people read it. */
export function describeDifference({ command, different }: CaseVerdict): string {
  const cold = different?.cold?.join("\n    ");
  const warm = different?.warm?.join("\n    ");
  const parts =
    cold === warm
      ? [`  cold and warm:\n    ${cold}`]
      : [...(cold ? [`  cold:\n    ${cold}`] : []), ...(warm ? [`  warm:\n    ${warm}`] : [])];
  return [`≠ ${command}`, ...parts].join("\n");
}

export function summaryLines(verdicts: readonly CaseVerdict[]): string {
  const { identical, tried, native, answeredWithoutNative, filteredByGh, avoidableNative } = summarize(verdicts);
  return [
    `identical ${identical} / tried ${tried}, native ${native}`,
    `answered without native ${answeredWithoutNative} (${filteredByGh} with gh as a filter), native where no row of the table says so ${avoidableNative}`,
  ].join("\n");
}

/** By command: how many cases, how many differ, how many are native and why. */
export function commandTable(verdicts: readonly CaseVerdict[]): string {
  const groups = [...Map.groupBy(verdicts, (verdict) => groupOf(verdict.case))].sort(([a], [b]) => a.localeCompare(b));
  const rows = groups.map(([name, all]) => {
    const { identical, tried, native } = summarize(all);
    return `  ${name.padEnd(18)} identical ${String(identical).padStart(4)} / ${String(tried).padStart(4)}  native ${native}`;
  });
  return rows.join("\n");
}

/** `pr view`, `api`, `search issues`. */
export function groupOf({ args }: Pick<Case, "args">): string {
  const [first = "", second = ""] = args;
  return first === "api" || second === "" || second.startsWith("-") ? first : `${first} ${second}`;
}

/** Everything, grouped by command, for work on the engine. */
export function fullReport(verdicts: readonly CaseVerdict[]): string {
  const groups = [...Map.groupBy(verdicts, (verdict) => groupOf(verdict.case))].sort(([a], [b]) => a.localeCompare(b));
  const sections = groups.map(([name, all]) => {
    const different = all.filter((verdict) => verdict.different).map(describeDifference);
    const native = all.flatMap(({ native: reason, command }) =>
      reason ? [`  native: ${command}\n    ${reason}`] : [],
    );
    return [`## ${name}`, summaryLines(all), ...different, ...native].join("\n");
  });
  return `${[summaryLines(verdicts), commandTable(verdicts), ...sections].join("\n\n")}\n`;
}

/** Everything, for programs: the counts, and each case with its reads, its reason or its difference. */
export function asJson(verdicts: readonly CaseVerdict[]): object {
  const cases = verdicts.map(({ case: { args, env, cwd }, ...verdict }) => ({
    group: groupOf({ args }),
    args,
    ...(env && { env }),
    ...(cwd && { cwd }),
    reads: verdict.reads,
    ...(verdict.native !== undefined && { native: verdict.native }),
    ...(verdict.different && { different: verdict.different }),
  }));
  return { ...summarize(verdicts), cases };
}
