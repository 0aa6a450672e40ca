/** The bench's table. */
import { quantile, shares } from "./distribution.ts";
import type { Lived } from "./live.ts";
import {
  type Ages,
  agesOfOutputs,
  agesOfReads,
  byCause,
  byCommand,
  byKind,
  isWatch,
  type Spending,
  type SummaryRow,
} from "./summary.ts";

type Say = (line: string) => void;

const number = (value: number, digits = 0) => value.toFixed(digits);
const percent = (value: number) => `${number(100 * value, 1)} %`;

export function printSpending(say: Say, rows: readonly (readonly [string, Spending])[]): void {
  say("Requests to GitHub for 1,000 reads, watches apart:");
  say(line(["", "requests", "paid", "pool", "own tokens", "GraphQL points"]));
  for (const [name, { requests, paid, pool, own, points }] of rows) {
    say(line([name, ...[requests, paid, pool, own, points].map((value) => number(value))]));
  }
}

export function printLived(say: Say, lived: Lived): void {
  const { commands, asks, spent } = lived;
  printRows(say, "Why GitHub was asked:", byCause(lived));
  printRows(say, "Requests to GitHub:", byKind(lived));
  say("\nBy command (reads of one that is answered here; of them asked of GitHub; of them paid):");
  say(line(["", "share", "native", "gh", "reads", "asked", "paid", "out of date"]));
  for (const row of byCommand(lived)) {
    const counts = [row.gh, row.reads, row.asked, row.paid].map((value) => number(value, 1));
    say(line([row.tag, percent(row.share), percent(row.native), ...counts, percent(row.outdated)]));
  }
  const reads = commands.flatMap((command) => command.reads);
  say(`\nCommands by their furthest read: ${listed(shares(commands, ({ layer }) => layer))}`);
  say(`Single reads: ${listed(shares(reads, ({ by }) => by))}`);
  const natives = commands.filter(({ outcome }) => outcome === "native");
  say(`Left to gh, by reason: ${listed(shares(natives, ({ reason }) => reason))} of ${natives.length}`);
  printAges(say, lived);
  const a = (count: number) => number(count / commands.length, 2);
  say(
    `\nA command: ${a(asks.length)} relay requests, ${a(spent.d1)} D1 statements and ${a(spent.object)} object calls, audit apart (${a(spent.audit)}).`,
  );
  printWatches(say, lived);
}

function printRows(say: Say, title: string, rows: readonly SummaryRow[]): void {
  say(`\n${title}`);
  say(line(["", "requests", "paid"]));
  for (const { name, requests, paid } of rows) say(line([name, number(requests), number(paid)]));
}

function printAges(say: Say, { commands }: Lived): void {
  const reads = commands.flatMap((command) => command.reads);
  const isCi = (path: string) => /\/actions\/|\/check-|\/status/.test(path);
  say("\nAge against the world (seconds: middle and 99th of 100):");
  say(line(["", "number", "age", "out of date", "late by", "older than own write"]));
  const row = (name: string, ages: Ages) =>
    say(
      line([
        name,
        String(ages.count),
        pair(ages.age),
        percent(ages.outdated),
        pair(ages.late),
        String(ages.olderThanOwnWrite),
      ]),
    );
  row("reads, asked live", agesOfReads(reads.filter(({ gate }) => gate)));
  row("reads, CI", agesOfReads(reads.filter(({ gate, path }) => !gate && isCi(path))));
  row("reads, descriptive", agesOfReads(reads.filter(({ gate, path }) => !gate && !isCi(path))));
  row("printed, gate", agesOfOutputs(commands, "gate"));
  row("printed, CI", agesOfOutputs(commands, "ci"));
  row("printed, descriptive", agesOfOutputs(commands, "descriptive"));
}

function printWatches(say: Say, { commands }: Lived): void {
  const watches = commands.filter((each) => isWatch(each) && each.outcome === "done");
  const late = watches.map(({ ended, read }) => (ended - (read.watchUntil ?? ended)) / 1000);
  if (watches.length > 0)
    say(
      `${watches.length} watches answered; the end was told ${number(quantile(late, 0.5))} s late (${number(Math.max(...late))} at most).`,
    );
}

const pair = ([middle, last]: readonly [number, number]) => `${number(middle, 1)} / ${number(last, 1)}`;
const listed = (list: readonly (readonly [string, number])[]) =>
  list.map(([name, share]) => `${name} ${percent(share)}`).join(", ");

function line([name = "", ...cells]: readonly string[]): string {
  return `${name.padEnd(30)}${cells.map((cell) => cell.padStart(16)).join("")}`;
}
