CREATE TABLE `budgets` (
	`owner` text NOT NULL,
	`bucket` text NOT NULL,
	`limit` integer NOT NULL,
	`remaining` integer NOT NULL,
	`reset` integer NOT NULL,
	PRIMARY KEY(`owner`, `bucket`)
);
--> statement-breakpoint
CREATE INDEX `budgets_reset` ON `budgets` (`reset`);--> statement-breakpoint
CREATE TABLE `cooldowns` (
	`subject` text NOT NULL,
	`scope` text NOT NULL,
	`target` text NOT NULL,
	`until` integer NOT NULL,
	`cause` text NOT NULL,
	`strikes` integer NOT NULL,
	PRIMARY KEY(`subject`, `scope`, `target`)
);
--> statement-breakpoint
CREATE INDEX `cooldowns_until` ON `cooldowns` (`until`);--> statement-breakpoint
CREATE TABLE `fills` (
	`ticket` text PRIMARY KEY NOT NULL,
	`request` text NOT NULL,
	`started_at` integer NOT NULL,
	`deadline` integer NOT NULL,
	`used` text NOT NULL,
	`hold` text
);
--> statement-breakpoint
CREATE TABLE `leases` (
	`route_key` text PRIMARY KEY NOT NULL,
	`identity_id` text NOT NULL,
	`expires` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `leases_expires` ON `leases` (`expires`);