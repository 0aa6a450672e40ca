import { defineConfig } from "drizzle-kit";

/** `npm run migrations:pool` writes what schema.ts changed as a new migration, to be checked in. */
export default defineConfig({
  dialect: "sqlite",
  driver: "durable-sqlite",
  schema: "./relay-worker/pool/schema.ts",
  out: "./relay-worker/pool/migrations",
});
