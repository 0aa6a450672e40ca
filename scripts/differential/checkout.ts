import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Pull, Repository, World } from "../../test/github-emulator/index.ts";
import type { CheckoutSettings } from "./cases.ts";
import { run } from "./run.ts";

/** Checkouts of a world's repositories: directories with remotes and a branch, made once for all cases that want the same. */
export class Checkouts {
  readonly #made = new Map<string, Promise<string>>();
  readonly #directory: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #default: CheckoutSettings;

  constructor(directory: string, env: Readonly<Record<string, string>>, world: World) {
    this.#directory = directory;
    this.#env = env;
    this.#default = defaultCheckout(world);
  }

  /** The directory of a checkout; the parts that the settings leave open come from the world. */
  of(settings: CheckoutSettings = {}): Promise<string> {
    const wanted = { ...this.#default, ...(settings.remotes && { tracks: null }), ...settings };
    const key = JSON.stringify(wanted);
    const known = this.#made.get(key);
    if (known) return known;
    const made = this.#make(join(this.#directory, `checkout-${this.#made.size + 1}`), wanted);
    this.#made.set(key, made);
    return made;
  }

  async #make(cwd: string, settings: CheckoutSettings): Promise<string> {
    await mkdir(cwd, { recursive: true });
    const git = async (...args: string[]): Promise<void> => {
      const { exitCode, stderr } = await run("git", args, { cwd, env: this.#env });
      if (exitCode !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
    };
    const branch = settings.branch ?? "main";
    await git("init", "-q", "-b", branch);
    await git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "--allow-empty", "-m", "Start");
    for (const [name, place] of Object.entries(settings.remotes ?? {})) {
      const { host = "github.com" } = settings;
      await git("remote", "add", name, place.includes(":") ? place : `https://${host}/${place}.git`);
    }
    for (const [name, value] of Object.entries(settings.resolved ?? {})) {
      await git("config", `remote.${name}.gh-resolved`, value);
    }
    if (settings.tracks) {
      const [remote = "", ...ref] = settings.tracks.split("/");
      await git("config", `branch.${branch}.remote`, remote);
      const merged = ref.join("/");
      await git("config", `branch.${branch}.merge`, merged.startsWith("refs/") ? merged : `refs/heads/${merged}`);
    }
    if (settings.detached) await git("checkout", "-q", "--detach");
    return cwd;
  }
}

/** A contributor's checkout: their fork as `origin`, the project as `upstream`, on the branch of an open pull request. */
function defaultCheckout(world: World): CheckoutSettings {
  const all = [...world.repositories.values()].filter((repository) => !repository.private);
  const fork = all.find((repository) => repository.parent && all.includes(repository.parent));
  const project = fork?.parent ?? all.find((repository) => repository.threads.size > 0) ?? all[0];
  if (!project) return { remotes: {} };
  const other = fork ?? all.find((repository) => repository !== project);
  const remotes = fork
    ? { origin: fork.full_name, upstream: project.full_name }
    : { origin: project.full_name, ...(other && { other: other.full_name }) };
  const pull = openPull(project);
  if (!pull) return { remotes, branch: project.default_branch };
  const home = pull.head.repository === fork || !fork ? "origin" : "upstream";
  return { remotes, branch: pull.head.ref, tracks: `${home}/${pull.head.ref}` };
}

function openPull(repository: Repository): Pull | undefined {
  return [...repository.threads.values()].find(
    (thread): thread is Pull => thread.kind === "pull" && thread.state === "open" && thread.head.repository !== null,
  );
}
