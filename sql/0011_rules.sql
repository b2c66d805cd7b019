-- Rules of tenants and locations stand in `defaults`, beside the defaults of fields; what they need in tables is here.
set local search_path = offhook;

create table roles (
  id bigint primary key default nextval('ids'),
  tenant_id bigint not null references tenants,
  name text not null,
  is_admin boolean not null default false,
  -- second factor of its people; `default` leaves it to the tenant
  authentication text not null default 'default' check (authentication in ('default', 'disabled', 'email', 'app')),
  unique (tenant_id, id),
  constraint roles_name_unique unique (name, tenant_id)
);

insert into roles (tenant_id, name, is_admin)
  select id, standard.name, standard.name = 'admin' from tenants cross join (values ('user'), ('admin')) as standard (name);
insert into roles (tenant_id, name) select distinct tenant_id, role from users where role is not null
  on conflict do nothing;

-- By name, as files and plans spell it: a role that is renamed takes its people along.
alter table users add constraint users_role_fkey
  foreign key (role, tenant_id) references roles (name, tenant_id) on update cascade;

-- What follows when nobody answers; the mailbox stays either way.
alter table extensions add column no_answer text not null default 'voicemail'
  check (no_answer in ('voicemail', 'hangup'));

alter table roles enable row level security;
create policy app on roles to offhook_app using (tenant_id = (select tenant()))
  with check (tenant_id = (select tenant()));
grant select, insert, update, delete on roles to offhook_app;

-- A tenant's own rules are changed by those who work for it.
create policy app_change on tenants for update to offhook_app using (id = (select tenant()))
  with check (id = (select tenant()));
grant update (name, defaults, settings) on tenants to offhook_app;
