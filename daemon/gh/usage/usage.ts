/** The output of gh for a refused command line: its own message, and the usage of the command in that release. */
import { CommandFailure } from "../command-failure.ts";
import { type GhRelease, isAtLeast, provenReleases } from "../versions.ts";
import { usages } from "./usage-table.ts";

const flagLine = /^ +(?:-(\w), )?--([\w-]+)\s(.*)$/;

/** Flags that gh takes and does not show, by command: deprecated ones. */
const hidden: Readonly<Record<string, readonly string[]>> = { "repo list": ["private", "public"] };

/** The usage text of one command of one release. */
export class GhUsage {
  readonly #text: string;
  readonly #long = new Map<string, string>();
  readonly #short = new Set<string>();

  constructor(text: string, unseen: readonly string[] = []) {
    this.#text = text;
    for (const flag of unseen) this.#long.set(flag, "");
    for (const line of text.split("\n")) {
      const [, short, long, rest = ""] = flagLine.exec(line) ?? [];
      if (long === undefined) continue;
      this.#long.set(long, rest);
      if (short !== undefined) this.#short.add(short);
    }
  }

  /** Whether this gh has the flag; the engine need not support it. */
  knows(flag: string): boolean {
    return flag.length === 1 ? this.#short.has(flag) : this.#long.has(flag);
  }

  /** The values that a flag with a fixed choice takes; undefined where the text names none. */
  choices(flag: string): readonly string[] | undefined {
    return /\{([^{}]+)\}/.exec(this.#long.get(flag) ?? "")?.[1]?.split("|");
  }

  /** gh's refusal: its message, an empty line, the usage. */
  refuse(message: string): never {
    throw new CommandFailure(`${message}\n\n${this.#text.replace(/\n$/, "")}`);
  }
}

/** The usage of a command as the caller's gh prints it; undefined for a release whose text is not known. */
export function usageOf(path: readonly string[], gh: GhRelease): GhUsage | undefined {
  const { version } = gh;
  const release = provenReleases.find((each) => version === each || version?.startsWith(`${each}.`));
  if (release === undefined) return undefined;
  const found = Object.entries(usages[path.join(" ")] ?? {}).findLast(([since]) => isAtLeast(release, since));
  return found && new GhUsage(found[1], hidden[path.join(" ")]);
}
