-- Four identities with one duty each. The owner is whoever runs the migrations. Passwords are never set here:
-- app and phones are assumed by the owner's own connections, asterisk gets its login from an operator.
do $$
declare
  name text;
begin
  foreach name in array array['offhook_app', 'offhook_phones', 'offhook_asterisk'] loop
    begin
      execute format('create role %I nologin', name);
    exception when duplicate_object or unique_violation then null; -- roles belong to the whole cluster
    end;
    if not pg_has_role(current_user, name, 'set') then
      execute format('grant %I to current_user', name);
    end if;
  end loop;
end $$;
