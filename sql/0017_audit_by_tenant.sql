-- History is read newest first, for one tenant: without this a quiet tenant reads everybody's.
set local search_path = offhook;

create unique index audit_tenant_id_id on audit (tenant_id, id);
