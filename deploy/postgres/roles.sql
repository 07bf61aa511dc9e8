-- Three logins: who owns the tables, who uses them, who watches. Run as a superuser in the hub's own database, before the
-- first start; then run it once more after each migration, so that new tables are granted too. Safe to repeat.
-- Passwords are set apart:  \password langbenk_owner  and so on.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'langbenk_owner') THEN CREATE ROLE langbenk_owner LOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'langbenk_app') THEN CREATE ROLE langbenk_app LOGIN; END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'langbenk_watch') THEN CREATE ROLE langbenk_watch LOGIN; END IF;
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO langbenk_owner;
GRANT USAGE ON SCHEMA public TO langbenk_app;
GRANT pg_monitor TO langbenk_watch;

-- The hub reads and writes rows; it makes, changes and drops no table.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO langbenk_app;
ALTER DEFAULT PRIVILEGES FOR ROLE langbenk_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO langbenk_app;

-- The audit trail, decisions, what people did about holds and plan versions are only ever added to: not even the hub may change or remove one.
DO $$
DECLARE kept text;
BEGIN
  FOREACH kept IN ARRAY ARRAY['audit', 'decisions', 'grounds', 'hold_moves', 'plan_versions'] LOOP
    IF to_regclass('public.' || kept) IS NOT NULL THEN
      EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM langbenk_app', kept);
    END IF;
  END LOOP;
END $$;

-- What PostgreSQL itself writes down must not quote values: no DETAIL lines, no parameters, no statements.
ALTER ROLE langbenk_app SET log_error_verbosity = 'terse';
ALTER ROLE langbenk_app SET log_min_error_statement = 'panic';
ALTER ROLE langbenk_app SET log_parameter_max_length = 0;
ALTER ROLE langbenk_app SET log_parameter_max_length_on_error = 0;
ALTER ROLE langbenk_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE langbenk_app SET lock_timeout = '30s';
