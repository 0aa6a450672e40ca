/** Finds the host that a command asks, by gh's own rules (go-gh's pkg/auth): one for the whole command. */
import { githubCom, type Host, isGitHubCom, isTenant } from "../../hosts.ts";
import { NativeRequired } from "../../reader.ts";
import type { GhRelease } from "../versions.ts";

interface HostsOptions {
  readonly env: Readonly<Record<string, string>>;
  /** The hosts that gh's hosts.yml names; undefined where it is written in a way that is not understood. */
  readonly named: () => readonly string[] | undefined;
  readonly gh: () => GhRelease;
  /**
   * Why the real gh must run this command where the host is a GitHub Enterprise Server; undefined where the engine is
   * exact there.
   */
  readonly serverReason: string | undefined;
}

/** The host of commands that name none, and the setting that chose it. */
interface DefaultHost {
  readonly name: string;
  readonly source: "GH_HOST" | "hosts" | "default";
}

/** In any letter case. */
const known = (name: string) => (/^github\.com$/i.test(name) ? githubCom.name : name);

/** gh puts other names into addresses as they were written. */
const plainName = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;
/** Names that gh reads in ways of their own. */
const special = /(^|\.)(?:github\.com|ghe\.com|github\.localhost)$/;

export class Hosts {
  readonly #options: HostsOptions;
  #chosen: Host | undefined;
  #asked = false;

  constructor(options: HostsOptions) {
    this.#options = options;
  }

  /** The host of a repository without one, of `gh api` and of searches. */
  get default(): DefaultHost {
    const { GH_HOST = "" } = this.#options.env;
    if (GH_HOST !== "") return { name: known(GH_HOST), source: "GH_HOST" };
    const [first, ...others] = this.#named();
    return first === undefined || others.length > 0
      ? { name: githubCom.name, source: "default" }
      : { name: first, source: "hosts" };
  }

  /** Whether gh counts a remote there as one of GitHub's. */
  isKnown(name: string): boolean {
    return name === githubCom.name || name === this.default.name || this.#named().includes(name);
  }

  /** Reads ask there from now on. Throws NativeRequired where gh would act differently. */
  use(written: string): void {
    const name = known(written);
    if (this.#chosen?.name === name) return;
    const host = this.#hostOf(name);
    if (this.#asked) throw new NativeRequired("repositories of several hosts");
    this.#chosen = host;
  }

  /** The host that is asked. */
  get current(): Host {
    if (this.#chosen === undefined) this.use(this.default.name);
    return this.#chosen ?? githubCom;
  }

  /** The host of a read, which binds the command to it. */
  get asked(): Host {
    const host = this.current;
    this.#asked = true;
    return host;
  }

  #hostOf(name: string): Host {
    if (name === githubCom.name) return githubCom;
    const { gh, serverReason } = this.#options;
    if (!plainName.test(name) || (special.test(name) && !isTenant(name)) || isGitHubCom(name)) {
      throw new NativeRequired("a host of an unusual name");
    }
    // A name in an argument alone sends no token anywhere.
    if (!this.isKnown(name)) throw new NativeRequired("a host that gh's settings do not name");
    const server = !isTenant(name) || !gh().has("tenants");
    if (server && serverReason !== undefined) throw new NativeRequired(serverReason);
    return { name, server };
  }

  #named(): readonly string[] {
    const named = this.#options.named();
    if (named === undefined) throw new NativeRequired("gh's hosts.yml is written in a way that is not understood");
    return named;
  }
}
