/** From GitHub's delivery to the mark on each machine, in real time; and the relay's cost of an event. */
import type { WorldFile } from "../../../test/github-emulator/index.ts";
import type { BenchOptions, Figures } from "../figures.ts";
import { quantile } from "../team/distribution.ts";
import { touch } from "./ears.ts";
import { setPushStage } from "./stage.ts";
import { repositoryOf, worldOf } from "./world.ts";

/** An event in each at once: about as many as one change causes. */
const repositories = Array.from({ length: 5 }, (_, at) => `acme/r${String(at + 1).padStart(2, "0")}`);
const world: WorldFile = worldOf(repositories.map(repositoryOf));

export async function measureMarks({ say, quick }: BenchOptions): Promise<Figures> {
  const stage = await setPushStage({ world, push: true, now: Date.now });
  const { github, relay, ears } = stage;
  try {
    if (ears === undefined) throw new Error("no machine listens");
    const fromSent: number[] = [];
    const fromAccepted: number[] = [];
    await relay.spent(true);
    const rounds = quick ? 40 : 200;
    for (let round = 1; round <= rounds; round += 1) {
      const heard: { repository: string; at: number }[] = [];
      ears.onHeard = (_machine, repository) => heard.push({ repository, at: Date.now() });
      touch(github, repositories, `Round ${round}`, Date.now());
      await Promise.all(repositories.map((repository) => ears.hears(repository, round)));
      await github.engine.hooks.quiet();
      const sent = latest(github.engine.hooks.deliveries);
      for (const { repository, at } of heard) {
        const id = github.world().repositories.get(repository)?.id ?? 0;
        const delivery = sent.get(id);
        if (delivery === undefined) throw new Error(`no delivery of ${repository}`);
        fromSent.push(at - delivery.at);
        fromAccepted.push(at - delivery.at - delivery.took);
      }
    }
    const events = rounds * repositories.length;
    const { d1, object, events: calls } = await relay.spent();
    say(
      `${events} events, ${fromSent.length} marks: half after ${quantile(fromAccepted, 0.5).toFixed(0)} ms, 99 of 100 after ${quantile(fromAccepted, 0.99).toFixed(0)} ms; from when GitHub began to send, ${quantile(fromSent, 0.5).toFixed(0)} and ${quantile(fromSent, 0.99).toFixed(0)} ms`,
    );
    return {
      push_p99_ms: quantile(fromAccepted, 0.99),
      event_d1: d1 / events,
      event_do: (object + calls) / events,
    };
  } finally {
    await stage.close();
  }
}

interface Sent {
  /** When GitHub began to send, ms since the epoch, and how long the relay took to accept it, ms. */
  readonly at: number;
  readonly took: number;
}

type Delivered = Awaited<ReturnType<typeof setPushStage>>["github"]["engine"]["hooks"]["deliveries"];

/** The latest of each repository, by its id. */
function latest(deliveries: Delivered): Map<number, Sent> {
  const sent = new Map<number, Sent>();
  for (const { repository_id, delivered_at, duration, status_code } of deliveries.slice(0, repositories.length)) {
    if (status_code !== 204) throw new Error(`a delivery was answered with ${status_code}`);
    sent.set(repository_id ?? 0, { at: Date.parse(delivered_at), took: duration * 1000 });
  }
  return sent;
}
