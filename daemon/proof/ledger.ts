/** What comparisons on this machine showed, by build of gh and shape; kept in the state directory, bounded. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { readIfRegular } from "../../shared/regular-file.ts";

const entrySchema = z.object({
  equal: z.int(),
  different: z.int(),
  /** Where the two differed last, as people read it. */
  difference: z.string().optional(),
});
type Entry = z.infer<typeof entrySchema>;

const buildSchema = z.object({ version: z.string(), shapes: z.record(z.string(), entrySchema) });
const ledgerSchema = z.record(z.string(), buildSchema);
type Builds = z.infer<typeof ledgerSchema>;

/** How many times a shape must be seen alike, and how many times otherwise before it is left to the real gh. */
const equalEnough = 2;
const differentEnough = 2;

const mostBuilds = 8;
const mostShapes = 1000;

type ProofStanding = "served" | "native" | "open";

export function standingOf(entry: Entry | undefined): ProofStanding {
  if (entry === undefined) return "open";
  if (entry.different >= differentEnough) return "native";
  return entry.equal >= equalEnough ? "served" : "open";
}

export class Ledger {
  readonly #path: string;
  #builds: Builds | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** All shapes of a build. */
  of(build: string): Readonly<Record<string, Entry>> {
    return this.#read()[build]?.shapes ?? {};
  }

  /** All shapes of all builds of one version. */
  ofVersion(version: string): Readonly<Record<string, Entry>> {
    const builds = Object.values(this.#read()).filter((build) => build.version === version);
    return Object.assign({}, ...builds.map(({ shapes }) => shapes));
  }

  standing(build: string, shape: string): ProofStanding {
    return standingOf(this.of(build)[shape]);
  }

  /** Notes one comparison; alike takes back one difference: the world may have changed between the two. */
  note(build: string, version: string, shape: string, difference: string | undefined): void {
    const builds = this.#read();
    const shapes: Record<string, Entry> = builds[build]?.shapes ?? {};
    const { equal, different } = shapes[shape] ?? { equal: 0, different: 0 };
    shapes[shape] =
      difference === undefined
        ? { equal: equal + 1, different: 0 }
        : { equal: 0, different: different + 1, difference };
    builds[build] = { version, shapes: newest(shapes, mostShapes) };
    this.#builds = newest(builds, mostBuilds);
    this.#write();
  }

  #read(): Builds {
    this.#builds ??= parse(this.#path);
    return this.#builds;
  }

  /** Best effort: what is not kept is compared again. */
  #write(): void {
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const partial = `${this.#path}.${process.pid}`;
      writeFileSync(partial, `${JSON.stringify(this.#builds)}\n`, { mode: 0o600 });
      renameSync(partial, this.#path);
    } catch {}
  }
}

/** The last entries of a record, which were noted last or are new. */
function newest<T>(record: Record<string, T>, most: number): Record<string, T> {
  return Object.fromEntries(Object.entries(record).slice(-most));
}

function parse(path: string): Builds {
  try {
    return ledgerSchema.parse(JSON.parse(readIfRegular(path) ?? "{}"));
  } catch {
    return {};
  }
}

/** `$XDG_STATE_HOME/octopool/proofs.json`, by default below `~/.local/state`. */
export function ledgerPath(env: Readonly<Record<string, string | undefined>>): string {
  return `${env.XDG_STATE_HOME || `${env.HOME ?? ""}/.local/state`}/octopool/proofs.json`;
}
