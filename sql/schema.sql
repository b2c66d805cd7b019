-- What all migrations together amount to, to read and to compare; made by test/support/dump-schema.ts, never edited.
set check_function_bodies = off;

create schema asterisk;
create schema offhook;

create type asterisk.ast_bool_values as enum ('0', '1', 'off', 'on', 'false', 'true', 'no', 'yes');
create type asterisk.moh_mode_values as enum ('custom', 'files', 'mp3nb', 'quietmp3nb', 'quietmp3', 'playlist');
create type asterisk.pjsip_100rel_values_v2 as enum ('no', 'required', 'peer_supported', 'yes');
create type asterisk.pjsip_auth_type_values_v2 as enum ('md5', 'userpass', 'google_oauth', 'digest');
create type asterisk.pjsip_cid_privacy_values as enum ('allowed_not_screened', 'allowed_passed_screened', 'allowed_failed_screened', 'allowed', 'prohib_not_screened', 'prohib_passed_screened', 'prohib_failed_screened', 'prohib', 'unavailable');
create type asterisk.pjsip_connected_line_method_values as enum ('invite', 'reinvite', 'update');
create type asterisk.pjsip_direct_media_glare_mitigation_values as enum ('none', 'outgoing', 'incoming');
create type asterisk.pjsip_dtls_setup_values as enum ('active', 'passive', 'actpass');
create type asterisk.pjsip_dtmf_mode_values_v3 as enum ('rfc4733', 'inband', 'info', 'auto', 'auto_info');
create type asterisk.pjsip_incoming_call_offer_pref_values as enum ('local', 'local_first', 'remote', 'remote_first');
create type asterisk.pjsip_media_encryption_values as enum ('no', 'sdes', 'dtls');
create type asterisk.pjsip_outgoing_call_offer_pref_values as enum ('local', 'local_merge', 'local_first', 'remote', 'remote_merge', 'remote_first');
create type asterisk.pjsip_redirect_method_values as enum ('user', 'uri_core', 'uri_pjsip');
create type asterisk.pjsip_t38udptl_ec_values as enum ('none', 'fec', 'redundancy');
create type asterisk.pjsip_timer_values as enum ('forced', 'no', 'required', 'yes');
create type asterisk.queue_autopause_values as enum ('yes', 'no', 'all');
create type asterisk.queue_strategy_values as enum ('ringall', 'leastrecent', 'fewestcalls', 'random', 'rrmemory', 'linear', 'wrandom', 'rrordered');
create type asterisk.security_negotiation_values as enum ('no', 'mediasec');
create type asterisk.sha_hash_values as enum ('SHA-1', 'SHA-256');
create type asterisk.yes_no_values as enum ('yes', 'no');
create type asterisk.yesno_values as enum ('yes', 'no');

create sequence offhook.ids;

CREATE OR REPLACE FUNCTION offhook.claim_by_dial(dialled_from text, dialled_code text, dialled_extension text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'offhook', 'pg_temp'
AS $function$
declare
  phone claim_phones;
  code claim_codes;
  fault text;
begin
  select * into phone from claim_phones
    where account = dialled_from and expires_at > now() and closed_at is null and bound_at is null for update;
  if not found or phone.wrong_tries >= 5 then
    return false;
  end if;
  -- The same again is no second claim.
  if phone.dialled_at is not null and phone.note is null then
    return phone.extension = dialled_extension;
  end if;
  perform from claim_codes where tenant_id = phone.tenant_id and expires_at > now() and revoked_at is null
    order by id for update;
  select * into code from claim_codes c
    where c.tenant_id = phone.tenant_id and c.expires_at > now() and c.revoked_at is null and c.wrong_tries < 20
      and (c.networks = '{}' or phone.address::inet <<= any (c.networks))
      and c.code_sha256 = sha256(c.salt || convert_to(dialled_code, 'UTF8'));
  if not found then
    fault := 'code';
    update claim_codes set wrong_tries = wrong_tries + 1
      where tenant_id = phone.tenant_id and expires_at > now() and revoked_at is null;
  elsif code.phones_left = 0 then
    fault := 'used-up';
  elsif not exists (select from extensions x join endpoints e on e.extension_id = x.id
      where x.tenant_id = phone.tenant_id and x.number = dialled_extension and x.user_id is not null
        and e.kind = 'desk' and e.secret is not null) then
    fault := 'extension';
  elsif exists (select from devices d where d.mac = phone.mac and (d.tenant_id <> phone.tenant_id
      or exists (select from lines l join endpoints e on e.id = l.endpoint_id
        join extensions x on x.id = e.extension_id where l.device_id = d.id and x.number <> dialled_extension))) then
    fault := 'taken';
  end if;
  if fault is not null then
    update claim_phones set wrong_tries = wrong_tries + 1 where id = phone.id;
    insert into audit (tenant_id, actor, action, object, detail) values (phone.tenant_id, 'phone:' || phone.mac,
      'claim-refused', phone.mac, jsonb_build_object('wrong', fault, 'try', phone.wrong_tries + 1));
    return false;
  end if;
  update claim_codes set phones_left = phones_left - 1 where id = code.id;
  update claim_phones set code_id = code.id, extension = dialled_extension, dialled_at = now(), note = null
    where id = phone.id;
  insert into audit (tenant_id, actor, action, object, detail) values (phone.tenant_id, 'phone:' || phone.mac,
    'claim-dialled', phone.mac, jsonb_build_object('code', code.id, 'installer', code.installer,
      'extension', dialled_extension));
  return true;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.forget_device_files()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from offhook.device_files where device_id = new.id;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.forget_device_links()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from offhook.device_links where device_id = new.id;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.forget_proofs()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from offhook.device_certificates where device_id = new.id;
  delete from offhook.device_logins where device_id = new.id;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.note_changed_devices()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  -- Whoever answers phones changes when they were sealed and nothing that is in a file.
  if current_user = 'offhook_phones' or not exists (select from device_files) then
    return null;
  end if;
  execute 'insert into offhook.changed_devices (tenant_id, device_id)
    select d.tenant_id, d.id from offhook.devices d where d.id in (' || tg_argv[0] || ')
      and exists (select from offhook.device_files f where f.device_id = d.id) order by d.id
    on conflict (device_id) do update set changed_at = clock_timestamp()';
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.notify_book()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  changed bigint;
begin
  for changed in select distinct tenant_id from rows loop
    perform pg_notify('offhook_phones', 'book/' || changed);
  end loop;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.notify_book_of_row()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('offhook_phones', 'book/' || (to_jsonb(new)->>tg_argv[0]));
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.notify_channel()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify(tg_argv[0], '');
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.notify_imports()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('offhook_imports', '');
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.notify_logins()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('offhook_phones', 'logins');
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.notify_mails()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('offhook_mails', '');
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.notify_outbox()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('offhook_outbox', '');
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.notify_phones()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('offhook_phones', tg_table_name);
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.notify_sealed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('offhook_phones', 'sealed');
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.notify_webhooks()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from told where state = 'queued') then
    perform pg_notify('offhook_webhooks', '');
  end if;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.notify_windows()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('offhook_phones', 'release_windows');
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.queue_redirects(changed text[])
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  insert into offhook.redirect_devices as r (tenant_id, account_id, mac)
    -- A phone that takes another's place stands there twice until the other one goes.
    select distinct d.tenant_id, a.id, d.mac from offhook.devices d join offhook.redirect_accounts a
      on a.tenant_id = d.tenant_id and a.maker = split_part(d.family, '-', 1) and not a.leaving
    where d.mac = any (changed) order by d.mac
  on conflict (account_id, mac) do update set present = true, state = 'wanted', attempts = 0, next_attempt_at = now(),
    reason = null, cure = null, revision = r.revision + 1;
  -- What was never sent is nowhere.
  delete from offhook.redirect_devices r where r.mac = any (changed) and r.sent_at is null and not exists (
    select from offhook.devices d join offhook.redirect_accounts a on a.id = r.account_id
    where d.mac = r.mac and d.tenant_id = r.tenant_id and a.maker = split_part(d.family, '-', 1));
  update offhook.redirect_devices r set present = false, state = 'wanted', attempts = 0, next_attempt_at = now(),
    reason = null, cure = null, revision = r.revision + 1
  where r.mac = any (changed) and r.present and not exists (
    select from offhook.devices d join offhook.redirect_accounts a on a.id = r.account_id
    where d.mac = r.mac and d.tenant_id = r.tenant_id and a.maker = split_part(d.family, '-', 1));
end $function$
;
CREATE OR REPLACE FUNCTION offhook.queue_redirects_of_row()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from offhook.redirect_accounts) then
    perform offhook.queue_redirects(array_remove(array[old.mac, new.mac], null));
  end if;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.queue_redirects_of_rows()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  -- Most have no account anywhere: an import of a building must not read its phones again for nothing.
  if exists (select from offhook.redirect_accounts) then
    perform offhook.queue_redirects(array(select mac from rows where mac is not null));
  end if;
  return null;
end $function$
;
CREATE OR REPLACE FUNCTION offhook.taken_dids(candidates text[])
 RETURNS SETOF text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'offhook', 'pg_temp'
AS $function$ select number from dids where number = any (candidates) and tenant_id is distinct from tenant() $function$
;
CREATE OR REPLACE FUNCTION offhook.taken_macs(candidates text[])
 RETURNS SETOF text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'offhook', 'pg_temp'
AS $function$ select mac from devices where mac = any (candidates) and tenant_id is distinct from tenant() $function$
;
CREATE OR REPLACE FUNCTION offhook.tenant()
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('offhook.tenant', true), '')::bigint $function$
;
CREATE OR REPLACE FUNCTION offhook.tenant_language(tenant bigint)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'offhook', 'pg_temp'
AS $function$ select coalesce(settings->>'language', defaults->>'language') from tenants where id = tenant $function$
;
CREATE OR REPLACE FUNCTION offhook.void_password_hash()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.password_hash := null;
  new.password_at := now();
  return new;
end $function$
;

create table asterisk.cdr (
  accountcode character varying(80),
  src character varying(80),
  dst character varying(80),
  dcontext character varying(80),
  clid character varying(80),
  channel character varying(80),
  dstchannel character varying(80),
  lastapp character varying(80),
  lastdata character varying(80),
  start timestamp without time zone,
  answer timestamp without time zone,
  "end" timestamp without time zone,
  duration integer,
  billsec integer,
  disposition character varying(45),
  amaflags character varying(45),
  userfield character varying(256),
  uniqueid character varying(150),
  linkedid character varying(150),
  peeraccount character varying(80),
  sequence integer
);
create table asterisk.extensions (
  id bigint generated by default as identity,
  context character varying(40) not null,
  exten character varying(40) not null,
  priority integer not null,
  app character varying(40) not null,
  appdata character varying(256) not null
);
create table asterisk.musiconhold (
  name character varying(80) not null,
  mode asterisk.moh_mode_values,
  directory character varying(255),
  application character varying(255),
  digit character varying(1),
  sort character varying(10),
  format character varying(10),
  stamp timestamp without time zone,
  loop_last asterisk.yesno_values
);
create table asterisk.musiconhold_entry (
  name character varying(80) not null,
  "position" integer not null,
  entry character varying(1024) not null
);
create table asterisk.ps_aors (
  id character varying(255) not null,
  contact character varying(255),
  default_expiration integer,
  mailboxes character varying(80),
  max_contacts integer,
  minimum_expiration integer,
  remove_existing asterisk.ast_bool_values,
  qualify_frequency integer,
  authenticate_qualify asterisk.ast_bool_values,
  maximum_expiration integer,
  outbound_proxy character varying(255),
  support_path asterisk.ast_bool_values,
  qualify_timeout double precision,
  voicemail_extension character varying(40),
  remove_unavailable asterisk.ast_bool_values,
  qualify_2xx_only asterisk.ast_bool_values
);
create table asterisk.ps_auths (
  id character varying(255) not null,
  auth_type asterisk.pjsip_auth_type_values_v2,
  nonce_lifetime integer,
  md5_cred character varying(40),
  password character varying(80),
  realm character varying(255),
  username character varying(40),
  refresh_token character varying(255),
  oauth_clientid character varying(255),
  oauth_secret character varying(255),
  password_digest character varying(1024),
  supported_algorithms_uas character varying(1024),
  supported_algorithms_uac character varying(1024)
);
create table asterisk.ps_contacts (
  id character varying(255) not null,
  uri character varying(511),
  expiration_time bigint,
  qualify_frequency integer,
  outbound_proxy character varying(255),
  path text,
  user_agent character varying(255),
  qualify_timeout double precision,
  reg_server character varying(255),
  authenticate_qualify asterisk.ast_bool_values,
  via_addr character varying(40),
  via_port integer,
  call_id character varying(255),
  endpoint character varying(255),
  prune_on_boot asterisk.ast_bool_values,
  qualify_2xx_only asterisk.ast_bool_values
);
create table asterisk.ps_domain_aliases (
  id character varying(255) not null,
  domain character varying(255)
);
create table asterisk.ps_endpoint_id_ips (
  id character varying(255) not null,
  endpoint character varying(255),
  match character varying(80),
  srv_lookups asterisk.ast_bool_values,
  match_header character varying(255),
  match_request_uri character varying(255)
);
create table asterisk.ps_endpoints (
  id character varying(255) not null,
  transport character varying(40),
  aors character varying(2048),
  auth character varying(255),
  context character varying(40),
  disallow character varying(200),
  allow character varying(200),
  direct_media asterisk.ast_bool_values,
  connected_line_method asterisk.pjsip_connected_line_method_values,
  direct_media_method asterisk.pjsip_connected_line_method_values,
  direct_media_glare_mitigation asterisk.pjsip_direct_media_glare_mitigation_values,
  disable_direct_media_on_nat asterisk.ast_bool_values,
  dtmf_mode asterisk.pjsip_dtmf_mode_values_v3,
  external_media_address character varying(40),
  force_rport asterisk.ast_bool_values,
  ice_support asterisk.ast_bool_values,
  identify_by character varying(80),
  mailboxes character varying(255),
  moh_suggest character varying(40),
  outbound_auth character varying(255),
  outbound_proxy character varying(255),
  rewrite_contact asterisk.ast_bool_values,
  rtp_ipv6 asterisk.ast_bool_values,
  rtp_symmetric asterisk.ast_bool_values,
  send_diversion asterisk.ast_bool_values,
  send_pai asterisk.ast_bool_values,
  send_rpid asterisk.ast_bool_values,
  timers_min_se integer,
  timers asterisk.pjsip_timer_values,
  timers_sess_expires integer,
  callerid character varying(255),
  callerid_privacy asterisk.pjsip_cid_privacy_values,
  callerid_tag character varying(40),
  "100rel" asterisk.pjsip_100rel_values_v2,
  aggregate_mwi asterisk.ast_bool_values,
  trust_id_inbound asterisk.ast_bool_values,
  trust_id_outbound asterisk.ast_bool_values,
  use_ptime asterisk.ast_bool_values,
  use_avpf asterisk.ast_bool_values,
  media_encryption asterisk.pjsip_media_encryption_values,
  inband_progress asterisk.ast_bool_values,
  call_group character varying(40),
  pickup_group character varying(40),
  named_call_group character varying(40),
  named_pickup_group character varying(40),
  device_state_busy_at integer,
  fax_detect asterisk.ast_bool_values,
  t38_udptl asterisk.ast_bool_values,
  t38_udptl_ec asterisk.pjsip_t38udptl_ec_values,
  t38_udptl_maxdatagram integer,
  t38_udptl_nat asterisk.ast_bool_values,
  t38_udptl_ipv6 asterisk.ast_bool_values,
  tone_zone character varying(40),
  language character varying(40),
  one_touch_recording asterisk.ast_bool_values,
  record_on_feature character varying(40),
  record_off_feature character varying(40),
  rtp_engine character varying(40),
  allow_transfer asterisk.ast_bool_values,
  allow_subscribe asterisk.ast_bool_values,
  sdp_owner character varying(40),
  sdp_session character varying(40),
  tos_audio character varying(10),
  tos_video character varying(10),
  sub_min_expiry integer,
  from_domain character varying(40),
  from_user character varying(40),
  mwi_from_user character varying(40),
  dtls_verify character varying(40),
  dtls_rekey character varying(40),
  dtls_cert_file character varying(200),
  dtls_private_key character varying(200),
  dtls_cipher character varying(200),
  dtls_ca_file character varying(200),
  dtls_ca_path character varying(200),
  dtls_setup asterisk.pjsip_dtls_setup_values,
  srtp_tag_32 asterisk.ast_bool_values,
  media_address character varying(40),
  redirect_method asterisk.pjsip_redirect_method_values,
  set_var text,
  cos_audio integer,
  cos_video integer,
  message_context character varying(40),
  force_avp asterisk.ast_bool_values,
  media_use_received_transport asterisk.ast_bool_values,
  accountcode character varying(80),
  user_eq_phone asterisk.ast_bool_values,
  moh_passthrough asterisk.ast_bool_values,
  media_encryption_optimistic asterisk.ast_bool_values,
  rpid_immediate asterisk.ast_bool_values,
  g726_non_standard asterisk.ast_bool_values,
  rtp_keepalive integer,
  rtp_timeout integer,
  rtp_timeout_hold integer,
  bind_rtp_to_media_address asterisk.ast_bool_values,
  voicemail_extension character varying(40),
  mwi_subscribe_replaces_unsolicited asterisk.ast_bool_values,
  deny character varying(95),
  permit character varying(95),
  acl character varying(40),
  contact_deny character varying(95),
  contact_permit character varying(95),
  contact_acl character varying(40),
  subscribe_context character varying(40),
  fax_detect_timeout integer,
  contact_user character varying(80),
  preferred_codec_only asterisk.ast_bool_values,
  asymmetric_rtp_codec asterisk.ast_bool_values,
  rtcp_mux asterisk.ast_bool_values,
  allow_overlap asterisk.ast_bool_values,
  refer_blind_progress asterisk.ast_bool_values,
  notify_early_inuse_ringing asterisk.ast_bool_values,
  max_audio_streams integer,
  max_video_streams integer,
  webrtc asterisk.ast_bool_values,
  dtls_fingerprint asterisk.sha_hash_values,
  incoming_mwi_mailbox character varying(40),
  bundle asterisk.ast_bool_values,
  dtls_auto_generate_cert asterisk.ast_bool_values,
  follow_early_media_fork asterisk.ast_bool_values,
  accept_multiple_sdp_answers asterisk.ast_bool_values,
  suppress_q850_reason_headers asterisk.ast_bool_values,
  trust_connected_line asterisk.ast_bool_values,
  send_connected_line asterisk.ast_bool_values,
  ignore_183_without_sdp asterisk.ast_bool_values,
  codec_prefs_incoming_offer character varying(128),
  codec_prefs_outgoing_offer character varying(128),
  codec_prefs_incoming_answer character varying(128),
  codec_prefs_outgoing_answer character varying(128),
  stir_shaken asterisk.ast_bool_values,
  send_history_info asterisk.ast_bool_values,
  allow_unauthenticated_options asterisk.ast_bool_values,
  t38_bind_udptl_to_media_address asterisk.ast_bool_values,
  geoloc_incoming_call_profile character varying(80),
  geoloc_outgoing_call_profile character varying(80),
  incoming_call_offer_pref asterisk.pjsip_incoming_call_offer_pref_values,
  outgoing_call_offer_pref asterisk.pjsip_outgoing_call_offer_pref_values,
  stir_shaken_profile character varying(80),
  security_negotiation asterisk.security_negotiation_values,
  security_mechanisms character varying(512),
  send_aoc asterisk.ast_bool_values,
  overlap_context character varying(80),
  tenantid character varying(80),
  suppress_moh_on_sendonly asterisk.ast_bool_values,
  follow_redirect_methods character varying(95),
  rtp_port_start integer,
  rtp_port_end integer
);
create table asterisk.ps_registrations (
  id character varying(255) not null,
  auth_rejection_permanent asterisk.ast_bool_values,
  client_uri character varying(255),
  contact_user character varying(40),
  expiration integer,
  max_retries integer,
  outbound_auth character varying(255),
  outbound_proxy character varying(255),
  retry_interval integer,
  forbidden_retry_interval integer,
  server_uri character varying(255),
  transport character varying(40),
  support_path asterisk.ast_bool_values,
  fatal_retry_interval integer,
  line asterisk.ast_bool_values,
  endpoint character varying(255),
  support_outbound asterisk.ast_bool_values,
  contact_header_params character varying(255),
  max_random_initial_delay integer,
  security_negotiation asterisk.security_negotiation_values,
  security_mechanisms character varying(512),
  user_agent character varying(255)
);
create table asterisk.queue_log (
  id bigint generated by default as identity,
  "time" timestamp without time zone,
  callid character varying(80),
  queuename character varying(256),
  agent character varying(80),
  event character varying(32),
  data1 character varying(100),
  data2 character varying(100),
  data3 character varying(100),
  data4 character varying(100),
  data5 character varying(100)
);
create table asterisk.queue_members (
  queue_name character varying(80) not null,
  interface character varying(80) not null,
  membername character varying(80),
  state_interface character varying(80),
  penalty integer,
  paused integer,
  uniqueid integer generated by default as identity,
  wrapuptime integer,
  ringinuse asterisk.ast_bool_values,
  reason_paused character varying(80)
);
create table asterisk.queue_rules (
  rule_name character varying(80) not null,
  "time" character varying(32) not null,
  min_penalty character varying(32) not null,
  max_penalty character varying(32) not null
);
create table asterisk.queues (
  name character varying(128) not null,
  musiconhold character varying(128),
  announce character varying(128),
  context character varying(128),
  timeout integer,
  ringinuse asterisk.yesno_values,
  setinterfacevar asterisk.yesno_values,
  setqueuevar asterisk.yesno_values,
  setqueueentryvar asterisk.yesno_values,
  monitor_format character varying(8),
  membermacro character varying(512),
  membergosub character varying(512),
  queue_youarenext character varying(128),
  queue_thereare character varying(128),
  queue_callswaiting character varying(128),
  queue_quantity1 character varying(128),
  queue_quantity2 character varying(128),
  queue_holdtime character varying(128),
  queue_minutes character varying(128),
  queue_minute character varying(128),
  queue_seconds character varying(128),
  queue_thankyou character varying(128),
  queue_callerannounce character varying(128),
  queue_reporthold character varying(128),
  announce_frequency integer,
  announce_to_first_user asterisk.yesno_values,
  min_announce_frequency integer,
  announce_round_seconds integer,
  announce_holdtime character varying(128),
  announce_position character varying(128),
  announce_position_limit integer,
  periodic_announce character varying(50),
  periodic_announce_frequency integer,
  relative_periodic_announce asterisk.yesno_values,
  random_periodic_announce asterisk.yesno_values,
  retry integer,
  wrapuptime integer,
  penaltymemberslimit integer,
  autofill asterisk.yesno_values,
  monitor_type character varying(128),
  autopause asterisk.queue_autopause_values,
  autopausedelay integer,
  autopausebusy asterisk.yesno_values,
  autopauseunavail asterisk.yesno_values,
  maxlen integer,
  servicelevel integer,
  strategy asterisk.queue_strategy_values,
  joinempty character varying(128),
  leavewhenempty character varying(128),
  reportholdtime asterisk.yesno_values,
  memberdelay integer,
  weight integer,
  timeoutrestart asterisk.yesno_values,
  defaultrule character varying(128),
  timeoutpriority character varying(128),
  log_restricted_caller_id asterisk.ast_bool_values
);
create table asterisk.voicemail (
  uniqueid integer generated by default as identity,
  context character varying(80) not null,
  mailbox character varying(80) not null,
  password character varying(80) not null,
  fullname character varying(80),
  alias character varying(80),
  email character varying(80),
  pager character varying(80),
  attach asterisk.yes_no_values,
  attachfmt character varying(10),
  serveremail character varying(80),
  language character varying(20),
  tz character varying(30),
  deletevoicemail asterisk.yes_no_values,
  saycid asterisk.yes_no_values,
  sendvoicemail asterisk.yes_no_values,
  review asterisk.yes_no_values,
  tempgreetwarn asterisk.yes_no_values,
  operator asterisk.yes_no_values,
  envelope asterisk.yes_no_values,
  sayduration integer,
  forcename asterisk.yes_no_values,
  forcegreetings asterisk.yes_no_values,
  callback character varying(80),
  dialout character varying(80),
  exitcontext character varying(80),
  maxmsg integer,
  volgain numeric(5,2),
  imapuser character varying(80),
  imappassword character varying(80),
  imapserver character varying(80),
  imapport character varying(8),
  imapflags character varying(80),
  stamp timestamp without time zone
);
create table asterisk.voicemail_messages (
  dir character varying(255) not null,
  msgnum integer not null,
  context character varying(80),
  callerid character varying(80),
  origtime integer,
  duration integer,
  recording bytea,
  flag character varying(30),
  category character varying(30),
  mailboxuser character varying(30),
  mailboxcontext character varying(30),
  msg_id character varying(40)
);
create table offhook.account_states (
  endpoint_id bigint not null,
  tenant_id bigint not null,
  registered_at timestamp with time zone,
  callable_at timestamp with time zone,
  gone_at timestamp with time zone,
  reachable boolean not null
);
create table offhook.assets (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  kind text not null,
  name text not null,
  family text,
  model text,
  sha256 bytea not null,
  bytes bigint not null,
  format text not null,
  width integer,
  height integer,
  audio jsonb,
  added_at timestamp with time zone default now() not null
);
create table offhook.audit (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint,
  at timestamp with time zone default now() not null,
  actor text not null,
  action text not null,
  object text not null,
  detail jsonb default '{}'::jsonb not null
);
create table offhook.changed_devices (
  device_id bigint not null,
  tenant_id bigint not null,
  changed_at timestamp with time zone default clock_timestamp() not null
);
create table offhook.claim_codes (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  salt bytea not null,
  code_sha256 bytea not null,
  installer text not null,
  networks cidr[] default '{}'::cidr[] not null,
  phones_left integer not null,
  wrong_tries integer default 0 not null,
  created_by text not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  revoked_at timestamp with time zone
);
create table offhook.claim_phones (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  mac text not null,
  family text not null,
  model text not null,
  address text not null,
  account text not null,
  secret bytea not null,
  admin_password bytea not null,
  opened_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  wrong_tries integer default 0 not null,
  code_id bigint,
  extension text,
  dialled_at timestamp with time zone,
  device_id bigint,
  bound_at timestamp with time zone,
  note text,
  closed_at timestamp with time zone
);
create table offhook.contacts (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  name text not null,
  number text not null,
  mobile text,
  home text
);
create table offhook.device_certificates (
  device_id bigint not null,
  tenant_id bigint not null,
  sha256 text not null,
  subject text not null,
  issuer text not null,
  expires_at timestamp with time zone not null,
  pinned_at timestamp with time zone default now() not null
);
create table offhook.device_contacts (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  device_id bigint not null,
  at timestamp with time zone not null,
  transport text not null,
  address text not null,
  file text not null,
  user_agent text not null,
  family text,
  model text,
  firmware text,
  outcome text not null,
  detail text,
  bytes integer,
  times integer default 1 not null,
  way text
);
create table offhook.device_exposures (
  device_id bigint not null,
  tenant_id bigint not null,
  at timestamp with time zone not null,
  transport text not null,
  address text not null
);
create table offhook.device_files (
  tenant_id bigint not null,
  device_id bigint not null,
  name text not null,
  etag text not null,
  served_at timestamp with time zone not null
);
create table offhook.device_links (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  device_id bigint not null,
  token_sha256 bytea not null,
  created_by text not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  used_from text
);
create table offhook.device_logins (
  device_id bigint not null,
  tenant_id bigint not null,
  password bytea not null,
  created_at timestamp with time zone default now() not null
);
create table offhook.device_resyncs (
  device_id bigint not null,
  tenant_id bigint not null,
  reason text not null,
  state text default 'queued'::text not null,
  due_at timestamp with time zone default now() not null,
  told_at timestamp with time zone,
  ended_at timestamp with time zone,
  note text
);
create table offhook.device_serials (
  tenant_id bigint not null,
  mac text not null,
  serial text not null
);
create table offhook.devices (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  mac text,
  name text not null,
  family text not null,
  model text not null,
  user_id bigint,
  location_id bigint,
  profile_id bigint,
  settings jsonb default '{}'::jsonb not null,
  token bytea not null,
  token_sha256 bytea not null,
  admin_password bytea not null,
  sealed_at timestamp with time zone
);
create table offhook.dids (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  number text not null,
  extension_id bigint
);
create table offhook.directory_entries (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  user_id bigint,
  name text not null,
  number text not null
);
create table offhook.endpoints (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  extension_id bigint not null,
  name text not null,
  kind text not null,
  secret bytea,
  sip_uri text,
  pbx_domain text,
  pbx_device text
);
create table offhook.extensions (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  user_id bigint,
  number text not null,
  label text not null,
  caller_id text,
  ring_seconds integer default 20 not null,
  no_answer text default 'voicemail'::text not null
);
create table offhook.firmware_files (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  image_id bigint not null,
  name text not null,
  models text[] not null,
  sha256 bytea not null,
  bytes bigint not null,
  added_at timestamp with time zone default now() not null
);
create table offhook.firmware_images (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  family text not null,
  version text not null,
  open boolean default false not null,
  added_at timestamp with time zone default now() not null
);
create table offhook.firmware_offers (
  device_id bigint not null,
  tenant_id bigint not null,
  image_id bigint not null,
  rollout_id bigint,
  active boolean not null,
  state text default 'offered'::text not null,
  offered_at timestamp with time zone default now() not null,
  told_at timestamp with time zone,
  fetched_at timestamp with time zone,
  ended_at timestamp with time zone,
  version_before text,
  version_seen text,
  visits integer default 0 not null,
  contact_id bigint default 0 not null
);
create table offhook.firmware_pins (
  device_id bigint not null,
  tenant_id bigint not null,
  image_id bigint
);
create table offhook.firmware_rollouts (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  family text not null,
  model text,
  image_id bigint not null,
  percentage numeric(5,2) not null,
  not_before timestamp with time zone,
  window_from smallint,
  window_to smallint,
  stop_above numeric(5,2) default 10 not null,
  patience_minutes integer default 30 not null,
  visits integer default 3 not null,
  state text default 'running'::text not null,
  note text,
  changed_at timestamp with time zone default now() not null
);
create table offhook.group_members (
  group_id bigint not null,
  user_id bigint not null,
  tenant_id bigint not null,
  penalty integer default 0 not null
);
create table offhook.groups (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  name text not null,
  number text,
  strategy text default 'ringall'::text not null,
  timeout_seconds integer default 300 not null,
  ring_seconds integer default 15 not null,
  queue text not null
);
create table offhook.idempotency_keys (
  token_id bigint not null,
  key text not null,
  tenant_id bigint,
  request_sha256 bytea not null,
  status integer,
  answer bytea,
  created_at timestamp with time zone default now() not null,
  holder uuid,
  held_until timestamp with time zone default now() not null
);
create table offhook.import_changes (
  tenant_id bigint not null,
  import_id bigint not null,
  "row" integer not null,
  verdict text not null,
  who text not null,
  changes text not null,
  secrets bytea,
  user_id bigint
);
create table offhook.import_edits (
  tenant_id bigint not null,
  import_id bigint not null,
  "row" integer not null,
  edit bytea not null,
  actor text not null,
  at timestamp with time zone default now() not null
);
create table offhook.import_progress (
  tenant_id bigint not null,
  import_id bigint not null,
  phase text not null,
  done integer not null,
  total integer not null,
  at timestamp with time zone default now() not null
);
create table offhook.import_rows (
  tenant_id bigint not null,
  import_id bigint not null,
  "row" integer not null,
  verdict text not null,
  who text not null,
  cells text not null,
  diff text not null,
  problems text not null,
  diff_sha256 bytea
);
create table offhook.imports (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  source text not null,
  actor text not null,
  state text not null,
  options jsonb not null,
  counts jsonb not null,
  problems jsonb not null,
  kept jsonb default '[]'::jsonb not null,
  created_at timestamp with time zone default now() not null,
  applied_at timestamp with time zone,
  undone_at timestamp with time zone,
  content bytea,
  errors bytea,
  revision integer default 0 not null,
  attempts integer default 0 not null,
  note text,
  detected jsonb default '{}'::jsonb not null,
  warnings jsonb default '[]'::jsonb not null,
  credentials_until timestamp with time zone,
  erase_after timestamp with time zone,
  erased_at timestamp with time zone,
  asked_by text,
  corrections bytea,
  refused jsonb default '[]'::jsonb not null
);
create table offhook.installation (
  id boolean default true not null,
  realm text not null,
  key_check bytea not null,
  asterisk_schema text not null,
  created_at timestamp with time zone default now() not null,
  voicemail_token bytea
);
create table offhook.invitations (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  user_id bigint not null,
  token_sha256 bytea not null,
  created_at timestamp with time zone default now() not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone
);
create table offhook.keys (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  device_id bigint,
  profile_id bigint,
  "position" integer not null,
  kind text not null,
  value text,
  label text
);
create table offhook.lines (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  device_id bigint not null,
  "position" integer not null,
  endpoint_id bigint not null,
  label text
);
create table offhook.locations (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  name text not null,
  defaults jsonb default '{}'::jsonb not null,
  settings jsonb default '{}'::jsonb not null
);
create table offhook.login_addresses (
  tenant_id bigint not null,
  path text not null,
  opened_at timestamp with time zone default now() not null,
  opened_by text not null
);
create table offhook.mailboxes (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  extension_id bigint not null,
  number text not null,
  pin bytea not null,
  email text,
  pager text,
  transcription boolean default false not null
);
create table offhook.mails (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  user_id bigint,
  import_id bigint,
  kind text not null,
  recipient text not null,
  subject text,
  body bytea,
  message_id text default (gen_random_uuid())::text not null,
  state text default 'queued'::text not null,
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone default now() not null,
  last_error text,
  queued_at timestamp with time zone default now() not null,
  sent_at timestamp with time zone
);
create table offhook.outbox (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  kind text not null,
  subject text not null,
  created_at timestamp with time zone default now() not null,
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone default now() not null,
  last_error text,
  done_at timestamp with time zone
);
create table offhook.owned_rows (
  tenant_id bigint not null,
  table_name text not null,
  row_key text not null
);
create table offhook.profiles (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  name text not null,
  settings jsonb default '{}'::jsonb not null
);
create table offhook.redirect_accounts (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  maker text not null,
  service text not null,
  username text not null,
  login bytea not null,
  options jsonb default '{}'::jsonb not null,
  address text default 'base'::text not null,
  enabled boolean default true not null,
  leaving boolean default false not null,
  note text,
  failures integer default 0 not null,
  paused_until timestamp with time zone,
  created_at timestamp with time zone default now() not null,
  created_by text not null
);
create table offhook.redirect_devices (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  account_id bigint not null,
  mac text not null,
  present boolean default true not null,
  state text default 'wanted'::text not null,
  sent_sha256 bytea,
  sent_at timestamp with time zone,
  confirmed_at timestamp with time zone,
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone default now(),
  reason text,
  cure text,
  altered_at timestamp with time zone,
  altered_to text,
  revision integer default 1 not null
);
create table offhook.release_windows (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  device_id bigint,
  opened_at timestamp with time zone default now() not null,
  closes_at timestamp with time zone not null,
  opened_by text not null
);
create table offhook.remembered (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  actor text not null,
  kind text not null,
  field text not null,
  term text not null,
  target text not null,
  at timestamp with time zone default now() not null
);
create table offhook.roles (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  name text not null,
  is_admin boolean default false not null,
  authentication text default 'default'::text not null
);
create table offhook.spent_mailboxes (
  number text not null,
  tenant_id bigint not null
);
create table offhook.tenants (
  id bigint default nextval('offhook.ids'::regclass) not null,
  slug text not null,
  name text not null,
  defaults jsonb default '{}'::jsonb not null,
  settings jsonb default '{}'::jsonb not null,
  tftp_configs boolean default false not null,
  created_at timestamp with time zone default now() not null,
  app_accounts jsonb default '{}'::jsonb not null
);
create table offhook.tokens (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint,
  name text not null,
  sha256 bytea not null,
  scopes text[] not null,
  created_at timestamp with time zone default now() not null,
  created_by text not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone
);
create table offhook.trunks (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  name text not null,
  match text not null
);
create table offhook.users (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  external_id text,
  username text not null,
  first_name text,
  last_name text,
  email text,
  role text,
  location_id bigint,
  desk text,
  language text,
  timezone text,
  authentication text default 'default'::text not null,
  telephony boolean default true not null,
  fax boolean default false not null,
  tags jsonb default '[]'::jsonb not null,
  password bytea,
  password_hash text,
  password_must_change boolean default false not null,
  password_at timestamp with time zone default now() not null,
  suspended boolean default false not null,
  password_fault_at timestamp with time zone
);
create table offhook.waiting_phones (
  id bigint default nextval('offhook.ids'::regclass) not null,
  mac text,
  address text not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  contacts integer not null,
  transport text not null,
  file text not null,
  user_agent text not null,
  family text,
  model text,
  firmware text,
  outcome text not null
);
create table offhook.webhook_deliveries (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  webhook_id bigint not null,
  event_id text not null,
  type text not null,
  body jsonb not null,
  state text default 'queued'::text not null,
  attempts integer default 0 not null,
  next_attempt_at timestamp with time zone default now() not null,
  last_status integer,
  last_error text,
  created_at timestamp with time zone default now() not null,
  sent_at timestamp with time zone
);
create table offhook.webhooks (
  id bigint default nextval('offhook.ids'::regclass) not null,
  tenant_id bigint not null,
  url text not null,
  secret bytea not null,
  previous_secret bytea,
  previous_until timestamp with time zone,
  events text[] not null,
  enabled boolean default true not null,
  note text,
  created_at timestamp with time zone default now() not null,
  created_by text not null
);

alter table offhook.import_changes alter column changes set storage external;
alter table offhook.import_rows alter column cells set storage external;
alter table offhook.import_rows alter column diff set storage external;

alter table asterisk.extensions add constraint extensions_app_known CHECK (((app)::text = 'Gosub'::text));
alter table asterisk.extensions add constraint extensions_appdata_literal CHECK ((((appdata)::text !~ '[^A-Za-z0-9.&@+,()-]'::text) AND ((appdata)::text ~ '^offhook-[a-z]+,s,1[(]'::text) AND ((appdata)::text !~ '[(].*[(]'::text) AND (strpos((appdata)::text, ')'::text) = length((appdata)::text))));
alter table asterisk.extensions add constraint extensions_context_exten_priority_key UNIQUE (context, exten, priority);
alter table asterisk.extensions add constraint extensions_pkey PRIMARY KEY (id);
alter table asterisk.musiconhold add constraint musiconhold_pkey PRIMARY KEY (name);
alter table asterisk.musiconhold_entry add constraint musiconhold_entry_pkey PRIMARY KEY (name, "position");
alter table asterisk.ps_aors add constraint ps_aors_id_literal CHECK (((id)::text !~ '[_%]'::text));
alter table asterisk.ps_aors add constraint ps_aors_pkey PRIMARY KEY (id);
alter table asterisk.ps_auths add constraint ps_auths_pkey PRIMARY KEY (id);
alter table asterisk.ps_contacts add constraint ps_contacts_pkey PRIMARY KEY (id);
alter table asterisk.ps_contacts add constraint ps_contacts_uq UNIQUE (id, reg_server);
alter table asterisk.ps_domain_aliases add constraint ps_domain_aliases_pkey PRIMARY KEY (id);
alter table asterisk.ps_endpoint_id_ips add constraint ps_endpoint_id_ips_pkey PRIMARY KEY (id);
alter table asterisk.ps_endpoints add constraint ps_endpoints_pkey PRIMARY KEY (id);
alter table asterisk.ps_registrations add constraint ps_registrations_pkey PRIMARY KEY (id);
alter table asterisk.queue_log add constraint queue_log_pkey PRIMARY KEY (id);
alter table asterisk.queue_members add constraint queue_members_pkey PRIMARY KEY (queue_name, interface);
alter table asterisk.queue_members add constraint queue_members_uniqueid_key UNIQUE (uniqueid);
alter table asterisk.queues add constraint queues_pkey PRIMARY KEY (name);
alter table asterisk.voicemail add constraint voicemail_context_mailbox_key UNIQUE (context, mailbox);
alter table asterisk.voicemail add constraint voicemail_pkey PRIMARY KEY (uniqueid);
alter table asterisk.voicemail_messages add constraint voicemail_messages_pkey PRIMARY KEY (dir, msgnum);
alter table offhook.account_states add constraint account_states_pkey PRIMARY KEY (endpoint_id);
alter table offhook.assets add constraint assets_bytes_check CHECK ((bytes > 0));
alter table offhook.assets add constraint assets_check CHECK (((model IS NULL) OR (family IS NOT NULL)));
alter table offhook.assets add constraint assets_kind_check CHECK ((kind = ANY (ARRAY['ringtone'::text, 'wallpaper'::text, 'licence'::text, 'language'::text])));
alter table offhook.assets add constraint assets_name_check CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9._+-]{0,119}$'::text));
alter table offhook.assets add constraint assets_pkey PRIMARY KEY (id);
alter table offhook.assets add constraint assets_sha256_check CHECK ((length(sha256) = 32));
alter table offhook.assets add constraint assets_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.audit add constraint audit_pkey PRIMARY KEY (id);
alter table offhook.changed_devices add constraint changed_devices_pkey PRIMARY KEY (device_id);
alter table offhook.claim_codes add constraint claim_codes_check CHECK (((expires_at > created_at) AND (expires_at <= (created_at + '1 day'::interval))));
alter table offhook.claim_codes add constraint claim_codes_phones_left_check CHECK ((phones_left >= 0));
alter table offhook.claim_codes add constraint claim_codes_pkey PRIMARY KEY (id);
alter table offhook.claim_codes add constraint claim_codes_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.claim_phones add constraint claim_phones_account_check CHECK ((account ~ '^claim[.][a-z0-9]{16}$'::text));
alter table offhook.claim_phones add constraint claim_phones_account_key UNIQUE (account);
alter table offhook.claim_phones add constraint claim_phones_mac_check CHECK ((mac ~ '^[0-9a-f]{12}$'::text));
alter table offhook.claim_phones add constraint claim_phones_mac_tenant_id_key UNIQUE (mac, tenant_id);
alter table offhook.claim_phones add constraint claim_phones_pkey PRIMARY KEY (id);
alter table offhook.claim_phones add constraint claim_phones_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.contacts add constraint contacts_home_check CHECK ((home ~ '^[+]?[0-9*#]{1,32}$'::text));
alter table offhook.contacts add constraint contacts_mobile_check CHECK ((mobile ~ '^[+]?[0-9*#]{1,32}$'::text));
alter table offhook.contacts add constraint contacts_name_check CHECK ((name <> ''::text));
alter table offhook.contacts add constraint contacts_name_unique UNIQUE (name, tenant_id);
alter table offhook.contacts add constraint contacts_number_check CHECK ((number ~ '^[+]?[0-9*#]{1,32}$'::text));
alter table offhook.contacts add constraint contacts_pkey PRIMARY KEY (id);
alter table offhook.contacts add constraint contacts_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.device_certificates add constraint device_certificates_pkey PRIMARY KEY (device_id);
alter table offhook.device_certificates add constraint device_certificates_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text));
alter table offhook.device_contacts add constraint device_contacts_pkey PRIMARY KEY (id);
alter table offhook.device_contacts add constraint device_contacts_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.device_contacts add constraint device_contacts_transport_check CHECK ((transport = ANY (ARRAY['http'::text, 'https'::text, 'tftp'::text, 'pnp'::text])));
alter table offhook.device_contacts add constraint device_contacts_way_check CHECK ((way = ANY (ARRAY['token'::text, 'window'::text, 'certificate'::text, 'digest'::text, 'basic'::text])));
alter table offhook.device_exposures add constraint device_exposures_pkey PRIMARY KEY (device_id);
alter table offhook.device_files add constraint device_files_pkey PRIMARY KEY (device_id, name);
alter table offhook.device_links add constraint device_links_check CHECK (((expires_at > created_at) AND (expires_at <= (created_at + '30 days'::interval))));
alter table offhook.device_links add constraint device_links_pkey PRIMARY KEY (id);
alter table offhook.device_links add constraint device_links_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.device_links add constraint device_links_token_sha256_key UNIQUE (token_sha256);
alter table offhook.device_logins add constraint device_logins_pkey PRIMARY KEY (device_id);
alter table offhook.device_resyncs add constraint device_resyncs_pkey PRIMARY KEY (device_id);
alter table offhook.device_resyncs add constraint device_resyncs_reason_check CHECK ((reason = ANY (ARRAY['changed'::text, 'asked'::text])));
alter table offhook.device_resyncs add constraint device_resyncs_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'told'::text, 'came'::text, 'missing'::text, 'away'::text, 'failed'::text, 'stopped'::text])));
alter table offhook.device_serials add constraint device_serials_mac_check CHECK ((mac ~ '^[0-9a-f]{12}$'::text));
alter table offhook.device_serials add constraint device_serials_pkey PRIMARY KEY (mac, tenant_id);
alter table offhook.device_serials add constraint device_serials_serial_check CHECK ((serial ~ '^[A-Za-z0-9-]{1,40}$'::text));
alter table offhook.devices add constraint devices_mac_check CHECK (((length(mac) = 12) AND (mac !~ '[^0-9a-f]'::text)));
alter table offhook.devices add constraint devices_mac_unique UNIQUE (mac) DEFERRABLE;
alter table offhook.devices add constraint devices_name_unique UNIQUE (name, tenant_id) DEFERRABLE;
alter table offhook.devices add constraint devices_pkey PRIMARY KEY (id);
alter table offhook.devices add constraint devices_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.devices add constraint devices_token_unique UNIQUE (token_sha256) DEFERRABLE;
alter table offhook.dids add constraint dids_number_check CHECK (((number ~ '^[+][1-9][0-9]+$'::text) AND ((length(number) >= 7) AND (length(number) <= 16))));
alter table offhook.dids add constraint dids_number_unique UNIQUE (number) DEFERRABLE;
alter table offhook.dids add constraint dids_pkey PRIMARY KEY (tenant_id, id);
alter table offhook.directory_entries add constraint directory_entries_pkey PRIMARY KEY (tenant_id, id);
alter table offhook.endpoints add constraint endpoints_check CHECK (((kind = 'uri'::text) OR ((pbx_domain IS NULL) AND (pbx_device IS NULL))));
alter table offhook.endpoints add constraint endpoints_check1 CHECK (((pbx_domain IS NULL) = (pbx_device IS NULL)));
alter table offhook.endpoints add constraint endpoints_kind_check CHECK ((kind = ANY (ARRAY['desk'::text, 'web'::text, 'uri'::text])));
alter table offhook.endpoints add constraint endpoints_name_check CHECK (((name !~ '[^A-Za-z0-9.-]'::text) AND ((length(name) >= 1) AND (length(name) <= 60))));
alter table offhook.endpoints add constraint endpoints_name_unique UNIQUE (name) DEFERRABLE;
alter table offhook.endpoints add constraint endpoints_pkey PRIMARY KEY (id);
alter table offhook.endpoints add constraint endpoints_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.extensions add constraint extensions_no_answer_check CHECK ((no_answer = ANY (ARRAY['voicemail'::text, 'hangup'::text])));
alter table offhook.extensions add constraint extensions_number_check CHECK (((number !~ '[^0-9]'::text) AND ((length(number) >= 2) AND (length(number) <= 10))));
alter table offhook.extensions add constraint extensions_number_unique UNIQUE (number, tenant_id) DEFERRABLE;
alter table offhook.extensions add constraint extensions_pkey PRIMARY KEY (id);
alter table offhook.extensions add constraint extensions_ring_seconds_check CHECK (((ring_seconds >= 5) AND (ring_seconds <= 300)));
alter table offhook.extensions add constraint extensions_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.firmware_files add constraint firmware_files_bytes_check CHECK ((bytes > 0));
alter table offhook.firmware_files add constraint firmware_files_name_check CHECK ((name ~ '^[A-Za-z0-9][A-Za-z0-9._+-]{0,119}$'::text));
alter table offhook.firmware_files add constraint firmware_files_pkey PRIMARY KEY (id);
alter table offhook.firmware_files add constraint firmware_files_sha256_check CHECK ((length(sha256) = 32));
alter table offhook.firmware_files add constraint firmware_files_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.firmware_images add constraint firmware_images_pkey PRIMARY KEY (id);
alter table offhook.firmware_images add constraint firmware_images_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.firmware_images add constraint firmware_images_version_check CHECK ((version ~ '^[A-Za-z0-9][A-Za-z0-9._+-]{0,59}$'::text));
alter table offhook.firmware_images add constraint firmware_images_version_unique UNIQUE (version, family, tenant_id);
alter table offhook.firmware_offers add constraint firmware_offers_pkey PRIMARY KEY (device_id);
alter table offhook.firmware_offers add constraint firmware_offers_state_check CHECK ((state = ANY (ARRAY['offered'::text, 'told'::text, 'fetched'::text, 'updated'::text, 'failed'::text, 'missing'::text])));
alter table offhook.firmware_pins add constraint firmware_pins_pkey PRIMARY KEY (device_id);
alter table offhook.firmware_rollouts add constraint firmware_rollouts_check CHECK (((window_from IS NULL) = (window_to IS NULL)));
alter table offhook.firmware_rollouts add constraint firmware_rollouts_model_unique UNIQUE NULLS NOT DISTINCT (model, family, tenant_id);
alter table offhook.firmware_rollouts add constraint firmware_rollouts_patience_minutes_check CHECK (((patience_minutes >= 1) AND (patience_minutes <= 1440)));
alter table offhook.firmware_rollouts add constraint firmware_rollouts_percentage_check CHECK (((percentage >= (0)::numeric) AND (percentage <= (100)::numeric)));
alter table offhook.firmware_rollouts add constraint firmware_rollouts_pkey PRIMARY KEY (id);
alter table offhook.firmware_rollouts add constraint firmware_rollouts_state_check CHECK ((state = ANY (ARRAY['running'::text, 'paused'::text, 'stopped'::text])));
alter table offhook.firmware_rollouts add constraint firmware_rollouts_stop_above_check CHECK (((stop_above >= (0)::numeric) AND (stop_above <= (100)::numeric)));
alter table offhook.firmware_rollouts add constraint firmware_rollouts_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.firmware_rollouts add constraint firmware_rollouts_visits_check CHECK (((visits >= 1) AND (visits <= 100)));
alter table offhook.firmware_rollouts add constraint firmware_rollouts_window_from_check CHECK (((window_from >= 0) AND (window_from <= 1439)));
alter table offhook.firmware_rollouts add constraint firmware_rollouts_window_to_check CHECK (((window_to >= 0) AND (window_to <= 1439)));
alter table offhook.group_members add constraint group_members_penalty_check CHECK (((penalty >= 0) AND (penalty <= 100)));
alter table offhook.group_members add constraint group_members_pkey PRIMARY KEY (group_id, user_id);
alter table offhook.groups add constraint groups_name_check CHECK (((name <> ''::text) AND (name !~ '[,;|]'::text) AND (name !~ '^[0-9]+$'::text)));
alter table offhook.groups add constraint groups_name_unique UNIQUE (name, tenant_id) DEFERRABLE;
alter table offhook.groups add constraint groups_number_check CHECK ((number ~ '^[0-9]{2,10}$'::text));
alter table offhook.groups add constraint groups_number_unique UNIQUE (number, tenant_id) DEFERRABLE;
alter table offhook.groups add constraint groups_pkey PRIMARY KEY (id);
alter table offhook.groups add constraint groups_queue_check CHECK ((queue ~ '^[a-z0-9-]{3,60}$'::text));
alter table offhook.groups add constraint groups_queue_key UNIQUE (queue);
alter table offhook.groups add constraint groups_ring_seconds_check CHECK (((ring_seconds >= 5) AND (ring_seconds <= 300)));
alter table offhook.groups add constraint groups_strategy_check CHECK ((strategy = ANY (ARRAY['ringall'::text, 'leastrecent'::text, 'fewestcalls'::text, 'random'::text, 'rrmemory'::text, 'wrandom'::text, 'rrordered'::text])));
alter table offhook.groups add constraint groups_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.groups add constraint groups_timeout_seconds_check CHECK (((timeout_seconds >= 5) AND (timeout_seconds <= 7200)));
alter table offhook.idempotency_keys add constraint idempotency_keys_pkey PRIMARY KEY (token_id, key);
alter table offhook.import_changes add constraint import_changes_pkey PRIMARY KEY (import_id, "row");
alter table offhook.import_changes add constraint import_rows_verdict_check CHECK ((verdict = ANY (ARRAY['new'::text, 'changed'::text, 'unchanged'::text, 'missing'::text, 'problem'::text])));
alter table offhook.import_edits add constraint import_edits_pkey PRIMARY KEY (import_id, "row");
alter table offhook.import_progress add constraint import_progress_phase_check CHECK ((phase = ANY (ARRAY['reading'::text, 'planning'::text, 'writing'::text, 'undoing'::text, 'done'::text])));
alter table offhook.import_progress add constraint import_progress_pkey PRIMARY KEY (import_id);
alter table offhook.import_rows add constraint import_rows_pkey PRIMARY KEY (import_id, "row");
alter table offhook.import_rows add constraint import_rows_verdict_check1 CHECK ((verdict = ANY (ARRAY['new'::text, 'changed'::text, 'unchanged'::text, 'missing'::text, 'problem'::text])));
alter table offhook.imports add constraint imports_pkey PRIMARY KEY (id);
alter table offhook.imports add constraint imports_state_check CHECK ((state = ANY (ARRAY['planning'::text, 'planned'::text, 'correcting'::text, 'applying'::text, 'applied'::text, 'undoing'::text, 'undone'::text, 'failed'::text])));
alter table offhook.imports add constraint imports_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.installation add constraint installation_asterisk_schema_check CHECK ((asterisk_schema = ANY (ARRAY['ours'::text, 'foreign'::text])));
alter table offhook.installation add constraint installation_id_check CHECK (id);
alter table offhook.installation add constraint installation_pkey PRIMARY KEY (id);
alter table offhook.invitations add constraint invitations_pkey PRIMARY KEY (id);
alter table offhook.invitations add constraint invitations_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.invitations add constraint invitations_token_sha256_key UNIQUE (token_sha256);
alter table offhook.keys add constraint keys_check CHECK ((num_nonnulls(device_id, profile_id) = 1));
alter table offhook.keys add constraint keys_device_id_position_key UNIQUE (device_id, "position");
alter table offhook.keys add constraint keys_pkey PRIMARY KEY (id);
alter table offhook.keys add constraint keys_position_check CHECK ((("position" >= 1) AND ("position" <= 500)));
alter table offhook.keys add constraint keys_profile_id_position_key UNIQUE (profile_id, "position");
alter table offhook.keys add constraint keys_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.lines add constraint lines_pkey PRIMARY KEY (tenant_id, id);
alter table offhook.lines add constraint lines_position_check CHECK ((("position" >= 1) AND ("position" <= 64)));
alter table offhook.lines add constraint lines_position_unique UNIQUE (device_id, "position") DEFERRABLE;
alter table offhook.locations add constraint locations_name_tenant_id_key UNIQUE (name, tenant_id);
alter table offhook.locations add constraint locations_pkey PRIMARY KEY (id);
alter table offhook.locations add constraint locations_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.login_addresses add constraint login_addresses_path_check CHECK ((path ~ '^[A-Za-z0-9_-]{22}$'::text));
alter table offhook.login_addresses add constraint login_addresses_path_key UNIQUE (path);
alter table offhook.login_addresses add constraint login_addresses_pkey PRIMARY KEY (tenant_id);
alter table offhook.mailboxes add constraint mailboxes_number_check CHECK ((number ~ '^[0-9]{2,10}(-[0-9]+)?$'::text));
alter table offhook.mailboxes add constraint mailboxes_number_unique UNIQUE (number, tenant_id) DEFERRABLE;
alter table offhook.mailboxes add constraint mailboxes_pkey PRIMARY KEY (tenant_id, id);
alter table offhook.mails add constraint mails_kind_check CHECK ((kind = ANY (ARRAY['invitation'::text, 'welcome'::text, 'notice'::text, 'voicemail'::text])));
alter table offhook.mails add constraint mails_pkey PRIMARY KEY (id);
alter table offhook.mails add constraint mails_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text])));
alter table offhook.outbox add constraint outbox_kind_check CHECK ((kind = ANY (ARRAY['reload'::text, 'expire'::text, 'tenant-context'::text])));
alter table offhook.outbox add constraint outbox_pkey PRIMARY KEY (id);
alter table offhook.owned_rows add constraint owned_rows_pkey PRIMARY KEY (table_name, row_key);
alter table offhook.profiles add constraint profiles_name_tenant_id_key UNIQUE (name, tenant_id);
alter table offhook.profiles add constraint profiles_pkey PRIMARY KEY (id);
alter table offhook.profiles add constraint profiles_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.redirect_accounts add constraint redirect_accounts_address_check CHECK ((address = ANY (ARRAY['base'::text, 'token'::text])));
alter table offhook.redirect_accounts add constraint redirect_accounts_maker_unique UNIQUE (maker, tenant_id);
alter table offhook.redirect_accounts add constraint redirect_accounts_pkey PRIMARY KEY (id);
alter table offhook.redirect_accounts add constraint redirect_accounts_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.redirect_devices add constraint redirect_devices_account_id_mac_key UNIQUE (account_id, mac);
alter table offhook.redirect_devices add constraint redirect_devices_mac_check CHECK ((mac ~ '^[0-9a-f]{12}$'::text));
alter table offhook.redirect_devices add constraint redirect_devices_pkey PRIMARY KEY (id);
alter table offhook.redirect_devices add constraint redirect_devices_state_check CHECK ((state = ANY (ARRAY['wanted'::text, 'sent'::text, 'confirmed'::text, 'failed'::text])));
alter table offhook.redirect_devices add constraint redirect_devices_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.release_windows add constraint release_windows_check CHECK (((closes_at > opened_at) AND (closes_at <= (opened_at + '7 days'::interval))));
alter table offhook.release_windows add constraint release_windows_pkey PRIMARY KEY (id);
alter table offhook.release_windows add constraint release_windows_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.remembered add constraint remembered_kind_check CHECK ((kind = ANY (ARRAY['column'::text, 'value'::text])));
alter table offhook.remembered add constraint remembered_pkey PRIMARY KEY (id);
alter table offhook.remembered add constraint remembered_tenant_id_actor_kind_field_term_key UNIQUE (tenant_id, actor, kind, field, term);
alter table offhook.remembered add constraint remembered_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.roles add constraint roles_authentication_check CHECK ((authentication = ANY (ARRAY['default'::text, 'disabled'::text, 'email'::text, 'app'::text])));
alter table offhook.roles add constraint roles_name_unique UNIQUE (name, tenant_id);
alter table offhook.roles add constraint roles_pkey PRIMARY KEY (id);
alter table offhook.roles add constraint roles_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.spent_mailboxes add constraint spent_mailboxes_pkey PRIMARY KEY (number, tenant_id);
alter table offhook.tenants add constraint tenants_pkey PRIMARY KEY (id);
alter table offhook.tenants add constraint tenants_slug_check CHECK ((slug ~ '^[a-z0-9]{2,16}$'::text));
alter table offhook.tenants add constraint tenants_slug_key UNIQUE (slug);
alter table offhook.tokens add constraint tokens_name_check CHECK ((name ~ '^[a-z0-9][a-z0-9._-]{0,39}$'::text));
alter table offhook.tokens add constraint tokens_pkey PRIMARY KEY (id);
alter table offhook.tokens add constraint tokens_sha256_key UNIQUE (sha256);
alter table offhook.tokens add constraint tokens_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.trunks add constraint trunks_name_check CHECK ((name ~ '^[a-z0-9-]{1,20}$'::text));
alter table offhook.trunks add constraint trunks_name_unique UNIQUE (name, tenant_id) DEFERRABLE;
alter table offhook.trunks add constraint trunks_pkey PRIMARY KEY (id);
alter table offhook.trunks add constraint trunks_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.users add constraint users_email_unique UNIQUE (email, tenant_id) DEFERRABLE;
alter table offhook.users add constraint users_external_id_unique UNIQUE (external_id, tenant_id) DEFERRABLE;
alter table offhook.users add constraint users_pkey PRIMARY KEY (id);
alter table offhook.users add constraint users_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.users add constraint users_username_unique UNIQUE (username, tenant_id) DEFERRABLE;
alter table offhook.waiting_phones add constraint waiting_phones_mac_address_key UNIQUE NULLS NOT DISTINCT (mac, address);
alter table offhook.waiting_phones add constraint waiting_phones_mac_check CHECK ((mac ~ '^[0-9a-f]{12}$'::text));
alter table offhook.waiting_phones add constraint waiting_phones_pkey PRIMARY KEY (id);
alter table offhook.webhook_deliveries add constraint webhook_deliveries_pkey PRIMARY KEY (id);
alter table offhook.webhook_deliveries add constraint webhook_deliveries_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text])));
alter table offhook.webhook_deliveries add constraint webhook_deliveries_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.webhook_deliveries add constraint webhook_deliveries_webhook_id_event_id_key UNIQUE (webhook_id, event_id);
alter table offhook.webhooks add constraint webhooks_check CHECK (((previous_secret IS NULL) = (previous_until IS NULL)));
alter table offhook.webhooks add constraint webhooks_events_check CHECK ((cardinality(events) > 0));
alter table offhook.webhooks add constraint webhooks_pkey PRIMARY KEY (id);
alter table offhook.webhooks add constraint webhooks_tenant_id_id_key UNIQUE (tenant_id, id);
alter table offhook.account_states add constraint account_states_tenant_id_endpoint_id_fkey FOREIGN KEY (tenant_id, endpoint_id) REFERENCES offhook.endpoints(tenant_id, id) ON DELETE CASCADE;
alter table offhook.account_states add constraint account_states_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.assets add constraint assets_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.audit add constraint audit_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.changed_devices add constraint changed_devices_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id) ON DELETE CASCADE;
alter table offhook.changed_devices add constraint changed_devices_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.claim_codes add constraint claim_codes_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.claim_phones add constraint claim_phones_tenant_id_code_id_fkey FOREIGN KEY (tenant_id, code_id) REFERENCES offhook.claim_codes(tenant_id, id);
alter table offhook.claim_phones add constraint claim_phones_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id) ON DELETE SET NULL (device_id);
alter table offhook.claim_phones add constraint claim_phones_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.contacts add constraint contacts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.device_certificates add constraint device_certificates_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id) ON DELETE CASCADE;
alter table offhook.device_certificates add constraint device_certificates_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.device_contacts add constraint device_contacts_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id) ON DELETE CASCADE;
alter table offhook.device_contacts add constraint device_contacts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.device_exposures add constraint device_exposures_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id) ON DELETE CASCADE;
alter table offhook.device_exposures add constraint device_exposures_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.device_files add constraint device_files_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id) ON DELETE CASCADE;
alter table offhook.device_files add constraint device_files_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.device_links add constraint device_links_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id) ON DELETE CASCADE;
alter table offhook.device_links add constraint device_links_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.device_logins add constraint device_logins_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id) ON DELETE CASCADE;
alter table offhook.device_logins add constraint device_logins_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.device_resyncs add constraint device_resyncs_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id) ON DELETE CASCADE;
alter table offhook.device_resyncs add constraint device_resyncs_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.device_serials add constraint device_serials_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.devices add constraint devices_tenant_id_location_id_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES offhook.locations(tenant_id, id);
alter table offhook.devices add constraint devices_tenant_id_profile_id_fkey FOREIGN KEY (tenant_id, profile_id) REFERENCES offhook.profiles(tenant_id, id);
alter table offhook.devices add constraint devices_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES offhook.users(tenant_id, id);
alter table offhook.dids add constraint dids_tenant_id_extension_id_fkey FOREIGN KEY (tenant_id, extension_id) REFERENCES offhook.extensions(tenant_id, id);
alter table offhook.directory_entries add constraint directory_entries_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES offhook.users(tenant_id, id);
alter table offhook.endpoints add constraint endpoints_tenant_id_extension_id_fkey FOREIGN KEY (tenant_id, extension_id) REFERENCES offhook.extensions(tenant_id, id);
alter table offhook.extensions add constraint extensions_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES offhook.users(tenant_id, id);
alter table offhook.firmware_files add constraint firmware_files_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.firmware_files add constraint firmware_files_tenant_id_image_id_fkey FOREIGN KEY (tenant_id, image_id) REFERENCES offhook.firmware_images(tenant_id, id) ON DELETE CASCADE;
alter table offhook.firmware_images add constraint firmware_images_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.firmware_offers add constraint firmware_offers_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id) ON DELETE CASCADE;
alter table offhook.firmware_offers add constraint firmware_offers_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.firmware_offers add constraint firmware_offers_tenant_id_image_id_fkey FOREIGN KEY (tenant_id, image_id) REFERENCES offhook.firmware_images(tenant_id, id);
alter table offhook.firmware_offers add constraint firmware_offers_tenant_id_rollout_id_fkey FOREIGN KEY (tenant_id, rollout_id) REFERENCES offhook.firmware_rollouts(tenant_id, id);
alter table offhook.firmware_pins add constraint firmware_pins_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id) ON DELETE CASCADE;
alter table offhook.firmware_pins add constraint firmware_pins_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.firmware_pins add constraint firmware_pins_tenant_id_image_id_fkey FOREIGN KEY (tenant_id, image_id) REFERENCES offhook.firmware_images(tenant_id, id);
alter table offhook.firmware_rollouts add constraint firmware_rollouts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.firmware_rollouts add constraint firmware_rollouts_tenant_id_image_id_fkey FOREIGN KEY (tenant_id, image_id) REFERENCES offhook.firmware_images(tenant_id, id);
alter table offhook.group_members add constraint group_members_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.group_members add constraint group_members_tenant_id_group_id_fkey FOREIGN KEY (tenant_id, group_id) REFERENCES offhook.groups(tenant_id, id);
alter table offhook.group_members add constraint group_members_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES offhook.users(tenant_id, id);
alter table offhook.groups add constraint groups_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.idempotency_keys add constraint idempotency_keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.idempotency_keys add constraint idempotency_keys_tenant_id_token_id_fkey FOREIGN KEY (tenant_id, token_id) REFERENCES offhook.tokens(tenant_id, id) ON DELETE CASCADE;
alter table offhook.import_changes add constraint import_rows_tenant_id_import_id_fkey FOREIGN KEY (tenant_id, import_id) REFERENCES offhook.imports(tenant_id, id) ON DELETE CASCADE;
alter table offhook.import_edits add constraint import_edits_tenant_id_import_id_fkey FOREIGN KEY (tenant_id, import_id) REFERENCES offhook.imports(tenant_id, id) ON DELETE CASCADE;
alter table offhook.import_progress add constraint import_progress_tenant_id_import_id_fkey FOREIGN KEY (tenant_id, import_id) REFERENCES offhook.imports(tenant_id, id) ON DELETE CASCADE;
alter table offhook.import_rows add constraint import_rows_tenant_id_import_id_fkey1 FOREIGN KEY (tenant_id, import_id) REFERENCES offhook.imports(tenant_id, id) ON DELETE CASCADE;
alter table offhook.imports add constraint imports_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.invitations add constraint invitations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.invitations add constraint invitations_tenant_id_user_id_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES offhook.users(tenant_id, id) ON DELETE CASCADE;
alter table offhook.keys add constraint keys_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id);
alter table offhook.keys add constraint keys_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.keys add constraint keys_tenant_id_profile_id_fkey FOREIGN KEY (tenant_id, profile_id) REFERENCES offhook.profiles(tenant_id, id);
alter table offhook.lines add constraint lines_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id);
alter table offhook.lines add constraint lines_tenant_id_endpoint_id_fkey FOREIGN KEY (tenant_id, endpoint_id) REFERENCES offhook.endpoints(tenant_id, id);
alter table offhook.locations add constraint locations_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.login_addresses add constraint login_addresses_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.mailboxes add constraint mailboxes_tenant_id_extension_id_fkey FOREIGN KEY (tenant_id, extension_id) REFERENCES offhook.extensions(tenant_id, id);
alter table offhook.outbox add constraint outbox_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.profiles add constraint profiles_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.redirect_accounts add constraint redirect_accounts_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.redirect_devices add constraint redirect_devices_tenant_id_account_id_fkey FOREIGN KEY (tenant_id, account_id) REFERENCES offhook.redirect_accounts(tenant_id, id) ON DELETE CASCADE;
alter table offhook.redirect_devices add constraint redirect_devices_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.release_windows add constraint release_windows_tenant_id_device_id_fkey FOREIGN KEY (tenant_id, device_id) REFERENCES offhook.devices(tenant_id, id) ON DELETE CASCADE;
alter table offhook.release_windows add constraint release_windows_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.remembered add constraint remembered_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.roles add constraint roles_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.spent_mailboxes add constraint spent_mailboxes_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.tokens add constraint tokens_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.trunks add constraint trunks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.users add constraint users_role_fkey FOREIGN KEY (role, tenant_id) REFERENCES offhook.roles(name, tenant_id) ON UPDATE CASCADE;
alter table offhook.users add constraint users_tenant_id_location_id_fkey FOREIGN KEY (tenant_id, location_id) REFERENCES offhook.locations(tenant_id, id);
alter table offhook.webhook_deliveries add constraint webhook_deliveries_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);
alter table offhook.webhook_deliveries add constraint webhook_deliveries_tenant_id_webhook_id_fkey FOREIGN KEY (tenant_id, webhook_id) REFERENCES offhook.webhooks(tenant_id, id) ON DELETE CASCADE;
alter table offhook.webhooks add constraint webhooks_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES offhook.tenants(id);

CREATE INDEX ps_contacts_endpoint ON asterisk.ps_contacts USING btree (endpoint);
CREATE INDEX ps_contacts_id_pattern ON asterisk.ps_contacts USING btree (id varchar_pattern_ops);
CREATE INDEX ps_endpoint_id_ips_endpoint ON asterisk.ps_endpoint_id_ips USING btree (endpoint);
CREATE INDEX assets_sha256_idx ON offhook.assets USING btree (sha256);
CREATE UNIQUE INDEX assets_variant_unique ON offhook.assets USING btree (lower(name), kind, family, model, tenant_id) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX audit_tenant_id_id ON offhook.audit USING btree (tenant_id, id);
CREATE INDEX claim_phones_device_id_idx ON offhook.claim_phones USING btree (device_id);
CREATE INDEX device_contacts_device_id_id_idx ON offhook.device_contacts USING btree (device_id, id);
CREATE INDEX device_links_device_id_idx ON offhook.device_links USING btree (device_id);
CREATE INDEX device_resyncs_state_due_at_idx ON offhook.device_resyncs USING btree (state, due_at);
CREATE INDEX device_resyncs_told_at_idx ON offhook.device_resyncs USING btree (told_at);
CREATE INDEX devices_user_id_tenant_id_idx ON offhook.devices USING btree (user_id, tenant_id);
CREATE INDEX dids_extension_id_tenant_id_idx ON offhook.dids USING btree (extension_id, tenant_id);
CREATE INDEX directory_entries_user_id_tenant_id_idx ON offhook.directory_entries USING btree (user_id, tenant_id);
CREATE INDEX endpoints_extension_id_tenant_id_idx ON offhook.endpoints USING btree (extension_id, tenant_id);
CREATE INDEX extensions_user_id_tenant_id_idx ON offhook.extensions USING btree (user_id, tenant_id);
CREATE INDEX firmware_files_lower_idx ON offhook.firmware_files USING btree (lower(name));
CREATE INDEX firmware_files_sha256_idx ON offhook.firmware_files USING btree (sha256);
CREATE UNIQUE INDEX firmware_files_name_unique ON offhook.firmware_files USING btree (image_id, lower(name));
CREATE INDEX firmware_offers_image_id_idx ON offhook.firmware_offers USING btree (image_id);
CREATE INDEX firmware_offers_rollout_id_idx ON offhook.firmware_offers USING btree (rollout_id);
CREATE INDEX group_members_user_id_tenant_id_idx ON offhook.group_members USING btree (user_id, tenant_id);
CREATE INDEX idempotency_keys_created_at_idx ON offhook.idempotency_keys USING btree (created_at);
CREATE INDEX import_rows_import_id_verdict_row_idx ON offhook.import_rows USING btree (import_id, verdict, "row");
CREATE INDEX invitations_user_id_tenant_id_idx ON offhook.invitations USING btree (user_id, tenant_id);
CREATE INDEX keys_value_tenant_id_idx ON offhook.keys USING btree (value, tenant_id);
CREATE INDEX lines_endpoint_id_tenant_id_idx ON offhook.lines USING btree (endpoint_id, tenant_id);
CREATE INDEX mailboxes_extension_id_tenant_id_idx ON offhook.mailboxes USING btree (extension_id, tenant_id);
CREATE INDEX mails_import_id_tenant_id_idx ON offhook.mails USING btree (import_id, tenant_id);
CREATE INDEX mails_queued ON offhook.mails USING btree (next_attempt_at) WHERE (state = 'queued'::text);
CREATE INDEX mails_user_id_tenant_id_idx ON offhook.mails USING btree (user_id, tenant_id);
CREATE UNIQUE INDEX mails_voicemail_once ON offhook.mails USING btree (message_id, tenant_id) WHERE (kind = 'voicemail'::text);
CREATE INDEX outbox_open ON offhook.outbox USING btree (next_attempt_at) WHERE (done_at IS NULL);
CREATE INDEX redirect_devices_due ON offhook.redirect_devices USING btree (account_id, next_attempt_at) WHERE (next_attempt_at IS NOT NULL);
CREATE INDEX redirect_devices_mac_idx ON offhook.redirect_devices USING btree (mac);
CREATE UNIQUE INDEX tokens_name_unique ON offhook.tokens USING btree (name, tenant_id) NULLS NOT DISTINCT WHERE (revoked_at IS NULL);
CREATE INDEX users_temporary ON offhook.users USING btree (password_at) WHERE (password IS NOT NULL);
CREATE INDEX users_unhashed ON offhook.users USING btree (id) WHERE ((password IS NOT NULL) AND (password_hash IS NULL));
CREATE INDEX waiting_phones_address_last_at_idx ON offhook.waiting_phones USING btree (address, last_at);
CREATE INDEX waiting_phones_last_at_idx ON offhook.waiting_phones USING btree (last_at);
CREATE INDEX webhook_deliveries_queued ON offhook.webhook_deliveries USING btree (webhook_id, next_attempt_at) WHERE (state = 'queued'::text);
CREATE INDEX webhook_deliveries_webhook_id_id_idx ON offhook.webhook_deliveries USING btree (webhook_id, id);

CREATE TRIGGER note_changed_devices_delete AFTER DELETE ON offhook.assets REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select p.id from rows r join offhook.devices p on p.tenant_id = r.tenant_id');
CREATE TRIGGER note_changed_devices_insert AFTER INSERT ON offhook.assets REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select p.id from rows r join offhook.devices p on p.tenant_id = r.tenant_id');
CREATE TRIGGER note_changed_devices_update AFTER UPDATE ON offhook.assets REFERENCING OLD TABLE AS old_rows NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select p.id from rows r join offhook.devices p on p.tenant_id = r.tenant_id');
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE OR UPDATE ON offhook.assets FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER notify_resyncs AFTER INSERT ON offhook.changed_devices FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_channel('offhook_resyncs');
CREATE TRIGGER notify_windows AFTER INSERT OR DELETE OR UPDATE OF phones_left, wrong_tries, revoked_at ON offhook.claim_codes FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_windows();
CREATE TRIGGER notify_claims AFTER UPDATE OF dialled_at ON offhook.claim_phones FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_channel('offhook_claims');
CREATE TRIGGER notify_book_added AFTER INSERT ON offhook.contacts REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_book();
CREATE TRIGGER notify_book_changed AFTER UPDATE ON offhook.contacts REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_book();
CREATE TRIGGER notify_book_gone AFTER DELETE ON offhook.contacts REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_book();
CREATE TRIGGER notify_contacts AFTER INSERT ON offhook.device_contacts FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_channel('offhook_contacts');
CREATE TRIGGER notify_logins AFTER INSERT OR DELETE OR UPDATE ON offhook.device_logins FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_logins();
CREATE TRIGGER notify_resyncs AFTER INSERT OR UPDATE OF due_at ON offhook.device_resyncs FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_channel('offhook_resyncs');
CREATE TRIGGER forget_device_files AFTER UPDATE OF token_sha256 ON offhook.devices FOR EACH ROW WHEN ((old.token_sha256 IS DISTINCT FROM new.token_sha256)) EXECUTE FUNCTION offhook.forget_device_files();
CREATE TRIGGER forget_device_links AFTER UPDATE OF token_sha256 ON offhook.devices FOR EACH ROW WHEN ((old.token_sha256 IS DISTINCT FROM new.token_sha256)) EXECUTE FUNCTION offhook.forget_device_links();
CREATE TRIGGER forget_proofs AFTER UPDATE OF mac ON offhook.devices FOR EACH ROW WHEN ((old.mac IS DISTINCT FROM new.mac)) EXECUTE FUNCTION offhook.forget_proofs();
CREATE TRIGGER note_changed_devices AFTER UPDATE ON offhook.devices REFERENCING OLD TABLE AS old_rows NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select n.id from rows n join old_rows o using (id) where
        (n.name, n.family, n.model, n.user_id, n.location_id, n.profile_id, n.settings, n.admin_password)
        is distinct from (o.name, o.family, o.model, o.user_id, o.location_id, o.profile_id, o.settings, o.admin_password)');
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE ON offhook.devices FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER notify_phones_changed AFTER UPDATE OF mac, name, family, model, user_id, location_id, profile_id, settings, token, token_sha256, admin_password ON offhook.devices FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER notify_sealed AFTER UPDATE OF sealed_at ON offhook.devices FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_sealed();
CREATE TRIGGER queue_redirects_added AFTER INSERT ON offhook.devices REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.queue_redirects_of_rows();
CREATE TRIGGER queue_redirects_changed AFTER UPDATE OF mac, family, token_sha256 ON offhook.devices FOR EACH ROW WHEN (((old.mac IS DISTINCT FROM new.mac) OR (old.family IS DISTINCT FROM new.family) OR (old.token_sha256 IS DISTINCT FROM new.token_sha256))) EXECUTE FUNCTION offhook.queue_redirects_of_row();
CREATE TRIGGER queue_redirects_gone AFTER DELETE ON offhook.devices REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.queue_redirects_of_rows();
CREATE TRIGGER notify_book_added AFTER INSERT ON offhook.directory_entries REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_book();
CREATE TRIGGER notify_book_changed AFTER UPDATE ON offhook.directory_entries REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_book();
CREATE TRIGGER notify_book_gone AFTER DELETE ON offhook.directory_entries REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_book();
CREATE TRIGGER note_changed_devices AFTER UPDATE ON offhook.endpoints REFERENCING OLD TABLE AS old_rows NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select l.device_id from rows r join offhook.lines l on l.endpoint_id = r.id');
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE OR UPDATE ON offhook.endpoints FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER note_changed_devices AFTER UPDATE ON offhook.extensions REFERENCING OLD TABLE AS old_rows NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select l.device_id from rows r join offhook.endpoints e on e.extension_id = r.id
        join offhook.lines l on l.endpoint_id = e.id');
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE OR UPDATE ON offhook.extensions FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE OR UPDATE ON offhook.firmware_files FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER notify_rollouts AFTER INSERT OR DELETE OR UPDATE ON offhook.firmware_files FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_channel('offhook_rollouts');
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE OR UPDATE ON offhook.firmware_images FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER note_changed_devices_delete AFTER DELETE ON offhook.firmware_offers REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select device_id from rows where active');
CREATE TRIGGER note_changed_devices_insert AFTER INSERT ON offhook.firmware_offers REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select device_id from rows where active');
CREATE TRIGGER note_changed_devices_update AFTER UPDATE ON offhook.firmware_offers REFERENCING OLD TABLE AS old_rows NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select n.device_id from rows n join old_rows o using (device_id)
        where (n.image_id, n.active) is distinct from (o.image_id, o.active)');
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE ON offhook.firmware_offers FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER notify_phones_changed AFTER UPDATE OF image_id, active ON offhook.firmware_offers FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER notify_rollouts AFTER INSERT OR DELETE OR UPDATE ON offhook.firmware_pins FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_channel('offhook_rollouts');
CREATE TRIGGER notify_rollouts AFTER INSERT OR DELETE OR UPDATE ON offhook.firmware_rollouts FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_channel('offhook_rollouts');
CREATE TRIGGER notify_book_added AFTER INSERT ON offhook.groups REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_book();
CREATE TRIGGER notify_book_changed AFTER UPDATE ON offhook.groups REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_book();
CREATE TRIGGER notify_book_gone AFTER DELETE ON offhook.groups REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_book();
CREATE TRIGGER notify_imports AFTER INSERT OR UPDATE OF state, revision ON offhook.imports FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_imports();
CREATE TRIGGER note_changed_devices AFTER UPDATE ON offhook.keys REFERENCING OLD TABLE AS old_rows NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select device_id from rows
        union select p.id from rows r join offhook.devices p on p.profile_id = r.profile_id');
CREATE TRIGGER note_changed_devices_added AFTER INSERT ON offhook.keys REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select device_id from rows
        union select p.id from rows r join offhook.devices p on p.profile_id = r.profile_id');
CREATE TRIGGER note_changed_devices_gone AFTER DELETE ON offhook.keys REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select device_id from rows
        union select p.id from rows r join offhook.devices p on p.profile_id = r.profile_id');
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE OR UPDATE ON offhook.keys FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER note_changed_devices AFTER UPDATE ON offhook.lines REFERENCING OLD TABLE AS old_rows NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select device_id from rows');
CREATE TRIGGER note_changed_devices_added AFTER INSERT ON offhook.lines REFERENCING NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select device_id from rows');
CREATE TRIGGER note_changed_devices_gone AFTER DELETE ON offhook.lines REFERENCING OLD TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select device_id from rows');
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE OR UPDATE ON offhook.lines FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER note_changed_devices AFTER UPDATE ON offhook.locations REFERENCING OLD TABLE AS old_rows NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select p.id from rows r join offhook.devices p on p.location_id = r.id
        union select p.id from rows r join offhook.users u on u.location_id = r.id
        join offhook.devices p on p.user_id = u.id');
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE OR UPDATE ON offhook.locations FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER notify_logins AFTER INSERT OR DELETE OR UPDATE ON offhook.login_addresses FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_logins();
CREATE TRIGGER notify_mails AFTER INSERT ON offhook.mails FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_mails();
CREATE TRIGGER notify_outbox AFTER INSERT ON offhook.outbox FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_outbox();
CREATE TRIGGER note_changed_devices AFTER UPDATE ON offhook.profiles REFERENCING OLD TABLE AS old_rows NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select p.id from rows r join offhook.devices p on p.profile_id = r.id');
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE OR UPDATE ON offhook.profiles FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER notify_redirects AFTER UPDATE OF enabled, login, options, paused_until ON offhook.redirect_accounts FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_channel('offhook_redirects');
CREATE TRIGGER notify_redirects AFTER INSERT OR UPDATE OF next_attempt_at ON offhook.redirect_devices FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_channel('offhook_redirects');
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE OR UPDATE ON offhook.release_windows FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER note_changed_devices AFTER UPDATE ON offhook.tenants REFERENCING OLD TABLE AS old_rows NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select p.id from rows n join old_rows o using (id) join offhook.devices p on p.tenant_id = n.id
        where n.settings is distinct from o.settings');
CREATE TRIGGER notify_book AFTER UPDATE OF settings, defaults ON offhook.tenants FOR EACH ROW WHEN (((old.settings IS DISTINCT FROM new.settings) OR (old.defaults IS DISTINCT FROM new.defaults))) EXECUTE FUNCTION offhook.notify_book_of_row('id');
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE OR UPDATE ON offhook.tenants FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER note_changed_devices AFTER UPDATE ON offhook.users REFERENCING OLD TABLE AS old_rows NEW TABLE AS rows FOR EACH STATEMENT EXECUTE FUNCTION offhook.note_changed_devices('select p.id from rows n join old_rows o using (id) join offhook.devices p on p.user_id = n.id
        where (n.location_id, n.language, n.timezone) is distinct from (o.location_id, o.language, o.timezone)');
CREATE TRIGGER notify_book AFTER UPDATE OF first_name, last_name, suspended ON offhook.users FOR EACH ROW WHEN (((old.first_name IS DISTINCT FROM new.first_name) OR (old.last_name IS DISTINCT FROM new.last_name) OR (old.suspended IS DISTINCT FROM new.suspended))) EXECUTE FUNCTION offhook.notify_book_of_row('tenant_id');
CREATE TRIGGER notify_phones AFTER INSERT OR DELETE ON offhook.users FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER notify_phones_changed AFTER UPDATE OF tenant_id, location_id, language, timezone ON offhook.users FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_phones();
CREATE TRIGGER void_password_hash BEFORE UPDATE OF password ON offhook.users FOR EACH ROW WHEN (((new.password IS NOT NULL) AND (new.password IS DISTINCT FROM old.password))) EXECUTE FUNCTION offhook.void_password_hash();
CREATE TRIGGER notify_contacts AFTER INSERT OR UPDATE ON offhook.waiting_phones FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_channel('offhook_contacts');
CREATE TRIGGER notify_webhooks AFTER INSERT ON offhook.webhook_deliveries REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION offhook.notify_webhooks();

alter table offhook.account_states enable row level security;
alter table offhook.assets enable row level security;
alter table offhook.audit enable row level security;
alter table offhook.changed_devices enable row level security;
alter table offhook.claim_codes enable row level security;
alter table offhook.claim_phones enable row level security;
alter table offhook.contacts enable row level security;
alter table offhook.device_certificates enable row level security;
alter table offhook.device_contacts enable row level security;
alter table offhook.device_exposures enable row level security;
alter table offhook.device_files enable row level security;
alter table offhook.device_links enable row level security;
alter table offhook.device_logins enable row level security;
alter table offhook.device_resyncs enable row level security;
alter table offhook.device_serials enable row level security;
alter table offhook.devices enable row level security;
alter table offhook.dids enable row level security;
alter table offhook.directory_entries enable row level security;
alter table offhook.endpoints enable row level security;
alter table offhook.extensions enable row level security;
alter table offhook.firmware_files enable row level security;
alter table offhook.firmware_images enable row level security;
alter table offhook.firmware_offers enable row level security;
alter table offhook.firmware_pins enable row level security;
alter table offhook.firmware_rollouts enable row level security;
alter table offhook.group_members enable row level security;
alter table offhook.groups enable row level security;
alter table offhook.idempotency_keys enable row level security;
alter table offhook.import_changes enable row level security;
alter table offhook.import_edits enable row level security;
alter table offhook.import_progress enable row level security;
alter table offhook.import_rows enable row level security;
alter table offhook.imports enable row level security;
alter table offhook.invitations enable row level security;
alter table offhook.keys enable row level security;
alter table offhook.lines enable row level security;
alter table offhook.locations enable row level security;
alter table offhook.login_addresses enable row level security;
alter table offhook.mailboxes enable row level security;
alter table offhook.mails enable row level security;
alter table offhook.outbox enable row level security;
alter table offhook.owned_rows enable row level security;
alter table offhook.profiles enable row level security;
alter table offhook.redirect_accounts enable row level security;
alter table offhook.redirect_devices enable row level security;
alter table offhook.release_windows enable row level security;
alter table offhook.remembered enable row level security;
alter table offhook.roles enable row level security;
alter table offhook.spent_mailboxes enable row level security;
alter table offhook.tenants enable row level security;
alter table offhook.tokens enable row level security;
alter table offhook.trunks enable row level security;
alter table offhook.users enable row level security;
alter table offhook.webhook_deliveries enable row level security;
alter table offhook.webhooks enable row level security;

create policy app on offhook.account_states for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.assets for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.assets for select to offhook_phones using (true);
create policy app on offhook.audit for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.changed_devices for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.claim_codes for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.claim_codes for select to offhook_phones using (true);
create policy app on offhook.claim_phones for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.contacts for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.contacts for select to offhook_phones using (true);
create policy app on offhook.device_certificates for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.device_certificates for all to offhook_phones using (true) with check (true);
create policy app on offhook.device_contacts for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.device_contacts for all to offhook_phones using (true) with check (true);
create policy app on offhook.device_exposures for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.device_exposures for all to offhook_phones using (true) with check (true);
create policy app on offhook.device_files for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.device_files for all to offhook_phones using (true) with check (true);
create policy app on offhook.device_links for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.device_links for all to offhook_phones using (true);
create policy app on offhook.device_logins for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.device_logins for all to offhook_phones using (true) with check (true);
create policy app on offhook.device_resyncs for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.device_serials for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.devices for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.devices for select to offhook_phones using (true);
create policy phones_seal on offhook.devices for update to offhook_phones using (true);
create policy app on offhook.dids for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.directory_entries for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.directory_entries for select to offhook_phones using (true);
create policy app on offhook.endpoints for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.endpoints for select to offhook_phones using (true);
create policy app on offhook.extensions for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.extensions for select to offhook_phones using (true);
create policy app on offhook.firmware_files for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.firmware_files for select to offhook_phones using (true);
create policy app on offhook.firmware_images for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.firmware_images for select to offhook_phones using (true);
create policy app on offhook.firmware_offers for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.firmware_offers for select to offhook_phones using (true);
create policy app on offhook.firmware_pins for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.firmware_rollouts for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.group_members for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.groups for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.groups for select to offhook_phones using (true);
create policy app on offhook.idempotency_keys for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.import_changes for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.import_edits for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.import_progress for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.import_rows for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.imports for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.invitations for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.keys for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.keys for select to offhook_phones using (true);
create policy app on offhook.lines for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.lines for select to offhook_phones using (true);
create policy app on offhook.locations for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.locations for select to offhook_phones using (true);
create policy app on offhook.login_addresses for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.login_addresses for all to offhook_phones using (true) with check (true);
create policy app on offhook.mailboxes for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.mails for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.outbox for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.owned_rows for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.profiles for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.profiles for select to offhook_phones using (true);
create policy app on offhook.redirect_accounts for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.redirect_devices for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.release_windows for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.release_windows for select to offhook_phones using (true);
create policy app on offhook.remembered for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.roles for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.spent_mailboxes for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.tenants for select to offhook_app using ((id = ( SELECT offhook.tenant() AS tenant)));
create policy app_change on offhook.tenants for update to offhook_app using ((id = ( SELECT offhook.tenant() AS tenant))) with check ((id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.tenants for select to offhook_phones using (true);
create policy app on offhook.tokens for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.trunks for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.users for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy phones on offhook.users for select to offhook_phones using (true);
create policy app on offhook.webhook_deliveries for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));
create policy app on offhook.webhooks for all to offhook_app using ((tenant_id = ( SELECT offhook.tenant() AS tenant))) with check ((tenant_id = ( SELECT offhook.tenant() AS tenant)));

grant usage on schema asterisk to offhook_app;
grant usage on schema asterisk to offhook_asterisk;
grant usage on schema offhook to offhook_app;
grant usage on schema offhook to offhook_asterisk;
grant usage on schema offhook to offhook_phones;

grant select on table asterisk.cdr to offhook_app;
grant insert, select on table asterisk.cdr to offhook_asterisk;
grant delete, insert, select, update on table asterisk.extensions to offhook_app;
grant select on table asterisk.extensions to offhook_asterisk;
grant select on table asterisk.musiconhold to offhook_app;
grant select on table asterisk.musiconhold to offhook_asterisk;
grant select on table asterisk.musiconhold_entry to offhook_app;
grant select on table asterisk.musiconhold_entry to offhook_asterisk;
grant delete, insert, select, update on table asterisk.ps_aors to offhook_app;
grant select on table asterisk.ps_aors to offhook_asterisk;
grant delete, insert, select, update on table asterisk.ps_auths to offhook_app;
grant select on table asterisk.ps_auths to offhook_asterisk;
grant select on table asterisk.ps_contacts to offhook_app;
grant delete, insert, select, update on table asterisk.ps_contacts to offhook_asterisk;
grant select on table asterisk.ps_domain_aliases to offhook_app;
grant select on table asterisk.ps_domain_aliases to offhook_asterisk;
grant delete, insert, select, update on table asterisk.ps_endpoint_id_ips to offhook_app;
grant select on table asterisk.ps_endpoint_id_ips to offhook_asterisk;
grant delete, insert, select, update on table asterisk.ps_endpoints to offhook_app;
grant select on table asterisk.ps_endpoints to offhook_asterisk;
grant select on table asterisk.ps_registrations to offhook_app;
grant select on table asterisk.ps_registrations to offhook_asterisk;
grant select on table asterisk.queue_log to offhook_app;
grant insert, select on table asterisk.queue_log to offhook_asterisk;
grant delete, insert, select, update on table asterisk.queue_members to offhook_app;
grant select on table asterisk.queue_members to offhook_asterisk;
grant select on table asterisk.queue_rules to offhook_app;
grant select on table asterisk.queue_rules to offhook_asterisk;
grant delete, insert, select, update on table asterisk.queues to offhook_app;
grant select on table asterisk.queues to offhook_asterisk;
grant delete, insert, select, update on table asterisk.voicemail to offhook_app;
grant select on table asterisk.voicemail to offhook_asterisk;
grant select on table asterisk.voicemail_messages to offhook_app;
grant delete, insert, select, update on table asterisk.voicemail_messages to offhook_asterisk;
grant delete, insert, select, update on table offhook.account_states to offhook_app;
grant delete, insert, select, update on table offhook.assets to offhook_app;
grant select on table offhook.assets to offhook_phones;
grant insert, select on table offhook.audit to offhook_app;
grant delete, insert, select, update on table offhook.changed_devices to offhook_app;
grant delete, insert, select, update on table offhook.claim_codes to offhook_app;
grant delete, insert, select, update on table offhook.claim_phones to offhook_app;
grant delete, insert, select, update on table offhook.contacts to offhook_app;
grant delete, insert, select, update on table offhook.device_certificates to offhook_app;
grant insert, select, update on table offhook.device_certificates to offhook_phones;
grant delete, insert, select, update on table offhook.device_contacts to offhook_app;
grant delete, insert, select on table offhook.device_contacts to offhook_phones;
grant delete, insert, select, update on table offhook.device_exposures to offhook_app;
grant insert, select, update on table offhook.device_exposures to offhook_phones;
grant delete, insert, select, update on table offhook.device_files to offhook_app;
grant insert, select, update on table offhook.device_files to offhook_phones;
grant delete, insert, select, update on table offhook.device_links to offhook_app;
grant select on table offhook.device_links to offhook_phones;
grant delete, insert, select, update on table offhook.device_logins to offhook_app;
grant select on table offhook.device_logins to offhook_phones;
grant delete, insert, select, update on table offhook.device_resyncs to offhook_app;
grant delete, insert, select, update on table offhook.device_serials to offhook_app;
grant delete, insert, select, update on table offhook.devices to offhook_app;
grant select on table offhook.devices to offhook_phones;
grant delete, insert, select, update on table offhook.dids to offhook_app;
grant delete, insert, select, update on table offhook.directory_entries to offhook_app;
grant delete, insert, select, update on table offhook.endpoints to offhook_app;
grant select on table offhook.endpoints to offhook_phones;
grant delete, insert, select, update on table offhook.extensions to offhook_app;
grant select on table offhook.extensions to offhook_phones;
grant delete, insert, select, update on table offhook.firmware_files to offhook_app;
grant select on table offhook.firmware_files to offhook_phones;
grant delete, insert, select, update on table offhook.firmware_images to offhook_app;
grant select on table offhook.firmware_images to offhook_phones;
grant delete, insert, select, update on table offhook.firmware_offers to offhook_app;
grant select on table offhook.firmware_offers to offhook_phones;
grant delete, insert, select, update on table offhook.firmware_pins to offhook_app;
grant delete, insert, select, update on table offhook.firmware_rollouts to offhook_app;
grant delete, insert, select, update on table offhook.group_members to offhook_app;
grant delete, insert, select, update on table offhook.groups to offhook_app;
grant delete, insert, select, update on table offhook.idempotency_keys to offhook_app;
grant usage on sequence offhook.ids to offhook_app;
grant usage on sequence offhook.ids to offhook_phones;
grant delete, insert, select, update on table offhook.import_changes to offhook_app;
grant delete, insert, select, update on table offhook.import_edits to offhook_app;
grant delete, insert, select, update on table offhook.import_progress to offhook_app;
grant delete, insert, select, update on table offhook.import_rows to offhook_app;
grant delete, insert, select, update on table offhook.imports to offhook_app;
grant select on table offhook.installation to offhook_app;
grant delete, insert, select, update on table offhook.invitations to offhook_app;
grant delete, insert, select, update on table offhook.keys to offhook_app;
grant select on table offhook.keys to offhook_phones;
grant delete, insert, select, update on table offhook.lines to offhook_app;
grant select on table offhook.lines to offhook_phones;
grant delete, insert, select, update on table offhook.locations to offhook_app;
grant delete, insert, select, update on table offhook.login_addresses to offhook_app;
grant select on table offhook.login_addresses to offhook_phones;
grant delete, insert, select, update on table offhook.mailboxes to offhook_app;
grant delete, insert, select, update on table offhook.mails to offhook_app;
grant delete, insert, select, update on table offhook.outbox to offhook_app;
grant delete, insert, select, update on table offhook.owned_rows to offhook_app;
grant delete, insert, select, update on table offhook.profiles to offhook_app;
grant delete, insert, select, update on table offhook.redirect_accounts to offhook_app;
grant delete, insert, select, update on table offhook.redirect_devices to offhook_app;
grant delete, insert, select, update on table offhook.release_windows to offhook_app;
grant select on table offhook.release_windows to offhook_phones;
grant delete, insert, select, update on table offhook.remembered to offhook_app;
grant delete, insert, select, update on table offhook.roles to offhook_app;
grant delete, insert, select, update on table offhook.spent_mailboxes to offhook_app;
grant select on table offhook.tenants to offhook_app;
grant delete, insert, select, update on table offhook.tokens to offhook_app;
grant delete, insert, select, update on table offhook.trunks to offhook_app;
grant delete, insert, select, update on table offhook.users to offhook_app;
grant delete, insert, select, update on table offhook.waiting_phones to offhook_phones;
grant delete, insert, select, update on table offhook.webhook_deliveries to offhook_app;
grant delete, insert, select, update on table offhook.webhooks to offhook_app;

grant usage on all sequences in schema asterisk to offhook_app;
grant usage on all sequences in schema asterisk to offhook_asterisk;

grant update (expiration_time) on table asterisk.ps_contacts to offhook_app;
grant update (paused, reason_paused) on table asterisk.queue_members to offhook_asterisk;
grant update (password) on table asterisk.voicemail to offhook_asterisk;
grant select (id, tenant_id, networks, phones_left, wrong_tries, created_at, expires_at, revoked_at) on table offhook.claim_codes to offhook_phones;
grant select (id, tenant_id, name, number, mobile, home) on table offhook.contacts to offhook_phones;
grant update (used_at, used_from) on table offhook.device_links to offhook_phones;
grant update (sealed_at) on table offhook.devices to offhook_phones;
grant select (id, tenant_id, user_id, name, number) on table offhook.directory_entries to offhook_phones;
grant select (id, tenant_id, name, number) on table offhook.groups to offhook_phones;
grant select (id, tenant_id, settings) on table offhook.locations to offhook_phones;
grant select (id, tenant_id, settings) on table offhook.profiles to offhook_phones;
grant update (name, defaults, settings, tftp_configs, app_accounts) on table offhook.tenants to offhook_app;
grant select (id, slug, settings, tftp_configs) on table offhook.tenants to offhook_phones;
grant select (id, tenant_id, first_name, last_name, location_id, language, timezone, suspended) on table offhook.users to offhook_phones;

revoke all on function offhook.claim_by_dial(text,text,text) from public;
revoke all on function offhook.taken_dids(text[]) from public;
revoke all on function offhook.taken_macs(text[]) from public;
revoke all on function offhook.tenant_language(bigint) from public;

grant execute on function offhook.claim_by_dial(text,text,text) to offhook_asterisk;
grant execute on function offhook.taken_dids(text[]) to offhook_app;
grant execute on function offhook.taken_macs(text[]) to offhook_app;
grant execute on function offhook.tenant_language(bigint) to offhook_app;
grant execute on function offhook.tenant_language(bigint) to offhook_phones;
