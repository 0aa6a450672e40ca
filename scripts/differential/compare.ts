import type { ProcessOutput } from "./run.ts";

/** Where an answer of Octopool differs from the real gh's; empty when it does not. */
export function differences(real: ProcessOutput, ours: ProcessOutput): string[] {
  const found: string[] = [];
  if (real.exitCode !== ours.exitCode) found.push(`exit code ${real.exitCode} ≠ ${ours.exitCode}`);
  if (!real.stdout.equals(ours.stdout)) found.push(...stdoutDifference(real.stdout, ours.stdout));
  if ((real.stderr === "") !== (ours.stderr === "")) {
    found.push(
      `stderr: real ${JSON.stringify(real.stderr.slice(0, 300))}`,
      `        ours ${JSON.stringify(ours.stderr.slice(0, 300))}`,
    );
  }
  if (
    found.length > 0 &&
    ours.stderr &&
    real.stderr !== ours.stderr &&
    !found.some((line) => line.startsWith("stderr"))
  ) {
    found.push(
      `(stderr: real ${JSON.stringify(real.stderr.slice(0, 200))}, ours ${JSON.stringify(ours.stderr.slice(0, 200))})`,
    );
  }
  return found;
}

const maxPlaces = 12;

function stdoutDifference(real: Buffer, ours: Buffer): string[] {
  const [a, b] = [real.toString(), ours.toString()];
  const [left, right] = [json(a), json(b)];
  if (left !== undefined && right !== undefined) {
    const places = [...jsonPlaces(left, right, "")].slice(0, maxPlaces);
    if (places.length > 0) return ["stdout (JSON):", ...places.map((place) => `  ${place}`)];
  }
  return ["stdout:", ...lineDifference(a.split("\n"), b.split("\n"))];
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function* jsonPlaces(a: unknown, b: unknown, path: string): Generator<string> {
  if (JSON.stringify(a) === JSON.stringify(b)) return;
  if (!isContainer(a) || !isContainer(b) || Array.isArray(a) !== Array.isArray(b)) {
    yield `${path || "."}: real ${brief(a)}, ours ${brief(b)}`;
    return;
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  let inner = false;
  for (const key of keys) {
    for (const place of jsonPlaces(Reflect.get(a, key), Reflect.get(b, key), `${path}.${key}`)) {
      inner = true;
      yield place;
    }
  }
  if (!inner) yield `${path || "."}: keys in another order: real ${Object.keys(a)}, ours ${Object.keys(b)}`;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 160 ? `${text.slice(0, 160)}…` : text;
}

function lineDifference(real: readonly string[], ours: readonly string[]): string[] {
  const lines: string[] = [];
  const longest = Math.max(real.length, ours.length);
  for (let index = 0; index < longest && lines.length < maxPlaces; index += 1) {
    const [a, b] = [real[index], ours[index]];
    if (a === b) continue;
    lines.push(`  ${index + 1} real ${a === undefined ? "(end)" : JSON.stringify(around(a, b))}`);
    lines.push(`  ${index + 1} ours ${b === undefined ? "(end)" : JSON.stringify(around(b, a))}`);
  }
  return lines;
}

/** The part of a long line in which it differs from the other. */
function around(line: string, other: string | undefined): string {
  if (line.length <= 200) return line;
  let same = 0;
  while (same < line.length && line[same] === other?.[same]) same += 1;
  const from = Math.max(0, same - 60);
  return `${from > 0 ? "…" : ""}${line.slice(from, same + 120)}…`;
}
