-- Firmware images, ringtones, wallpapers and other files that phones fetch: what they are called and who gets them. The
-- bytes lie in a folder under their SHA-256, so that no name ever touches a file system and equal files are stored once.
set local search_path = offhook;

create table firmware_images (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  family text not null,
  -- as phones say it in their User-Agent
  version text not null check (version ~ '^[A-Za-z0-9][A-Za-z0-9._+-]{0,59}$'),
  -- whether anybody gets its files by their bare name: makers whose phones have no address of their own ask so
  open boolean not null default false,
  added_at timestamptz not null default now(),
  unique (tenant_id, id),
  constraint firmware_images_version_unique unique (version, family, tenant_id)
);

create table firmware_files (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  image_id bigint not null,
  -- as the phone asks for it
  name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._+-]{0,119}$'),
  -- in lower case; empty: for every model of the family
  models text[] not null,
  sha256 bytea not null check (length(sha256) = 32),
  bytes bigint not null check (bytes > 0),
  added_at timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, image_id) references firmware_images (tenant_id, id) on delete cascade
);
create unique index firmware_files_name_unique on firmware_files (image_id, lower(name));
create index on firmware_files (lower(name));
create index on firmware_files (sha256);

create table firmware_rollouts (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  family text not null,
  -- in lower case; null: every model that has no rollout of its own
  model text,
  image_id bigint not null,
  percentage numeric(5, 2) not null check (percentage between 0 and 100),
  not_before timestamptz,
  -- minutes of the day in the tenant's time zone; the window may reach over midnight
  window_from smallint check (window_from between 0 and 1439),
  window_to smallint check (window_to between 0 and 1439),
  -- the share of phones that fetched it and did not come back, in percent, beyond which it stops by itself
  stop_above numeric(5, 2) not null default 10 check (stop_above between 0 and 100),
  -- how long a phone may take to come back
  patience_minutes integer not null default 30 check (patience_minutes between 1 and 1440),
  -- how often a phone may come back with the old version before it counts as failed
  visits integer not null default 3 check (visits between 1 and 100),
  state text not null default 'running' check (state in ('running', 'paused', 'stopped')),
  -- why it stopped
  note text,
  changed_at timestamptz not null default now(),
  unique (tenant_id, id),
  check ((window_from is null) = (window_to is null)),
  constraint firmware_rollouts_model_unique unique nulls not distinct (model, family, tenant_id),
  foreign key (tenant_id, image_id) references firmware_images (tenant_id, id)
);

-- One phone's version, whatever rollouts say.
create table firmware_pins (
  device_id bigint primary key,
  tenant_id bigint not null references tenants,
  -- null: it keeps what it has
  image_id bigint,
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade,
  foreign key (tenant_id, image_id) references firmware_images (tenant_id, id)
);

-- What each phone is to have, and how far it is. Only `active` ones reach its configuration.
create table firmware_offers (
  device_id bigint primary key,
  tenant_id bigint not null references tenants,
  image_id bigint not null,
  -- null: pinned
  rollout_id bigint,
  active boolean not null,
  state text not null default 'offered'
    check (state in ('offered', 'told', 'fetched', 'updated', 'failed', 'missing')),
  offered_at timestamptz not null default now(),
  -- when it first fetched its configuration with the offer in it
  told_at timestamptz,
  -- when it last asked for the image
  fetched_at timestamptz,
  ended_at timestamptz,
  version_before text,
  version_seen text,
  -- how often it came with the old version since it was told
  visits integer not null default 0,
  -- the last contact that was looked at
  contact_id bigint not null default 0,
  foreign key (tenant_id, device_id) references devices (tenant_id, id) on delete cascade,
  foreign key (tenant_id, image_id) references firmware_images (tenant_id, id),
  foreign key (tenant_id, rollout_id) references firmware_rollouts (tenant_id, id)
);
create index on firmware_offers (rollout_id);
create index on firmware_offers (image_id);

create table assets (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  kind text not null check (kind in ('ringtone', 'wallpaper', 'licence', 'language')),
  name text not null check (name ~ '^[A-Za-z0-9][A-Za-z0-9._+-]{0,119}$'),
  -- a name may have a variant for a family and for a model (in lower case); null: for all
  family text,
  model text,
  sha256 bytea not null check (length(sha256) = 32),
  bytes bigint not null check (bytes > 0),
  format text not null,
  -- of a picture
  width integer,
  height integer,
  -- of a sound: coding, rateHz, bits, channels
  audio jsonb,
  added_at timestamptz not null default now(),
  unique (tenant_id, id),
  check (model is null or family is not null)
);
create unique index assets_variant_unique on assets (lower(name), kind, family, model, tenant_id) nulls not distinct;
create index on assets (sha256);

do $$
declare
  name text;
begin
  foreach name in array array[
    'firmware_images', 'firmware_files', 'firmware_rollouts', 'firmware_pins', 'firmware_offers', 'assets'
  ] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy app on %I to offhook_app using (tenant_id = (select tenant())) '
      'with check (tenant_id = (select tenant()))', name);
    execute format('grant select, insert, update, delete on %I to offhook_app', name);
  end loop;
  foreach name in array array['firmware_images', 'firmware_files', 'firmware_offers', 'assets'] loop
    execute format('create policy phones on %I for select to offhook_phones using (true)', name);
    execute format('grant select on %I to offhook_phones', name);
  end loop;
  -- Whoever holds rendered files in memory hears of it. How far a phone is changes nothing in them.
  foreach name in array array['firmware_images', 'firmware_files', 'assets'] loop
    execute format('create trigger notify_phones after insert or update or delete on %I '
      'for each statement execute function notify_phones()', name);
  end loop;
  -- Whoever decides what phones are offered hears of it.
  foreach name in array array['firmware_rollouts', 'firmware_pins', 'firmware_files'] loop
    execute format('create trigger notify_rollouts after insert or update or delete on %I '
      'for each statement execute function notify_channel(''offhook_rollouts'')', name);
  end loop;
end $$;
create trigger notify_phones after insert or delete on firmware_offers
  for each statement execute function notify_phones();
create trigger notify_phones_changed after update of image_id, active on firmware_offers
  for each statement execute function notify_phones();

do $$
declare
  rule record;
begin
  for rule in select * from (values
    ('firmware_offers', 'insert', 'select device_id from rows where active'),
    ('firmware_offers', 'update', 'select n.device_id from rows n join old_rows o using (device_id)
        where (n.image_id, n.active) is distinct from (o.image_id, o.active)'),
    ('firmware_offers', 'delete', 'select device_id from rows where active'),
    ('assets', 'insert', 'select p.id from rows r join offhook.devices p on p.tenant_id = r.tenant_id'),
    ('assets', 'update', 'select p.id from rows r join offhook.devices p on p.tenant_id = r.tenant_id'),
    ('assets', 'delete', 'select p.id from rows r join offhook.devices p on p.tenant_id = r.tenant_id')
  ) as rules (name, event, devices) loop
    execute format('create trigger note_changed_devices_%s after %s on %I referencing %s for each statement '
      'execute function note_changed_devices(%L)', rule.event, rule.event, rule.name,
      case rule.event when 'insert' then 'new table as rows' when 'delete' then 'old table as rows'
        else 'old table as old_rows new table as rows' end, rule.devices);
  end loop;
end $$;
