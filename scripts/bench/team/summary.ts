/** The sums of a simulated day: requests, budgets, layers, ages. All per 1,000 reads unless said otherwise. */
import { classify } from "../../../shared/routes/index.ts";
import type { GitHubCall } from "./calls.ts";
import { causesOf } from "./causes.ts";
import { quantile } from "./distribution.ts";
import { ghCost, ghRequests } from "./gh-costs.ts";
import type { Lived } from "./live.ts";
import type { CommandRecord, ReadRecord } from "./records.ts";
import type { Field, TeamRead } from "./trace-types.ts";

export interface Spending {
  readonly requests: number;
  readonly paid: number;
  /** Parts of {@link paid}: the pool's budget, and members' own tokens. */
  readonly pool: number;
  readonly own: number;
  /** GraphQL points, all of own tokens; a part of {@link own}. */
  readonly points: number;
}

export interface Ages {
  readonly count: number;
  /** Seconds: the middle one, and the 99th of 100. */
  readonly age: readonly [number, number];
  /** Share of 1. */
  readonly outdated: number;
  readonly late: readonly [number, number];
  readonly olderThanOwnWrite: number;
}

/** Watches are charged apart: one of gh's is a hundred requests, and would drown the rest. */
export const isWatch = ({ read }: CommandRecord): boolean => read.watchUntil !== undefined;

export function spendingOf({ commands, calls }: Lived): Spending {
  const per = (count: number) => (count / commands.length) * 1000;
  const natives = sum(
    commands.filter((each) => each.outcome === "native" && !isWatch(each)).map(({ read }) => ghRequests(read)),
  );
  const paid = calls.filter((call) => call.paid);
  const own = paid.filter(({ pooled }) => !pooled).length + natives;
  const points = sum(
    commands.filter((each) => each.outcome === "native" && !isWatch(each)).map(({ read }) => graphqlOf(read)),
  );
  return {
    requests: per(calls.length + natives),
    paid: per(paid.length + natives),
    pool: per(paid.filter(({ pooled }) => pooled).length),
    own: per(own),
    points: per(points),
  };
}

const graphqlOf = (read: TeamRead) => ghCost(read).points;

/** The real gh alone: each request costs. */
export function plainGh(commands: readonly CommandRecord[]): Spending {
  const counted = commands.filter((each) => !isWatch(each));
  const requests = (sum(counted.map(({ read }) => ghRequests(read))) / commands.length) * 1000;
  const points = (sum(counted.map(({ read }) => graphqlOf(read))) / commands.length) * 1000;
  return { requests, paid: requests, pool: 0, own: requests, points };
}

/** The real gh, with a validator kept for each of its REST reads; GraphQL has none. `lived` asked GitHub itself. */
export function ghWithEtags({ commands, calls }: Lived): Spending {
  const at = Map.groupBy(calls, ({ t, path, query }) => `${t} ${path}${query}`);
  const counted = commands.filter((each) => !isWatch(each));
  let requests = 0;
  let paid = 0;
  for (const command of counted) {
    const cost = ghCost(command.read);
    if (cost.graphql > 0 || command.outcome !== "done") {
      requests += cost.rest + cost.graphql;
      paid += cost.rest + cost.graphql;
      continue;
    }
    requests += command.reads.length;
    paid += command.reads.filter(({ t, path, query }) =>
      at.get(`${t} ${path}${query}`)?.some((call) => call.paid),
    ).length;
  }
  const per = (count: number) => (count / commands.length) * 1000;
  const points = per(sum(counted.map(({ read }) => graphqlOf(read))));
  return { requests: per(requests), paid: per(paid), pool: 0, own: per(paid), points };
}

export function agesOfReads(reads: readonly ReadRecord[]): Ages {
  const late = reads.filter(({ outdated }) => outdated).map((read) => read.late / 1000);
  const ages = reads.map(({ age }) => age / 1000);
  return {
    count: reads.length,
    age: [quantile(ages, 0.5), quantile(ages, 0.99)],
    outdated: reads.length === 0 ? 0 : late.length / reads.length,
    late: [quantile(late, 0.5), quantile(late, 0.99)],
    olderThanOwnWrite: reads.filter(({ olderThanOwnWrite }) => olderThanOwnWrite).length,
  };
}

/** Of the output: would gh print something else? */
export function agesOfOutputs(commands: readonly CommandRecord[], field: Field): Ages {
  const printed = commands.filter((each) => each.outcome === "done" && !isWatch(each) && each.read.field === field);
  const old = printed.filter(({ outdated }) => outdated);
  const late = old.map((each) => each.late / 1000);
  const ages = printed.map(({ reads }) => Math.max(0, ...reads.map(({ age }) => age / 1000)));
  return {
    count: printed.length,
    age: [quantile(ages, 0.5), quantile(ages, 0.99)],
    outdated: printed.length === 0 ? 0 : old.length / printed.length,
    late: [quantile(late, 0.5), quantile(late, 0.99)],
    olderThanOwnWrite: old.filter(({ hidesOwnWrite }) => hidesOwnWrite).length,
  };
}

export interface SummaryRow {
  readonly name: string;
  readonly requests: number;
  readonly paid: number;
}

/** Why GitHub was asked. */
export function byCause({ commands, calls, asks }: Lived): readonly SummaryRow[] {
  const groups = Map.groupBy(causesOf(calls, asks), ({ cause }) => cause);
  const rows = [...groups].map(([name, list]) => rowOf(name, list, commands.length));
  return rows.toSorted((a, b) => b.requests - a.requests);
}

/** The requests to GitHub by kind, and the budgets that paid them. */
export function byKind({ commands, calls }: Lived): readonly SummaryRow[] {
  const groups = Map.groupBy(calls, ({ path, query, pooled }) => {
    const kind = classify(path, Object.fromEntries(new URLSearchParams(query)))?.route.kind ?? path.split("/")[1];
    return `${kind}${pooled ? "" : ", own token"}`;
  });
  const rows = [...groups].map(([name, list]) => rowOf(name, list, commands.length));
  return rows.toSorted((a, b) => b.paid - a.paid);
}

function rowOf(name: string, calls: readonly GitHubCall[], commands: number): SummaryRow {
  const per = (count: number) => (count / commands) * 1000;
  return { name, requests: per(calls.length), paid: per(calls.filter(({ paid }) => paid).length) };
}

interface CommandRow {
  readonly tag: string;
  /** Share of all commands, of 1. */
  readonly share: number;
  /** Share that was left to the real gh. */
  readonly native: number;
  /** Requests of the real gh. */
  readonly gh: number;
  /** Of an answered one: reads, those that GitHub answered, those that cost budget. */
  readonly reads: number;
  readonly asked: number;
  readonly paid: number;
  readonly outdated: number;
}

export function byCommand({ commands, calls }: Lived): readonly CommandRow[] {
  const paidAt = new Set(
    calls.filter(({ paid }) => paid).map(({ t, path, query }) => `${t} ${path}${query}`.toLowerCase()),
  );
  const groups = [...Map.groupBy(commands, ({ read }) => read.tag)];
  const rows = groups.map(([tag, list]): CommandRow => {
    const done = list.filter(({ outcome }) => outcome === "done");
    const asked = done.flatMap(({ reads }) => reads.filter(({ by }) => by === "github"));
    const paid = asked.filter(({ t, path, query }) => paidAt.has(`${t} ${path}${query}`.toLowerCase()));
    const each = (count: number) => (done.length === 0 ? 0 : count / done.length);
    return {
      tag,
      share: list.length / commands.length,
      native: 1 - done.length / list.length,
      gh: sum(list.map(({ read }) => ghRequests(read))) / list.length,
      reads: each(sum(done.map(({ reads }) => reads.length))),
      asked: each(asked.length),
      paid: each(paid.length),
      outdated: each(done.filter(({ outdated }) => outdated).length),
    };
  });
  return rows.toSorted((a, b) => b.share - a.share);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
