/** The parts of a demo: a GitHub, the pool's identity, the caller, and the reads to show. */
import type { PoolIdentity } from "./pool.ts";

export interface DemoRead {
  /** Without `gh` itself. */
  readonly args: readonly string[];
  /** The bytes that gh prints, from GitHub's own answers. Asked after all has been measured. */
  readonly expected: () => Promise<string>;
}

/** A command that is nothing for the relay. */
interface NativeCommand {
  readonly what: string;
  readonly args: readonly string[];
  /** A read whose answer the command changes. */
  readonly seenBy?: DemoRead;
  /** A read: unchanged, it is answered again at no cost. */
  readonly free?: true;
}

/** A pull request that a user merges while a machine watches it. */
export interface WatchedPull {
  readonly repository: string;
  readonly pull: number;
  /** From now on GitHub tells this relay of changes. */
  readonly tell: (relay: string) => void;
  /** Resolves once GitHub has answered the next read of the pull request. */
  readonly looked: () => Promise<void>;
  /** Another user merges it. */
  readonly merge: () => Promise<void>;
}

export interface Scenario {
  readonly title: string;
  /** Origin of GitHub's API as the relay reaches it. */
  readonly githubApi: string;
  readonly githubWeb: string;
  /** The calls GitHub itself has counted so far; undefined where it does not tell. */
  readonly calls?: () => readonly { readonly status: number; readonly conditional: boolean }[];
  /** Puts this GitHub so many milliseconds away from now on; absent where it is the real one, or recorded. */
  readonly putAway?: (milliseconds: number) => void;
  /** Vars and secrets of the relay. */
  readonly bindings: Readonly<Record<string, string>>;
  readonly identities: readonly PoolIdentity[];
  /** The token that logs in by the exchange; without one the operator makes the caller. */
  readonly loginToken?: string;
  readonly reads: readonly DemoRead[];
  readonly natives: readonly NativeCommand[];
  /** Absent where nothing can be merged. */
  readonly watched?: WatchedPull;
  /** The environment with which the real gh asks this GitHub. */
  readonly ghEnvironment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** GitHub's answer as it is, for the expected output of a read. */
export async function githubText(origin: string, path: string, token: string): Promise<string> {
  const response = await fetch(`${origin}/${path}`, {
    headers: { authorization: `token ${token}`, accept: "application/vnd.github+json", "user-agent": "octopool-demo" },
  });
  if (!response.ok) throw new Error(`GET /${path} answered ${response.status}`);
  return response.text();
}
