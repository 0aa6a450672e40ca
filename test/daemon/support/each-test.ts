/** The two things that most tests of a machine begin with. */
import { afterEach, beforeEach } from "vitest";
import { TestMachine } from "./machine.ts";
import { RelayStandIn } from "./relay.ts";

interface Stage {
  readonly relay: RelayStandIn;
  readonly machine: TestMachine;
}

/** Before each test a relay's stand-in and a machine whose settings lead to it; after it both end. */
export function eachTestHasMachine(take: (stage: Stage) => void): void {
  let stage: Stage | undefined;
  beforeEach(async () => {
    const relay = await RelayStandIn.start();
    stage = { relay, machine: new TestMachine(relay.env) };
    take(stage);
  });
  afterEach(async () => {
    await stage?.machine.stop();
    await stage?.relay.stop();
  });
}
