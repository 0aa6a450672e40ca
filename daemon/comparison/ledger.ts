/** The results of comparisons on this machine, by build of gh and shape; kept in the state directory, bounded. */
import * as z from "zod";
import { readState, saveState, statePath } from "../../shared/state-file.ts";

const entrySchema = z.object({
  equal: z.int(),
  different: z.int(),
  /** The place of the last difference, for people. */
  difference: z.string().optional(),
});
type Entry = z.infer<typeof entrySchema>;

const buildSchema = z.object({ version: z.string(), shapes: z.record(z.string(), entrySchema) });
const ledgerSchema = z.record(z.string(), buildSchema);
type Builds = z.infer<typeof ledgerSchema>;

/** How many times a shape must be equal, and how many times different before the real gh runs it. */
const equalEnough = 2;
const differentEnough = 2;

const mostBuilds = 8;
const mostShapes = 1000;

type ShapeStanding = "served" | "native" | "open";

export function standingOf(entry: Entry | undefined): ShapeStanding {
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

  standing(build: string, shape: string): ShapeStanding {
    return standingOf(this.of(build)[shape]);
  }

  /**
   * Records one comparison; an equal result cancels one difference: GitHub's data may have changed between the two
   * runs.
   */
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
    saveState(this.#path, this.#builds);
  }

  #read(): Builds {
    this.#builds ??= readState(this.#path, ledgerSchema) ?? {};
    return this.#builds;
  }
}

/** The last entries of a record, which were noted last or are new. */
function newest<T>(record: Record<string, T>, most: number): Record<string, T> {
  return Object.fromEntries(Object.entries(record).slice(-most));
}

export function ledgerPath(env: Readonly<Record<string, string | undefined>>): string {
  return statePath(env, "proofs.json");
}
