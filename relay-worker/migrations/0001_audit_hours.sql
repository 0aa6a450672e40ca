CREATE TABLE `audit_folds` (
	`id` integer PRIMARY KEY NOT NULL,
	`until` integer NOT NULL,
	`revision` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE `audit_hours` (
	`pool` text NOT NULL,
	`dimension` text NOT NULL,
	`hour` integer NOT NULL,
	`key` text NOT NULL,
	`detail` text NOT NULL,
	`requests` integer NOT NULL,
	`service_errors` integer NOT NULL,
	`local_fallbacks` integer NOT NULL,
	`hits` integer NOT NULL,
	`stale` integer NOT NULL,
	`misses` integer NOT NULL,
	`bypass` integer NOT NULL,
	`revalidated` integer NOT NULL,
	`coalesced` integer NOT NULL,
	`github_calls` integer NOT NULL,
	`spared` integer NOT NULL,
	PRIMARY KEY(`pool`, `dimension`, `hour`, `key`, `detail`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `audit_hours_hour` ON `audit_hours` (`hour`);--> statement-breakpoint
CREATE INDEX `audit_events_failed_pool_at` ON `audit_events` (`pool`,`at`) WHERE status >= 400;--> statement-breakpoint
CREATE INDEX `audit_events_changes_at` ON `audit_events` (`at`) WHERE action not in ('request', 'health', 'stats');--> statement-breakpoint
CREATE INDEX `caller_pools_pool` ON `caller_pools` (`pool`);--> statement-breakpoint
CREATE INDEX `callers_dashboard_role` ON `callers` (`dashboard_role`) WHERE dashboard_role is not null;