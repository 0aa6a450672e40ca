/** `octopool stats --native`: what was left to the real gh on this machine, and why. */
import { type NativeCount, nativeCountsSchema, nativesPath } from "../../shared/natives.ts";
import { nativesRoute } from "../../shared/protocol.ts";
import type { Environment } from "../../shared/settings/environment.ts";
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
  return counts.toSorted((a, b) => b.plain + b.via - (a.plain + a.via));
}

export function renderNatives(counts: readonly NativeCount[], style: Style): readonly string[] {
  if (counts.length === 0) return ["Nothing was left to the real gh on this machine yet."];
  const right = (text: string) => ({ text, align: "right" as const });
  const heads = ["COMMAND", "PLAIN", "THROUGH THE DAEMON", "WHY"].map(style.dim);
  return alignRows([
    heads.map((text, column) => (column === 1 || column === 2 ? right(text) : text)),
    ...counts.map(({ shape, reason, plain, via }) => [
      humanText(shape),
      right(plain.toLocaleString("en-US")),
      right(via.toLocaleString("en-US")),
      humanText(whyNative(reason).text),
    ]),
  ]);
}
