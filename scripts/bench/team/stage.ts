/** One day, lived: the emulated GitHub, the relay, the machines, and the clock that all of them follow. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answerCall } from "../../../daemon/answer-call.ts";
import type { Invocation } from "../../../daemon/gh/engine.ts";
import { type GitHub, startGitHub } from "../../../test/github-emulator/index.ts";
import { CallLog } from "./calls.ts";
import { Clock } from "./clock.ts";
import { directAsk } from "./direct.ts";
import { shares } from "./distribution.ts";
import { actorOf, Machines } from "./machines.ts";
import { Observer, textOf } from "./observer.ts";
import type { AskRecord, CommandRecord } from "./records.ts";
import { appKeys, fillPool, startTeamRelay, type TeamRelay } from "./relay.ts";
import { type Change, type Moment, type TeamRead, type Trace, traceStart } from "./trace-types.ts";
import { Truth } from "./truth.ts";
import { WorldChanges } from "./world-changes.ts";

/** How answers reach the machines. */
export type Mode = "octopool" | "no daemon" | "etags";

/** Share of commands left to gh from which on something must be broken. */
const mostNatives = 0.5;

interface Timer {
  readonly t: Moment;
  readonly resolve: () => void;
}

interface Parts {
  readonly github: GitHub;
  readonly relay: TeamRelay | undefined;
  readonly directory: string;
}

export class TeamStage {
  readonly github: GitHub;
  readonly relay: TeamRelay | undefined;
  readonly log: CallLog;
  readonly commands: CommandRecord[] = [];
  readonly asks: AskRecord[] = [];
  readonly problems: string[] = [];
  /** Faults of the daemons or of the bench itself: figures from such a day are invalid. */
  readonly #defects: string[] = [];
  readonly timers: Timer[] = [];
  readonly directory: string;
  readonly clock: Clock;
  readonly #truth: Truth;
  readonly #changes: WorldChanges;
  readonly #observer: Observer;
  readonly #gates = new Set<string>();
  #machines: Machines | undefined;
  #active = 0;
  #idle = Promise.withResolvers<void>();

  private constructor(trace: Trace, clock: Clock, { github, relay, directory }: Parts) {
    this.clock = clock;
    this.github = github;
    this.relay = relay;
    this.directory = directory;
    this.log = new CallLog(clock.moment);
    const engine = github.engine;
    engine.handle = this.log.counting(engine.handle.bind(engine));
    this.#truth = new Truth(github.world(), clock.now, traceStart);
    this.#changes = new WorldChanges(github, clock.now, trace);
    this.#observer = new Observer({
      truth: this.#truth,
      now: clock.now,
      begun: traceStart,
      lastWrite: (machine, repo) => this.machines.lastWrite(machine, repo),
      sleep: (milliseconds) => this.#sleep(milliseconds),
      onGate: (path, query) => this.#gates.add(path + query),
    });
  }

  get machines(): Machines {
    if (this.#machines === undefined) throw new Error("the machines are not there yet");
    return this.#machines;
  }

  static async set(trace: Trace, mode: Mode, bindings: Readonly<Record<string, string>> = {}): Promise<TeamStage> {
    const clock = new Clock();
    const directory = mkdtempSync(join(tmpdir(), "octopool-team-"));
    const socket = join(directory, "github.sock");
    const github = await startGitHub({ world: trace.world, port: 0, socket, now: clock.now, appKeys });
    // gh's own settings, by which the members' own tokens reach this GitHub.
    writeFileSync(join(directory, "config.yml"), `http_unix_socket: ${socket}\n`);
    const relay = mode === "etags" ? undefined : await startTeamRelay(github.url, bindings);
    await relay?.clock(traceStart);
    if (relay) await fillPool(relay.operator);
    const stage = new TeamStage(trace, clock, { github, relay, directory });
    const people = trace.actors.filter((actor) => trace.machines.includes(`m-${actor}`));
    stage.#machines = await Machines.start({
      names: trace.machines,
      actorOf: (machine) => actorOf({ people }, machine),
      operator: relay?.operator,
      directory: stage.directory,
      now: clock.now,
      engine: stage.#observer.engine,
      capacity: mode === "octopool" ? undefined : 1,
      ...(mode === "etags" && { direct: (machine) => directAsk(github, actorOf({ people }, machine), clock.now) }),
      onAsk: (ask) => stage.#asked(ask),
      onDefect: (what) => stage.#defects.push(what),
    });
    return stage;
  }

  async close(): Promise<void> {
    await this.machines.close();
    await this.relay?.close();
    await this.github.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async apply(change: Change): Promise<void> {
    await this.#changes.apply(change);
    this.problems.push(...this.#changes.problems.splice(0));
    if (change.kind !== "fetch") await this.#truth.changed(change);
    const { machine } = change;
    if (machine !== undefined) this.machines.wrote(machine, change, this.clock.moment());
  }

  /** Everything that falls into this moment, until nothing of it moves any more. */
  async moment(reads: readonly TeamRead[], due: readonly Timer[]): Promise<void> {
    await this.relay?.clock(this.clock.now());
    this.#gates.clear();
    for (const timer of due) {
      this.timers.splice(this.timers.indexOf(timer), 1);
      this.#enter();
      timer.resolve();
    }
    for (const read of reads) void this.run(read);
    if (this.#active > 0) await this.#idle.promise;
    // The relay's work after its answers belongs to this moment.
    for (let look = 0; look < 50 && this.relay && (await this.relay.clock(this.clock.now())) > 0; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /**
   * The day was lived as it was meant to be.
   *
   * @throws Error when a command ended in a mistake, or most were left to gh
   */
  verify(): void {
    const [first] = this.#defects;
    if (first !== undefined) throw new Error(`${this.#defects.length} commands met a mistake; the first: ${first}`);
    const natives = this.commands.filter(({ outcome }) => outcome === "native");
    if (natives.length < this.commands.length * mostNatives) return;
    const [reason] = shares(natives, ({ reason }) => reason);
    throw new Error(`gh was left ${natives.length} of ${this.commands.length} commands, most for: ${reason?.[0]}`);
  }

  /** Types one command, and compares the output with the truth. */
  async run(read: TeamRead): Promise<CommandRecord> {
    this.#enter();
    const record: CommandRecord = {
      read,
      outcome: "failed",
      reason: "",
      layer: "local",
      reads: [],
      polls: 0,
      outdated: false,
      late: 0,
      hidesOwnWrite: false,
      ended: 0,
    };
    this.commands.push(record);
    try {
      this.machines.lookAt(read.machine, read.repo);
      await this.#answer(record);
    } catch (error) {
      this.#defects.push(
        `${read.args.join(" ")}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    } finally {
      this.#leave();
    }
    return record;
  }

  async #answer(record: CommandRecord): Promise<void> {
    const { read } = record;
    const invocation = this.#invocation(read.args);
    this.#observer.watch(invocation, record);
    const outcome = await answerCall(this.machines.of(read.machine), {
      invocation,
      githubTokens: { GH_TOKEN: `token-${read.actor}` },
      signal: new AbortController().signal,
      emit: () => undefined,
    });
    record.outcome = outcome.kind;
    record.ended = this.clock.moment();
    if (outcome.kind === "native") {
      record.layer = "native";
      record.reason = outcome.reason;
      return;
    }
    const layers = new Set(record.reads.map(({ by }) => by));
    record.layer = layers.has("github") ? "github" : layers.has("relay") ? "relay" : "local";
    const isDoubtful = record.reads.some(({ outdated }) => outdated) || read.field !== "descriptive";
    if (this.clock.virtual === undefined || read.tag === "run-watch" || !isDoubtful) return;
    record.outdated = (await this.#observer.truly(invocation)) !== textOf(outcome.stdout);
    if (!record.outdated) return;
    record.late = Math.max(0, ...record.reads.map(({ late }) => late));
    record.hidesOwnWrite = record.reads.some(({ olderThanOwnWrite }) => olderThanOwnWrite);
  }

  /** Milliseconds that a command takes, without observers. */
  async time(machine: string, args: readonly string[]): Promise<number> {
    const invocation = this.#invocation(args);
    const signal = new AbortController().signal;
    const begun = performance.now();
    const outcome = await answerCall(this.machines.of(machine), { invocation, signal, emit: () => undefined });
    const took = performance.now() - begun;
    if (outcome.kind === "native") throw new Error(`${args.join(" ")} was left to gh: ${outcome.reason}`);
    return took;
  }

  #invocation(args: readonly string[]): Invocation {
    const env = { GH_CONFIG_DIR: this.directory };
    return { args, cwd: this.directory, env, tty: { stdin: false, stdout: false, stderr: false } };
  }

  #asked(ask: Omit<AskRecord, "t" | "cache">): AskRecord {
    const gate = this.#gates.has(ask.path + ask.query);
    const record: AskRecord = { ...ask, gate, t: this.clock.moment(), cache: "" };
    this.asks.push(record);
    return record;
  }

  async #sleep(milliseconds: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.timers.push({ t: this.clock.moment() + milliseconds, resolve });
    this.#leave();
    await promise;
  }

  #enter(): void {
    if (this.#active === 0) this.#idle = Promise.withResolvers<void>();
    this.#active += 1;
  }

  #leave(): void {
    this.#active -= 1;
    if (this.#active === 0) this.#idle.resolve();
  }
}
