-- Asterisk keeps the accounts that it reads in memory for some seconds (asterisk/sorcery.conf); after an edit it is told
-- to forget them.
set local search_path = offhook;

alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check (kind in ('reload', 'expire', 'tenant-context'));
