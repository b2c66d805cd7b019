-- Skill groups, as queues of Asterisk; people who are suspended; mailboxes that keep their name when their owner moves
-- to another number.
set local search_path = offhook;

create table groups (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  name text not null check (name <> '' and name !~ '[,;|]' and name !~ '^[0-9]+$'),
  -- absent: nobody can dial it, it only lines people up
  number text check (number ~ '^[0-9]{2,10}$'),
  strategy text not null default 'ringall'
    check (strategy in ('ringall', 'leastrecent', 'fewestcalls', 'random', 'rrmemory', 'wrandom', 'rrordered')),
  -- how long a caller waits
  timeout_seconds integer not null default 300 check (timeout_seconds between 5 and 7200),
  -- how long a phone rings before the next one's turn
  ring_seconds integer not null default 15 check (ring_seconds between 5 and 300),
  -- its name in Asterisk: never changed, for statistics are kept under it
  queue text not null unique check (queue ~ '^[a-z0-9-]{3,60}$'),
  unique (tenant_id, id),
  constraint groups_name_unique unique (name, tenant_id) deferrable initially immediate,
  constraint groups_number_unique unique (number, tenant_id) deferrable initially immediate
);

create table group_members (
  group_id bigint not null,
  user_id bigint not null,
  tenant_id bigint not null references tenants,
  -- who is called first: the lowest number that is free
  penalty integer not null default 0 check (penalty between 0 and 100),
  primary key (group_id, user_id),
  foreign key (tenant_id, group_id) references groups (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index on group_members (user_id, tenant_id);

-- Names of mailboxes that were deleted: Asterisk keeps recordings and greetings under them in its spool, and whoever
-- gets the number next shall not hear them.
create table spent_mailboxes (
  number text not null,
  tenant_id bigint not null references tenants,
  primary key (number, tenant_id)
);

do $$
declare
  name text;
begin
  foreach name in array array['groups', 'group_members', 'spent_mailboxes'] loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy app on %I to offhook_app using (tenant_id = (select tenant())) '
      'with check (tenant_id = (select tenant()))', name);
    execute format('grant select, insert, update, delete on %I to offhook_app', name);
  end loop;
end $$;

-- What imports wrote down as words becomes groups and members; `offhook drift --fix` makes the queues.
insert into groups (tenant_id, name, queue)
  select tenant_id, word, 'group-' || row_number() over (order by tenant_id, word) || '-' || slug
  from (
    select distinct u.tenant_id, t.slug, trim(translate(word, ',;|', '   ')) as word
    from users u join tenants t on t.id = u.tenant_id, jsonb_array_elements_text(u.groups) as word
  ) as words where word <> '' and word !~ '^[0-9]+$';
insert into group_members (tenant_id, group_id, user_id)
  select distinct u.tenant_id, g.id, u.id from users u, jsonb_array_elements_text(u.groups) as word, groups g
  where g.tenant_id = u.tenant_id and g.name = trim(translate(word, ',;|', '   '));
alter table users drop column groups;

alter table users add column suspended boolean not null default false;

-- `1001-4711`: the second box of a number whose first one went along with its owner, or was deleted.
alter table mailboxes drop constraint mailboxes_number_check;
alter table mailboxes add constraint mailboxes_number_check check (number ~ '^[0-9]{2,10}(-[0-9]+)?$');

-- Who gets another number is looked for on the keys of all phones.
create index on keys (value, tenant_id);
