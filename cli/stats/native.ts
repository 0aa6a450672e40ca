/** `octopool stats --native`: what was left to the real gh on this machine, and why. */
import { z } from "zod";
import { type NativeCount, nativeCountSchema, nativesPath, nativesRoute } from "../../shared/natives.ts";
import { parseJson } from "../../shared/parse-json.ts";
import { readIfRegular } from "../../shared/regular-file.ts";
import type { Environment } from "../../shared/settings/environment.ts";
import { readDaemonJson } from "../daemon-status.ts";
import { alignRows } from "../output/table.ts";
import { humanText } from "../output/text.ts";
import type { Style } from "../style.ts";
import { whyNative } from "../words/why-native.ts";

/** From the daemon, or from its file where none runs; the most frequent first. */
export async function readNatives(env: Environment): Promise<readonly NativeCount[]> {
  const told = await readDaemonJson(env, nativesRoute);
  const kept = () => parseJson(readIfRegular(nativesPath(env)) ?? "[]");
  const parsed = z.array(nativeCountSchema).safeParse(told ?? kept());
  const counts = parsed.success ? parsed.data : [];
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
