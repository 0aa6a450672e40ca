/** What arrives is not the answer: it is neither printed nor kept. */
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { LabMachine } from "./support/lab-machine.ts";
import { moods } from "./support/moods.ts";
import type { Mood } from "./support/relay-front.ts";
import { type Stage, startStage } from "./support/stage.ts";
import { trial } from "./support/trial.ts";
import { project } from "./support/world.ts";

let stage: Stage;
let machine: LabMachine;

beforeAll(async () => {
  stage = await startStage();
  machine = await stage.machine("laptop");
});
afterAll(() => stage?.close());
beforeEach(() => stage.calm());

const bad: Readonly<Record<string, Mood>> = {
  "a page of a middlebox": moods.other(200, "text/html", "<html>Please log in</html>"),
  "an empty answer": moods.other(200, "application/json", ""),
  "JSON that is no envelope": moods.other(200, "application/json", '{"status":200,"body":[]}'),
};

let issue = 0;
for (const [name, mood] of Object.entries(bad)) {
  const path = `repos/${project}/issues/${++issue}`;
  trial("a wrong answer", `${name} instead of the relay's`, async (tries) => {
    stage.front.be(mood);
    const expected = await machine.real(["api", path]);
    tries.compare("while it lasts", await machine.gh(["api", path]), expected, { secrets: stage.secrets });
    stage.front.reset();
    tries.compare("afterwards", await machine.gh(["api", path]), expected, { secrets: stage.secrets });
  });
}
