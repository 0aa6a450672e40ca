import { defineConfig } from "drizzle-kit";

/**
 * `npm run migrations:pool` writes the changes of schema.ts as a new migration, and all migrations as one module
 * that needs no loader for .sql. Both are checked in.
 */
export default defineConfig({
  dialect: "sqlite",
  driver: "durable-sqlite",
  schema: "./relay-worker/coordinator/schema.ts",
  out: "./relay-worker/coordinator/migrations",
});
