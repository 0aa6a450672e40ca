/**
 * Commands that ran the real gh on this machine, and why: counted by the shape of the command and the reason, so that a
 * team sees which commands are worth supporting. No value of an argument is kept, and a repository's name only where
 * the caller's OCTOPOOL_NATIVE_REPOSITORIES says so.
 */
import { ghCommands } from "../shared/gh-commands.ts";
import { type NativeCount, nativeCountsSchema, nativesPath } from "../shared/natives.ts";
import { environmentFlag } from "../shared/settings/environment.ts";
import { readState, saveState } from "../shared/state-file.ts";
import { shapeOf } from "./comparison/shape.ts";
import { repositoryInWords } from "./freshness/named-repositories.ts";
import type { Invocation } from "./gh/engine.ts";

const mostKept = 500;
/** The interval between writes of the file. */
const saveEveryMs = 5_000;

export class Natives {
  readonly #path: string;
  readonly #now: () => number;
  #counts: Map<string, NativeCount> | undefined;
  #savedAt = 0;
  #unsaved = false;

  constructor(env: Readonly<Record<string, string | undefined>>, now: () => number) {
    this.#path = nativesPath(env);
    this.#now = now;
  }

  /** @param through - gh sent its requests through this daemon */
  note(invocation: Pick<Invocation, "args" | "env">, reason: string, through: boolean): void {
    const counts = this.#read();
    const [shape, why] = [nameOf(invocation), withoutNames(reason)];
    const repository = environmentFlag(invocation.env, "OCTOPOOL_NATIVE_REPOSITORIES")
      ? repositoryInWords(invocation)
      : undefined;
    const key = keyOf({ shape, reason: why, repository });
    const { plain, via } = counts.get(key) ?? { plain: 0, via: 0 };
    counts.delete(key);
    const last = new Date(this.#now()).toISOString();
    counts.set(key, {
      shape,
      reason: why,
      ...(repository && { repository }),
      plain: plain + Number(!through),
      via: via + Number(through),
      last,
    });
    if (counts.size > mostKept) counts.delete(counts.keys().next().value ?? "");
    this.#unsaved = true;
    if (this.#now() - this.#savedAt >= saveEveryMs) this.save();
  }

  /** The most frequent first. */
  get counts(): readonly NativeCount[] {
    return [...this.#read().values()].sort((a, b) => b.plain + b.via - (a.plain + a.via));
  }

  /** Best effort: a lost count starts again. */
  save(): void {
    if (!this.#unsaved) return;
    this.#unsaved = false;
    this.#savedAt = this.#now();
    saveState(this.#path, [...this.#read().values()]);
  }

  #read(): Map<string, NativeCount> {
    const kept = () => readState(this.#path, nativeCountsSchema) ?? [];
    this.#counts ??= new Map(kept().map((each) => [keyOf(each), each]));
    return this.#counts;
  }
}

function keyOf({ shape, reason, repository = "" }: Pick<NativeCount, "shape" | "reason" | "repository">): string {
  return `${shape}\n${reason}\n${repository}`;
}

/** Words and flags of the command; of one that the engine does not know, the words that are gh's own. */
function nameOf(invocation: Pick<Invocation, "args" | "env">): string {
  const { args } = invocation;
  if (args[0] === "api" && args.includes("graphql")) return "api graphql";
  const known = ghCommands().find(({ path }) => path.every((word, index) => args[index] === word));
  return shapeOf(invocation) ?? known?.path.join(" ") ?? "an alias, an extension, or none";
}

/** Reasons may quote arguments: names, paths, texts. */
function withoutNames(reason: string): string {
  return reason
    .replaceAll(/"[^"]*"/g, "…")
    .replaceAll(/\S*\/\S+/g, "…")
    .replace(/^(user|host|GH_HOST is|method|unknown flag|jq expression names) .*/, "$1 …");
}
