/** The team's people, their machines, and their repositories. */

const roles = ["mergebot", "cidash", "reviewer", "triage", "orchestrator", "depbot"] as const;
export type Role = (typeof roles)[number];

export interface Bot {
  readonly login: string;
  readonly role: Role;
}

export interface Cast {
  readonly people: readonly string[];
  readonly bots: readonly Bot[];
  readonly publicRepos: readonly string[];
  readonly privateRepos: readonly string[];
  readonly repos: readonly string[];
  /** How often each repository is worked on: few are busy, many are not. */
  readonly weights: readonly (readonly [string, number])[];
  /** Each person's laptop carries the person and their agent; bots share three hosts. */
  readonly machineOf: (actor: string) => string;
  readonly machines: readonly string[];
}

const two = (number: number) => String(number).padStart(2, "0");
const hosts = 3;

export function castOf(people: number, bots: number): Cast {
  const names = Array.from({ length: people }, (_, at) => `p${two(at + 1)}`);
  const workers = Array.from({ length: bots }, (_, at): Bot => {
    const role = roles[at % roles.length] ?? "mergebot";
    return { role, login: at < roles.length ? role : `${role}-${Math.floor(at / roles.length) + 1}` };
  });
  const hostOf = new Map(workers.map(({ login }, at) => [login, `host${(at % hosts) + 1}`]));
  const publicRepos = Array.from({ length: 12 }, (_, at) => `acme/r${two(at + 1)}`);
  const privateRepos = ["acme/secret-a", "acme/secret-b"];
  const repos = [...publicRepos, ...privateRepos];
  const machineOf = (actor: string) => hostOf.get(actor) ?? `m-${actor}`;
  return {
    people: names,
    bots: workers,
    publicRepos,
    privateRepos,
    repos,
    weights: repos.map((name, at) => [name, privateRepos.includes(name) ? 0.3 : 1 / (at + 1) ** 0.8]),
    machineOf,
    machines: [...new Set([...names, ...hostOf.keys()].map(machineOf))],
  };
}
