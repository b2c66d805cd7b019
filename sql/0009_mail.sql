-- Mail to people: what waits to be sent, what became of it, and the links and passwords that it carries.
set local search_path = offhook;

alter table users
  -- Argon2id; `password` beside it is a temporary one, sealed, until it is used or has expired
  add column password_hash text,
  add column password_must_change boolean not null default false,
  -- when the temporary password was set
  add column password_at timestamptz not null default now();
create index users_unhashed on users (id) where password is not null and password_hash is null;
create index users_temporary on users (password_at) where password is not null;

-- A new temporary password voids the hash of the one before; a job makes the new hash.
create function void_password_hash() returns trigger language plpgsql as $$
begin
  new.password_hash := null;
  new.password_at := now();
  return new;
end $$;
create trigger void_password_hash before update of password on users for each row
  when (new.password is not null and new.password is distinct from old.password) execute function void_password_hash();

-- Hashing a password must not empty the memory of rendered configurations: these are the columns that they are made of.
drop trigger notify_phones on users;
create trigger notify_phones after insert or delete on users for each statement execute function notify_phones();
create trigger notify_phones_changed after update of tenant_id, location_id, language, timezone on users
  for each statement execute function notify_phones();

create table mails (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  -- whom and what it is about: history that outlives both, so no references; ids are never used again
  user_id bigint,
  import_id bigint,
  kind text not null check (kind in ('invitation', 'welcome', 'notice', 'voicemail')),
  recipient text not null,
  -- known when it is written for the first time
  subject text,
  -- sealed: the link of an invitation, the counts of a notice, a voicemail as it came; erased once sent
  body bytea,
  -- the same at every attempt, so that a mail that arrives twice is shown once
  message_id text not null default gen_random_uuid()::text,
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  last_error text,
  queued_at timestamptz not null default now(),
  sent_at timestamptz
);
create index mails_queued on mails (next_attempt_at) where state = 'queued';
create index on mails (user_id, tenant_id);
create index on mails (import_id, tenant_id);
-- Asterisk's side sends a message again until it has heard that we keep it.
create unique index mails_voicemail_once on mails (message_id, tenant_id) where kind = 'voicemail';

create function notify_mails() returns trigger language plpgsql as $$
begin
  perform pg_notify('offhook_mails', '');
  return null;
end $$;
create trigger notify_mails after insert on mails for each statement execute function notify_mails();

create table invitations (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  user_id bigint not null,
  -- the token itself is in the mail alone
  token_sha256 bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id) on delete cascade
);
create index on invitations (user_id, tenant_id);

do $$
declare
  name text;
begin
  foreach name in array array['mails', 'invitations'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy app on %I to offhook_app using (tenant_id = (select tenant())) '
      'with check (tenant_id = (select tenant()))', name);
    execute format('grant select, insert, update, delete on %I to offhook_app', name);
  end loop;
end $$;

-- sealed: what Asterisk's side shows when it hands over a voicemail
alter table installation add column voicemail_token bytea;
