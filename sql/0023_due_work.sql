-- An undo and a corrected file of an import are work that is due, as planning and applying are: done in the background,
-- gone on with by another process. And what was left behind: claims of processes that died, passwords that cannot be
-- opened.
set local search_path = offhook;

alter table imports drop constraint imports_state_check;
alter table imports add constraint imports_state_check
  check (state in ('planning', 'planned', 'correcting', 'applying', 'applied', 'undoing', 'undone', 'failed'));
alter table imports
  -- who asked for what is due, where that need not be who brought it
  add column asked_by text,
  -- sealed: a corrected file of problems, until it is taken in
  add column corrections bytea,
  -- what is wrong with the last one, if it was not taken
  add column refused jsonb not null default '[]';

alter table import_progress drop constraint import_progress_phase_check;
alter table import_progress add constraint import_progress_phase_check
  check (phase in ('reading', 'planning', 'writing', 'undoing', 'done'));

-- The first request with a key holds it so long at a time; a process that died holds it no longer. The holder tells a
-- request that was taken for dead from the one that took its place.
alter table idempotency_keys
  add column holder uuid,
  add column held_until timestamptz not null default now();

-- When the job that hashes temporary passwords found that it cannot open this one; a later `password_at` is another one.
alter table users add column password_fault_at timestamptz;

-- What an address of another PBX was made of, so that somebody of the mode pbx can be told from one of the mode uri.
alter table endpoints
  add column pbx_domain text,
  add column pbx_device text,
  add check (kind = 'uri' or (pbx_domain is null and pbx_device is null)),
  add check ((pbx_domain is null) = (pbx_device is null));
