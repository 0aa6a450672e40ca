/** The relay: a Worker and its Durable Object. */
import { createWorker } from "./worker.ts";

export { PoolCoordinator } from "./coordinator/coordinator.ts";
export default createWorker();
