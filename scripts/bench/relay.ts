/**
 * The cost of a read at the relay, as ratios against reference routes in the same workerd, rounds interleaved so that
 * other work of the machine falls on both sides.
 */
import type { BenchModule, BenchOptions, Figures } from "./figures.ts";
import { type Load, median, ratioOf, throughput } from "./relay-load.ts";
import { type BenchRelay, bundle, type Client, startBenchRelay } from "./relay-runtime.ts";
import { measureStart } from "./relay-start.ts";

const roundsOf = ({ quick }: BenchOptions) => (quick ? 2 : 7);
const roundMs = 1500;
const hitPath = "/repos/acme/widgets/pulls/7";

const read = (path: string, pool = "maintainers") => JSON.stringify({ pool, method: "GET", path });

export const run: BenchModule["run"] = async (options) => {
  const { say, quick } = options;
  const script = await bundle();
  say("starting the relay and its references in one workerd");
  const relay = await startBenchRelay(script, { entries: 1000, auditRows: 1000 });
  const figures: Record<string, number | null> = {};
  try {
    Object.assign(figures, await measureIsolate(options));
    Object.assign(figures, await measureCosts(relay));
    Object.assign(figures, await measureStampede(relay));
    Object.assign(figures, await measureThroughput(relay, options));
    Object.assign(figures, quick ? { relay_growth: null } : await measureGrowth(relay, script, options));
  } finally {
    await relay.close();
  }
  return figures;
};

async function measureIsolate({ say, quick }: BenchOptions): Promise<Figures> {
  const { module, first } = await measureStart(quick ? 3 : 9);
  say(
    `an isolate: ${module.toFixed(0)} ms of the processor for its module, ${first.toFixed(0)} ms up to its first D1 read`,
  );
  return { isolate_start_ms: module + first };
}

/** Statements and calls of one hit and of one miss, counted at the bindings. */
async function measureCosts({ client }: BenchRelay): Promise<Figures> {
  const counted = (path: string) =>
    client.json<{ d1: number; do: number; cache: string }>("/bench/counted", read(path));
  await client.json("/v1/github/request", read("/repos/acme/widgets"));
  const miss = await counted("/repos/acme/widgets/pulls/1");
  const hit = await counted("/repos/acme/widgets/pulls/1");
  const cold = await counted("/repos/acme/gadgets/pulls/1");
  if (miss.cache !== "miss" || hit.cache !== "hit" || cold.cache !== "miss")
    throw new Error("the reads had wrong answers");
  return { hit_d1: hit.d1, hit_do: hit.do, miss_d1: Math.max(miss.d1, cold.d1), miss_do: Math.max(miss.do, cold.do) };
}

/** 1,000 identical reads at once, from four machines. */
async function measureStampede({ client, clients }: BenchRelay): Promise<Figures> {
  const calls = async () => (await client.json<{ calls: number }>("/bench/github")).calls;
  const before = await calls();
  const body = read("/repos/acme/widgets/issues/1");
  const all = Array.from({ length: 1000 }, (_, at) =>
    (clients[at % clients.length] ?? client).json<{ status: number }>("/v1/github/request", body),
  );
  const answers = await Promise.all(all);
  const wrong = answers.filter(({ status }) => status !== 200).length;
  if (wrong > 0) throw new Error(`${wrong} of 1,000 concurrent readers got no answer`);
  return { stampede_calls: (await calls()) - before };
}

async function measureThroughput({ client, stranger }: BenchRelay, options: BenchOptions): Promise<Figures> {
  const { say } = options;
  const rounds = roundsOf(options);
  await client.json("/v1/github/request", read(hitPath));
  let number = 1000;
  const loads = {
    d1: { path: "/bench/d1" },
    hit: { path: "/v1/github/request", body: () => read(hitPath) },
    coldHit: { path: "/v1/github/request", body: () => read(hitPath), client: stranger },
    d1do: { path: "/bench/d1-do" },
    miss: { path: "/v1/github/request", body: () => read(`/repos/acme/widgets/pulls/${++number}`) },
  } satisfies Record<string, Load>;
  const rates: Record<keyof typeof loads, number[]> = { d1: [], hit: [], coldHit: [], d1do: [], miss: [] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of ["d1", "hit", "coldHit", "d1do", "miss"] as const) {
      const rate = await throughput(client, loads[name], round === 0 ? 500 : roundMs);
      if (round > 0) rates[name].push(rate);
    }
    if (round > 0)
      say(
        `round ${round} of ${rounds}: ${Object.entries(rates)
          .map(([name, seen]) => `${name} ${Math.round(seen.at(-1) ?? 0)}/s`)
          .join(", ")}`,
      );
  }
  return {
    relay_hit_vs_d1: ratioOf(rates.hit, rates.d1),
    relay_cold_hit_vs_d1: ratioOf(rates.coldHit, rates.d1),
    relay_miss_vs_d1_do: ratioOf(rates.miss, rates.d1do),
  };
}

/** A hit through D1 with much in the tables ÷ one with little; memory would hide the difference. */
async function measureGrowth(small: BenchRelay, script: string, options: BenchOptions): Promise<Figures> {
  const { say } = options;
  const rounds = roundsOf(options);
  say("filling a second relay with 100,000 entries and 1,000,000 audit rows");
  const big = await startBenchRelay(script, { entries: 100_000, auditRows: 1_000_000 });
  try {
    await big.client.json("/v1/github/request", read(hitPath));
    const load: Load = { path: "/v1/github/request", body: () => read(hitPath) };
    const costs: { small: number[]; big: number[] } = { small: [], big: [] };
    const cost = async (client: Client) => 1 / (await throughput(client, load, roundMs));
    for (let round = 0; round <= rounds; round += 1) {
      const [first, second] = [await cost(small.stranger), await cost(big.stranger)];
      if (round === 0) continue;
      costs.small.push(first);
      costs.big.push(second);
    }
    say(
      `a hit through D1: ${(median(costs.small) * 1e6).toFixed(0)} µs with little, ${(median(costs.big) * 1e6).toFixed(0)} µs with much`,
    );
    return { relay_growth: ratioOf(costs.big, costs.small) };
  } finally {
    await big.close();
  }
}
