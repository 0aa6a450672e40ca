/** A command's comparison, as a verdict of the fuzzer. */
import type { Bench } from "../differential/bench.ts";
import type { Case } from "../differential/cases.ts";
import { compareAll } from "../differential/differential.ts";
import type { ReadPath } from "../differential/read-path.ts";
import type { FuzzVerdict } from "./kind.ts";

export async function judge(bench: Bench, readPath: ReadPath, each: Case): Promise<FuzzVerdict> {
  const [verdict] = await compareAll(bench, readPath, [each], { concurrency: 1 });
  const lines = verdict?.different?.cold ?? verdict?.different?.warm;
  if (lines) return { kind: "different", lines };
  return { kind: verdict?.native === undefined ? "same" : "native" };
}
