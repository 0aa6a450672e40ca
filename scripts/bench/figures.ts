/** The form of a bench and its results, and the meaning of each figure. */

/** Figures by name; null for one that was not, or cannot be, measured here. */
export type Figures = Readonly<Record<string, number | null>>;

export interface BenchOptions {
  /** Takes progress and explanations. */
  readonly say: (line: string) => void;
  /** Few rounds, without those that take minutes to prepare: for a look, not for a verdict. */
  readonly quick: boolean;
  /** The command line's options for the team's day. */
  readonly team?: Readonly<Record<string, string | boolean | undefined>>;
}

/** The exports of every bench module. */
export interface BenchModule {
  readonly run: (options: BenchOptions) => Promise<Figures>;
}

interface Figure {
  readonly what: string;
  /** The goal: at least, or at most. */
  readonly least?: number;
  readonly most?: number;
}

/** Ratios are of one run: other work of the machine falls on both sides. */
export const figures: Readonly<Record<string, Figure>> = {
  hit_d1: { what: "D1 statements of a hit", most: 1 },
  hit_do: { what: "coordinator calls of a hit", most: 0 },
  miss_d1: { what: "D1 statements of a miss", most: 5 },
  miss_do: { what: "coordinator calls of a miss", most: 2 },
  stampede_calls: { what: "GitHub requests for 1,000 identical reads at once", most: 1 },
  relay_hit_vs_d1: { what: "hits a second, to a route that does one D1 read", least: 0.7 },
  relay_cold_hit_vs_d1: { what: "the same in an isolate that knows neither caller nor entry", least: 0.5 },
  isolate_start_ms: {
    what: "cost of a new isolate: module, Worker, memories and its first read up to D1, ms of CPU",
  },
  relay_miss_vs_d1_do: { what: "misses a second, to a route of D1 and a Durable Object", least: 0.35 },
  relay_growth: { what: "time of a hit with 100,000 entries and a million audit rows, to one with few", most: 1.2 },
  shim_sh_vs_curl: { what: "a warm `gh` through the sh shim, to `curl --version`", most: 1.5 },
  shim_sh_vs_gh: { what: "the same, to `gh --version`", most: 0.4 },
  shim_node_vs_node: { what: "a warm `gh` through Node, to `node -e 0`", most: 1.25 },
  native_overhead: { what: "a native `gh` through the shim, to the real one", most: 1.5 },
  cold_start_vs_node: { what: "a first read that starts the daemon, to `node -e 0`", most: 10 },
  daemon_rps_vs_http: { what: "answers a second of the daemon, to a bare node:http", least: 0.85 },
  engine_p99_ms: { what: "99th percentile of a cached `gh pr view --json` inside the daemon, ms", most: 1 },
  engine_socket_p99_ms: { what: "the same over the socket, ms" },
  team_requests_per_1000: { what: "requests to GitHub for 1,000 reads of a team", most: 1500 },
  team_paid_per_1000: { what: "of them paid from a budget", most: 850 },
  team_paid_pool_per_1000: { what: "of these, from the pool's budget" },
  team_paid_own_per_1000: { what: "of these, from members' own" },
  team_ci_out_of_date: { what: "share of CI answers that are out of date when printed", most: 0.05 },
  team_gate_older_than_own_write: { what: "gate answers older than the asker's own last write", most: 0 },
  team_own_edit_hidden: { what: "answers that hide an own write", most: 0 },
  team_rollup_ms_120: { what: "`pr view --json …statusCheckRollup`, GitHub 120 ms away, ms", most: 200 },
  team_checks_ms_120: { what: "`pr checks`, GitHub 120 ms away, ms", most: 300 },
  team_d1_per_command: { what: "D1 statements of a command", most: 3 },
  team_do_per_command: { what: "coordinator calls of a command", most: 2.5 },
  scale_d1_wait_p99_ms_10_teams: { what: "99th percentile of a statement's wait in a database of ten teams, ms" },
  scale_d1_wait_p99_ms_100_teams: { what: "the same of a hundred, ms" },
  own_warm_vs_gh: { what: "a warm `gh pr list` of a private repository, to the real gh's" },
  own_warm_vs_gh_100ms: { what: "the same, GitHub 100 ms away", most: 0.6 },
  own_paid_per_1000: { what: "requests paid of 1,000 unchanged reads of private repositories", most: 0 },
  via_overhead: { what: "the real gh through the daemon, to plain gh", most: 1.1 },
  push_p99_ms: { what: "from an event's acceptance to the mark on a machine, 99th percentile, ms", most: 200 },
  watch_calls_push: { what: "calls of GitHub by 20 watchers of a run of ten minutes, a change, with events", most: 2 },
  watch_calls_poll: { what: "the same without events" },
  event_d1: { what: "D1 statements of an event", most: 0 },
  event_do: { what: "object calls of an event", most: 1 },
  daemon_rss_idle_mb: { what: "memory of the idle daemon, MB", most: 60 },
  daemon_rss_loaded_mb: { what: "memory after 256 MB of answers, MB", most: 120 },
};

/** `goal ≤ 1, met`; a figure that was not measured has missed nothing. */
export function verdict(name: string, value: number | null): string {
  const { least, most } = figures[name] ?? {};
  if (least === undefined && most === undefined) return "no goal";
  const goal = least === undefined ? `goal ≤ ${most}` : `goal ≥ ${least}`;
  if (value === null) return goal;
  return `${goal}, ${value >= (least ?? -Infinity) && value <= (most ?? Infinity) ? "met" : "MISSED"}`;
}
