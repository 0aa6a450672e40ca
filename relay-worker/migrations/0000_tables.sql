CREATE TABLE `audit_events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`action` text NOT NULL,
	`request_id` text NOT NULL,
	`pool` text,
	`caller_id` text,
	`client_name` text,
	`route_kind` text,
	`target` text,
	`identity_id` text,
	`status` integer NOT NULL,
	`error_code` text,
	`fallback_reason` text,
	`backend` text,
	`cache` text,
	`coalesced` integer DEFAULT false NOT NULL,
	`github_calls` integer DEFAULT 0 NOT NULL,
	`duration_ms` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_events_at` ON `audit_events` (`at`);--> statement-breakpoint
CREATE INDEX `audit_events_pool_at` ON `audit_events` (`pool`,`at`);--> statement-breakpoint
CREATE INDEX `audit_events_pool_client_at` ON `audit_events` (`pool`,`client_name`,`at`);--> statement-breakpoint
CREATE INDEX `audit_events_action_at` ON `audit_events` (`action`,`at`);--> statement-breakpoint
CREATE TABLE `caller_pools` (
	`caller_id` text NOT NULL,
	`pool` text NOT NULL,
	PRIMARY KEY(`caller_id`, `pool`),
	FOREIGN KEY (`caller_id`) REFERENCES `callers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `caller_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`caller_id` text NOT NULL,
	`client_name` text NOT NULL,
	`created_at` integer NOT NULL,
	`last_used_at` integer NOT NULL,
	FOREIGN KEY (`caller_id`) REFERENCES `callers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `caller_tokens_id` ON `caller_tokens` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `caller_tokens_client` ON `caller_tokens` (`caller_id`,`client_name`);--> statement-breakpoint
CREATE TABLE `callers` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`github_login` text NOT NULL,
	`github_user_id` integer,
	`org_login` text NOT NULL,
	`verified_at` integer NOT NULL,
	`dashboard_role` text,
	`disabled_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `callers_github_user_id` ON `callers` (`github_user_id`);--> statement-breakpoint
CREATE INDEX `callers_github_login` ON `callers` (`github_login`);--> statement-breakpoint
CREATE TABLE `github_cache_entries` (
	`key` text PRIMARY KEY NOT NULL,
	`pool` text NOT NULL,
	`route_kind` text NOT NULL,
	`repo` text NOT NULL,
	`status` integer NOT NULL,
	`headers` text NOT NULL,
	`encoding` text NOT NULL,
	`body` text,
	`bytes` integer NOT NULL,
	`reduced` integer NOT NULL,
	`etag` text,
	`identity_id` text,
	`identity_kind` text,
	`backend` text NOT NULL,
	`created_at` integer NOT NULL,
	`proven_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`stale_until` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `github_cache_entries_stale_until` ON `github_cache_entries` (`stale_until`);--> statement-breakpoint
CREATE INDEX `github_cache_entries_pool_repo` ON `github_cache_entries` (`pool`,`repo`,`bytes`);--> statement-breakpoint
CREATE INDEX `github_cache_entries_pool_route` ON `github_cache_entries` (`pool`,`route_kind`);--> statement-breakpoint
CREATE TABLE `github_public_repos` (
	`repo` text PRIMARY KEY NOT NULL,
	`verdict` text NOT NULL,
	`checked_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`etag` text,
	`identity_id` text
);
--> statement-breakpoint
CREATE INDEX `github_public_repos_expires_at` ON `github_public_repos` (`expires_at`);--> statement-breakpoint
CREATE TABLE `identities` (
	`id` text PRIMARY KEY NOT NULL,
	`pool` text NOT NULL,
	`kind` text NOT NULL,
	`login` text NOT NULL,
	`secret_ref` text NOT NULL,
	`installation_id` integer,
	`weight` real DEFAULT 1 NOT NULL,
	`disabled_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `identities_pool` ON `identities` (`pool`);--> statement-breakpoint
CREATE TABLE `identity_scopes` (
	`identity_id` text NOT NULL,
	`owner` text NOT NULL,
	`repo` text DEFAULT '' NOT NULL,
	`allow_private` integer DEFAULT false NOT NULL,
	PRIMARY KEY(`identity_id`, `owner`, `repo`),
	FOREIGN KEY (`identity_id`) REFERENCES `identities`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `login_attempts` (
	`address` text PRIMARY KEY NOT NULL,
	`window_start` integer NOT NULL,
	`attempts` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `login_attempts_window_start` ON `login_attempts` (`window_start`);--> statement-breakpoint
CREATE TABLE `pools` (
	`name` text PRIMARY KEY NOT NULL,
	`policy` text NOT NULL,
	`policy_version` integer DEFAULT 1 NOT NULL,
	`purges` text DEFAULT '{}' NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `web_sessions` (
	`hash` text PRIMARY KEY NOT NULL,
	`caller_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`caller_id`) REFERENCES `callers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `web_sessions_expires_at` ON `web_sessions` (`expires_at`);