/** `npx drizzle-kit generate --config relay-worker/db/drizzle.config.ts` after a change of the schema. */
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "sqlite",
  schema: "./relay-worker/db/schema.ts",
  out: "./relay-worker/migrations",
});
