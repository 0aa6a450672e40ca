/** How far a release of gh was compared with the engine, for people. */

import { Ledger, ledgerPath, standingOf } from "./comparison/ledger.ts";
import { GhRelease, newestProven, provenReleases } from "./gh/versions.ts";
import { isGitHubCom } from "./hosts.ts";
import { readGhSettings } from "./personal/gh-settings.ts";

/** The description of the caller's gh in `octopool doctor`. */
interface GhStanding {
  readonly kind: "proven" | "between" | "ahead";
  /** In one sentence. */
  readonly words: string;
  /** Shapes of commands that this gh printed otherwise on this machine, each with the first difference. */
  readonly different: readonly string[];
}

/** The hosts beside github.com that the caller's gh knows; undefined where its hosts.yml is not understood. */
export function otherHostsOf(env: Readonly<Record<string, string | undefined>>): readonly string[] | undefined {
  const { hosts } = readGhSettings(env);
  const all = new Set([...(hosts ?? []), ...(env.GH_HOST ? [env.GH_HOST.toLowerCase()] : [])]);
  return hosts && [...all].filter((host) => !isGitHubCom(host));
}

/** @param version such as `2.60.1` */
export function standingOfGh(version: string, env: Readonly<Record<string, string | undefined>>): GhStanding {
  if (new GhRelease(version).isAhead) return aheadOf(version, env);
  const proven = provenReleases.some((release) => version === release || version.startsWith(`${release}.`));
  return proven
    ? { kind: "proven", words: "Octopool was compared with this release, byte for byte", different: [] }
    : { kind: "between", words: `compared were ${releases()}: their differences are left to it`, different: [] };
}

function aheadOf(version: string, env: Readonly<Record<string, string | undefined>>): GhStanding {
  const shapes = Object.entries(new Ledger(ledgerPath(env)).ofVersion(version));
  const count = (wanted: string) => shapes.filter(([, entry]) => standingOf(entry) === wanted).length;
  const told = `${count("served")} shapes of commands are proven on this machine, ${count("open")} not yet`;
  return {
    kind: "ahead",
    words: `newer than ${newestProven}, the newest that Octopool was compared with: ${told}`,
    different: shapes.flatMap(([shape, entry]) =>
      standingOf(entry) === "native" ? [`gh ${shape}: ${entry.difference ?? "differs"}`] : [],
    ),
  };
}

function releases(): string {
  const [oldest, first] = provenReleases;
  return `gh ${oldest} and ${first} to ${newestProven}`;
}
