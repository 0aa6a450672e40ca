/** The two things that most tests of a machine begin with. */
import { afterEach, beforeEach } from "vitest";
import { TestMachine } from "./machine.ts";
import { RelayStandIn } from "./relay.ts";

export interface Stage {
  readonly relay: RelayStandIn;
  readonly machine: TestMachine;
}

/** A relay's stand-in and a machine whose settings lead to it. */
export async function openStage(): Promise<Stage> {
  const relay = await RelayStandIn.start();
  return { relay, machine: new TestMachine(relay.env) };
}

/** Ends both. */
export async function closeStage({ machine, relay }: Stage): Promise<void> {
  await machine.stop();
  await relay.stop();
}

/** Before each test a relay's stand-in and a machine whose settings lead to it; after it both end. */
export function eachTestHasMachine(take: (stage: Stage) => void): void {
  let stage: Stage | undefined;
  beforeEach(async () => {
    stage = await openStage();
    take(stage);
  });
  afterEach(async () => {
    if (stage) await closeStage(stage);
  });
}
