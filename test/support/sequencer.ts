/** The order in which files of tests begin. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Most of their time passes without work: begun last, they would run alone. */
const waiting = /\/events\/idle\.test\.ts$/;

export class WaitingFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isWaiting = ({ moduleId }: TestSpecification) => waiting.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isWaiting), ...sorted.filter((file) => !isWaiting(file))];
  }
}
