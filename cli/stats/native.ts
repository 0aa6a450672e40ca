/** `octopool stats --native`: the commands that ran the real gh on this machine, and why. */
import { type NativeCount, nativeCountsSchema, nativesPath } from "../../shared/natives.ts";
import { nativesRoute } from "../../shared/protocol.ts";
import { type Environment, environmentFlag } from "../../shared/settings/environment.ts";
import { readState } from "../../shared/state-file.ts";
import { readDaemonJson } from "../daemon-status.ts";
import { alignRows } from "../output/table.ts";
import { humanText } from "../output/text.ts";
import type { Style } from "../style.ts";
import { whyNative } from "../words/why-native.ts";

/** From the daemon, or from its file where none runs; the most frequent first. */
export async function readNatives(env: Environment): Promise<readonly NativeCount[]> {
  const told = nativeCountsSchema.safeParse(await readDaemonJson(env, nativesRoute)).data;
  const counts = told ?? readState(nativesPath(env), nativeCountsSchema) ?? [];
  const shown = environmentFlag(env, "OCTOPOOL_NATIVE_REPOSITORIES") ? counts : withoutRepositories(counts);
  return shown.toSorted((a, b) => b.plain + b.via - (a.plain + a.via));
}

function withoutRepositories(counts: readonly NativeCount[]): readonly NativeCount[] {
  const merged = new Map<string, NativeCount>();
  for (const { repository: _hidden, ...count } of counts) {
    const key = `${count.shape}\n${count.reason}`;
    const { plain, via, last } = merged.get(key) ?? { plain: 0, via: 0, last: count.last };
    const latest = last > count.last ? last : count.last;
    merged.set(key, { ...count, plain: count.plain + plain, via: count.via + via, last: latest });
  }
  return [...merged.values()];
}

/** Repositories have a column where one is shown. */
export function renderNatives(counts: readonly NativeCount[], style: Style): readonly string[] {
  if (counts.length === 0) return ["No command has run the real gh on this machine yet."];
  const right = (text: string) => ({ text, align: "right" as const });
  const named = counts.some(({ repository }) => repository !== undefined);
  const heads = ["COMMAND", "PLAIN", "THROUGH THE DAEMON", ...(named ? ["REPOSITORY"] : []), "WHY"].map(style.dim);
  return alignRows([
    heads.map((text, column) => (column === 1 || column === 2 ? right(text) : text)),
    ...counts.map(({ shape, reason, repository = "", plain, via }) => [
      humanText(shape),
      right(plain.toLocaleString("en-US")),
      right(via.toLocaleString("en-US")),
      ...(named ? [humanText(repository)] : []),
      humanText(whyNative(reason).text),
    ]),
  ]);
}
