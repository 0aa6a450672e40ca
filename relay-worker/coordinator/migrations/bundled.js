// relay-worker/coordinator/migrations/meta/_journal.json
var journal_default = {
  version: "7",
  dialect: "sqlite",
  entries: [
    {
      idx: 0,
      version: "6",
      when: 1795199418398,
      tag: "0000_init",
      breakpoints: true
    }
  ]
};

// relay-worker/coordinator/migrations/0000_init.sql
var init_default = "CREATE TABLE `budgets` (\n	`owner` text NOT NULL,\n	`bucket` text NOT NULL,\n	`limit` integer NOT NULL,\n	`remaining` integer NOT NULL,\n	`reset` integer NOT NULL,\n	PRIMARY KEY(`owner`, `bucket`)\n);\n--> statement-breakpoint\nCREATE INDEX `budgets_reset` ON `budgets` (`reset`);--> statement-breakpoint\nCREATE TABLE `cooldowns` (\n	`subject` text NOT NULL,\n	`scope` text NOT NULL,\n	`target` text NOT NULL,\n	`until` integer NOT NULL,\n	`cause` text NOT NULL,\n	`strikes` integer NOT NULL,\n	PRIMARY KEY(`subject`, `scope`, `target`)\n);\n--> statement-breakpoint\nCREATE INDEX `cooldowns_until` ON `cooldowns` (`until`);--> statement-breakpoint\nCREATE TABLE `fills` (\n	`ticket` text PRIMARY KEY NOT NULL,\n	`request` text NOT NULL,\n	`started_at` integer NOT NULL,\n	`deadline` integer NOT NULL,\n	`used` text NOT NULL,\n	`hold` text\n);\n--> statement-breakpoint\nCREATE TABLE `leases` (\n	`route_key` text PRIMARY KEY NOT NULL,\n	`identity_id` text NOT NULL,\n	`expires` integer NOT NULL\n);\n--> statement-breakpoint\nCREATE INDEX `leases_expires` ON `leases` (`expires`);";

// relay-worker/coordinator/migrations/migrations.js
var migrations_default = {
  journal: journal_default,
  migrations: {
    m0000: init_default
  }
};
export {
  migrations_default as default
};
