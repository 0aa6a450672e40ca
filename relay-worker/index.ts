/** The relay: a Worker and its Durable Objects. */
import { createWorker } from "./worker.ts";

export { PoolCoordinator } from "./coordinator/coordinator.ts";
export { RepoEvents } from "./marks/repo-events.ts";
export default createWorker();
