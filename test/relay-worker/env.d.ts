import type { D1Migration } from "cloudflare:test";
import type { Env as RelayEnv } from "../../relay-worker/env.ts";

declare global {
  namespace Cloudflare {
    interface Env extends RelayEnv {
      readonly EVENTS: NonNullable<RelayEnv["EVENTS"]>;
      readonly TEST_MIGRATIONS: D1Migration[];
      /** Bound to the relay as `LOGS` where a test wants it. */
      readonly TEST_LOGS: R2Bucket;
      readonly TEST_RECORDED: string;
      /** docs/operations.md. */
      readonly TEST_OPERATIONS_PAGE: string;
      /** docs/relay.md. */
      readonly TEST_RELAY_PAGE: string;
    }
  }
}
