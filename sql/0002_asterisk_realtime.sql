-- Asterisk's own realtime tables, with every column that the migrations shipped with Asterisk 22.10 give them, so that
-- an Asterisk prepared by its own tools finds nothing missing. Where this differs from theirs it is wider, never
-- narrower: callerid and mailboxes hold any name we accept, auth_type knows `digest`, and the checks below refuse what
-- Asterisk would misread. Skipped as a whole when the schema was there before us.
create schema asterisk;
set local search_path = asterisk;

create type ast_bool_values as enum ('0', '1', 'off', 'on', 'false', 'true', 'no', 'yes');
create type pjsip_connected_line_method_values as enum ('invite', 'reinvite', 'update');
create type pjsip_direct_media_glare_mitigation_values as enum ('none', 'outgoing', 'incoming');
create type pjsip_dtmf_mode_values_v3 as enum ('rfc4733', 'inband', 'info', 'auto', 'auto_info');
create type pjsip_timer_values as enum ('forced', 'no', 'required', 'yes');
create type pjsip_cid_privacy_values as enum ('allowed_not_screened', 'allowed_passed_screened', 'allowed_failed_screened', 'allowed', 'prohib_not_screened', 'prohib_passed_screened', 'prohib_failed_screened', 'prohib', 'unavailable');
create type pjsip_100rel_values_v2 as enum ('no', 'required', 'peer_supported', 'yes');
create type pjsip_media_encryption_values as enum ('no', 'sdes', 'dtls');
create type pjsip_t38udptl_ec_values as enum ('none', 'fec', 'redundancy');
create type pjsip_dtls_setup_values as enum ('active', 'passive', 'actpass');
create type pjsip_redirect_method_values as enum ('user', 'uri_core', 'uri_pjsip');
create type sha_hash_values as enum ('SHA-1', 'SHA-256');
create type pjsip_incoming_call_offer_pref_values as enum ('local', 'local_first', 'remote', 'remote_first');
create type pjsip_outgoing_call_offer_pref_values as enum ('local', 'local_merge', 'local_first', 'remote', 'remote_merge', 'remote_first');
create type security_negotiation_values as enum ('no', 'mediasec');
create type pjsip_auth_type_values_v2 as enum ('md5', 'userpass', 'google_oauth', 'digest');
create type yes_no_values as enum ('yes', 'no');
create type yesno_values as enum ('yes', 'no');
create type queue_autopause_values as enum ('yes', 'no', 'all');
create type queue_strategy_values as enum ('ringall', 'leastrecent', 'fewestcalls', 'random', 'rrmemory', 'linear', 'wrandom', 'rrordered');
create type moh_mode_values as enum ('custom', 'files', 'mp3nb', 'quietmp3nb', 'quietmp3', 'playlist');

create table ps_endpoints (
  id varchar(255) not null,
  transport varchar(40),
  aors varchar(2048),
  auth varchar(255),
  context varchar(40),
  disallow varchar(200),
  allow varchar(200),
  direct_media ast_bool_values,
  connected_line_method pjsip_connected_line_method_values,
  direct_media_method pjsip_connected_line_method_values,
  direct_media_glare_mitigation pjsip_direct_media_glare_mitigation_values,
  disable_direct_media_on_nat ast_bool_values,
  dtmf_mode pjsip_dtmf_mode_values_v3,
  external_media_address varchar(40),
  force_rport ast_bool_values,
  ice_support ast_bool_values,
  identify_by varchar(80),
  mailboxes varchar(255),
  moh_suggest varchar(40),
  outbound_auth varchar(255),
  outbound_proxy varchar(255),
  rewrite_contact ast_bool_values,
  rtp_ipv6 ast_bool_values,
  rtp_symmetric ast_bool_values,
  send_diversion ast_bool_values,
  send_pai ast_bool_values,
  send_rpid ast_bool_values,
  timers_min_se integer,
  timers pjsip_timer_values,
  timers_sess_expires integer,
  callerid varchar(255),
  callerid_privacy pjsip_cid_privacy_values,
  callerid_tag varchar(40),
  "100rel" pjsip_100rel_values_v2,
  aggregate_mwi ast_bool_values,
  trust_id_inbound ast_bool_values,
  trust_id_outbound ast_bool_values,
  use_ptime ast_bool_values,
  use_avpf ast_bool_values,
  media_encryption pjsip_media_encryption_values,
  inband_progress ast_bool_values,
  call_group varchar(40),
  pickup_group varchar(40),
  named_call_group varchar(40),
  named_pickup_group varchar(40),
  device_state_busy_at integer,
  fax_detect ast_bool_values,
  t38_udptl ast_bool_values,
  t38_udptl_ec pjsip_t38udptl_ec_values,
  t38_udptl_maxdatagram integer,
  t38_udptl_nat ast_bool_values,
  t38_udptl_ipv6 ast_bool_values,
  tone_zone varchar(40),
  language varchar(40),
  one_touch_recording ast_bool_values,
  record_on_feature varchar(40),
  record_off_feature varchar(40),
  rtp_engine varchar(40),
  allow_transfer ast_bool_values,
  allow_subscribe ast_bool_values,
  sdp_owner varchar(40),
  sdp_session varchar(40),
  tos_audio varchar(10),
  tos_video varchar(10),
  sub_min_expiry integer,
  from_domain varchar(40),
  from_user varchar(40),
  mwi_from_user varchar(40),
  dtls_verify varchar(40),
  dtls_rekey varchar(40),
  dtls_cert_file varchar(200),
  dtls_private_key varchar(200),
  dtls_cipher varchar(200),
  dtls_ca_file varchar(200),
  dtls_ca_path varchar(200),
  dtls_setup pjsip_dtls_setup_values,
  srtp_tag_32 ast_bool_values,
  media_address varchar(40),
  redirect_method pjsip_redirect_method_values,
  set_var text,
  cos_audio integer,
  cos_video integer,
  message_context varchar(40),
  force_avp ast_bool_values,
  media_use_received_transport ast_bool_values,
  accountcode varchar(80),
  user_eq_phone ast_bool_values,
  moh_passthrough ast_bool_values,
  media_encryption_optimistic ast_bool_values,
  rpid_immediate ast_bool_values,
  g726_non_standard ast_bool_values,
  rtp_keepalive integer,
  rtp_timeout integer,
  rtp_timeout_hold integer,
  bind_rtp_to_media_address ast_bool_values,
  voicemail_extension varchar(40),
  mwi_subscribe_replaces_unsolicited ast_bool_values,
  deny varchar(95),
  permit varchar(95),
  acl varchar(40),
  contact_deny varchar(95),
  contact_permit varchar(95),
  contact_acl varchar(40),
  subscribe_context varchar(40),
  fax_detect_timeout integer,
  contact_user varchar(80),
  preferred_codec_only ast_bool_values,
  asymmetric_rtp_codec ast_bool_values,
  rtcp_mux ast_bool_values,
  allow_overlap ast_bool_values,
  refer_blind_progress ast_bool_values,
  notify_early_inuse_ringing ast_bool_values,
  max_audio_streams integer,
  max_video_streams integer,
  webrtc ast_bool_values,
  dtls_fingerprint sha_hash_values,
  incoming_mwi_mailbox varchar(40),
  bundle ast_bool_values,
  dtls_auto_generate_cert ast_bool_values,
  follow_early_media_fork ast_bool_values,
  accept_multiple_sdp_answers ast_bool_values,
  suppress_q850_reason_headers ast_bool_values,
  trust_connected_line ast_bool_values,
  send_connected_line ast_bool_values,
  ignore_183_without_sdp ast_bool_values,
  codec_prefs_incoming_offer varchar(128),
  codec_prefs_outgoing_offer varchar(128),
  codec_prefs_incoming_answer varchar(128),
  codec_prefs_outgoing_answer varchar(128),
  stir_shaken ast_bool_values,
  send_history_info ast_bool_values,
  allow_unauthenticated_options ast_bool_values,
  t38_bind_udptl_to_media_address ast_bool_values,
  geoloc_incoming_call_profile varchar(80),
  geoloc_outgoing_call_profile varchar(80),
  incoming_call_offer_pref pjsip_incoming_call_offer_pref_values,
  outgoing_call_offer_pref pjsip_outgoing_call_offer_pref_values,
  stir_shaken_profile varchar(80),
  security_negotiation security_negotiation_values,
  security_mechanisms varchar(512),
  send_aoc ast_bool_values,
  overlap_context varchar(80),
  tenantid varchar(80),
  suppress_moh_on_sendonly ast_bool_values,
  follow_redirect_methods varchar(95),
  rtp_port_start integer,
  rtp_port_end integer
);

create table ps_auths (
  id varchar(255) not null,
  auth_type pjsip_auth_type_values_v2,
  nonce_lifetime integer,
  md5_cred varchar(40),
  password varchar(80),
  realm varchar(255),
  username varchar(40),
  refresh_token varchar(255),
  oauth_clientid varchar(255),
  oauth_secret varchar(255),
  password_digest varchar(1024),
  supported_algorithms_uas varchar(1024),
  supported_algorithms_uac varchar(1024)
);

create table ps_aors (
  id varchar(255) not null,
  contact varchar(255),
  default_expiration integer,
  mailboxes varchar(80),
  max_contacts integer,
  minimum_expiration integer,
  remove_existing ast_bool_values,
  qualify_frequency integer,
  authenticate_qualify ast_bool_values,
  maximum_expiration integer,
  outbound_proxy varchar(255),
  support_path ast_bool_values,
  qualify_timeout double precision,
  voicemail_extension varchar(40),
  remove_unavailable ast_bool_values,
  qualify_2xx_only ast_bool_values
);

create table ps_contacts (
  id varchar(255) not null,
  uri varchar(511),
  expiration_time bigint,
  qualify_frequency integer,
  outbound_proxy varchar(255),
  path text,
  user_agent varchar(255),
  qualify_timeout double precision,
  reg_server varchar(255),
  authenticate_qualify ast_bool_values,
  via_addr varchar(40),
  via_port integer,
  call_id varchar(255),
  endpoint varchar(255),
  prune_on_boot ast_bool_values,
  qualify_2xx_only ast_bool_values
);

create table ps_domain_aliases (
  id varchar(255) not null,
  domain varchar(255)
);

create table ps_endpoint_id_ips (
  id varchar(255) not null,
  endpoint varchar(255),
  match varchar(80),
  srv_lookups ast_bool_values,
  match_header varchar(255),
  match_request_uri varchar(255)
);

create table ps_registrations (
  id varchar(255) not null,
  auth_rejection_permanent ast_bool_values,
  client_uri varchar(255),
  contact_user varchar(40),
  expiration integer,
  max_retries integer,
  outbound_auth varchar(255),
  outbound_proxy varchar(255),
  retry_interval integer,
  forbidden_retry_interval integer,
  server_uri varchar(255),
  transport varchar(40),
  support_path ast_bool_values,
  fatal_retry_interval integer,
  line ast_bool_values,
  endpoint varchar(255),
  support_outbound ast_bool_values,
  contact_header_params varchar(255),
  max_random_initial_delay integer,
  security_negotiation security_negotiation_values,
  security_mechanisms varchar(512),
  user_agent varchar(255)
);

create table extensions (
  id bigint generated by default as identity primary key,
  context varchar(40) not null,
  exten varchar(40) not null,
  priority integer not null,
  app varchar(40) not null,
  appdata varchar(256) not null
);

create table voicemail (
  uniqueid integer generated by default as identity primary key,
  context varchar(80) not null,
  mailbox varchar(80) not null,
  password varchar(80) not null,
  fullname varchar(80),
  alias varchar(80),
  email varchar(80),
  pager varchar(80),
  attach yes_no_values,
  attachfmt varchar(10),
  serveremail varchar(80),
  language varchar(20),
  tz varchar(30),
  deletevoicemail yes_no_values,
  saycid yes_no_values,
  sendvoicemail yes_no_values,
  review yes_no_values,
  tempgreetwarn yes_no_values,
  operator yes_no_values,
  envelope yes_no_values,
  sayduration integer,
  forcename yes_no_values,
  forcegreetings yes_no_values,
  callback varchar(80),
  dialout varchar(80),
  exitcontext varchar(80),
  maxmsg integer,
  volgain numeric(5,2),
  imapuser varchar(80),
  imappassword varchar(80),
  imapserver varchar(80),
  imapport varchar(8),
  imapflags varchar(80),
  stamp timestamp
);

create table voicemail_messages (
  dir varchar(255) not null,
  msgnum integer not null,
  context varchar(80),
  callerid varchar(80),
  origtime integer,
  duration integer,
  recording bytea,
  flag varchar(30),
  category varchar(30),
  mailboxuser varchar(30),
  mailboxcontext varchar(30),
  msg_id varchar(40)
);

create table queues (
  name varchar(128) not null,
  musiconhold varchar(128),
  announce varchar(128),
  context varchar(128),
  timeout integer,
  ringinuse yesno_values,
  setinterfacevar yesno_values,
  setqueuevar yesno_values,
  setqueueentryvar yesno_values,
  monitor_format varchar(8),
  membermacro varchar(512),
  membergosub varchar(512),
  queue_youarenext varchar(128),
  queue_thereare varchar(128),
  queue_callswaiting varchar(128),
  queue_quantity1 varchar(128),
  queue_quantity2 varchar(128),
  queue_holdtime varchar(128),
  queue_minutes varchar(128),
  queue_minute varchar(128),
  queue_seconds varchar(128),
  queue_thankyou varchar(128),
  queue_callerannounce varchar(128),
  queue_reporthold varchar(128),
  announce_frequency integer,
  announce_to_first_user yesno_values,
  min_announce_frequency integer,
  announce_round_seconds integer,
  announce_holdtime varchar(128),
  announce_position varchar(128),
  announce_position_limit integer,
  periodic_announce varchar(50),
  periodic_announce_frequency integer,
  relative_periodic_announce yesno_values,
  random_periodic_announce yesno_values,
  retry integer,
  wrapuptime integer,
  penaltymemberslimit integer,
  autofill yesno_values,
  monitor_type varchar(128),
  autopause queue_autopause_values,
  autopausedelay integer,
  autopausebusy yesno_values,
  autopauseunavail yesno_values,
  maxlen integer,
  servicelevel integer,
  strategy queue_strategy_values,
  joinempty varchar(128),
  leavewhenempty varchar(128),
  reportholdtime yesno_values,
  memberdelay integer,
  weight integer,
  timeoutrestart yesno_values,
  defaultrule varchar(128),
  timeoutpriority varchar(128),
  log_restricted_caller_id ast_bool_values
);

create table queue_members (
  queue_name varchar(80) not null,
  interface varchar(80) not null,
  membername varchar(80),
  state_interface varchar(80),
  penalty integer,
  paused integer,
  uniqueid integer generated by default as identity unique,
  wrapuptime integer,
  ringinuse ast_bool_values,
  reason_paused varchar(80)
);

create table queue_rules (
  rule_name varchar(80) not null,
  "time" varchar(32) not null,
  min_penalty varchar(32) not null,
  max_penalty varchar(32) not null
);

create table musiconhold (
  name varchar(80) not null,
  mode moh_mode_values,
  directory varchar(255),
  application varchar(255),
  digit varchar(1),
  sort varchar(10),
  format varchar(10),
  stamp timestamp,
  loop_last yesno_values
);

create table musiconhold_entry (
  name varchar(80) not null,
  "position" integer not null,
  entry varchar(1024) not null
);

create table cdr (
  accountcode varchar(80),
  src varchar(80),
  dst varchar(80),
  dcontext varchar(80),
  clid varchar(80),
  channel varchar(80),
  dstchannel varchar(80),
  lastapp varchar(80),
  lastdata varchar(80),
  start timestamp,
  answer timestamp,
  "end" timestamp,
  duration integer,
  billsec integer,
  disposition varchar(45),
  amaflags varchar(45),
  userfield varchar(256),
  uniqueid varchar(150),
  linkedid varchar(150),
  peeraccount varchar(80),
  sequence integer
);

create table queue_log (
  id bigint generated by default as identity primary key,
  "time" timestamp,
  callid varchar(80),
  queuename varchar(256),
  agent varchar(80),
  event varchar(32),
  data1 varchar(100),
  data2 varchar(100),
  data3 varchar(100),
  data4 varchar(100),
  data5 varchar(100)
);

alter table ps_endpoints add primary key (id);
alter table ps_auths add primary key (id);
alter table ps_aors add primary key (id);
alter table ps_contacts add primary key (id);
alter table ps_contacts add constraint ps_contacts_uq unique (id, reg_server);
alter table ps_domain_aliases add primary key (id);
alter table ps_endpoint_id_ips add primary key (id);
alter table ps_registrations add primary key (id);
alter table extensions add unique (context, exten, priority);
alter table voicemail add unique (context, mailbox);
alter table queues add primary key (name);
alter table queue_members add primary key (queue_name, interface);
alter table musiconhold add primary key (name);
alter table musiconhold_entry add primary key (name, "position");
alter table voicemail_messages add primary key (dir, msgnum);

-- res_sorcery_realtime.c looks contacts up by `id like 'aor^3B@%'` without escaping: an `_` or `%` in an AOR would list,
-- ring and remove the contacts of others.
alter table ps_aors add constraint ps_aors_id_literal check (id !~ '[_%]');
-- The same query needs an index that serves LIKE under any collation.
create index ps_contacts_id_pattern on ps_contacts (id varchar_pattern_ops);
create index ps_contacts_endpoint on ps_contacts (endpoint);
create index ps_endpoint_id_ips_endpoint on ps_endpoint_id_ips (endpoint);

-- appdata is code to Asterisk: pbx_substitute_variables expands ${...} and $[...]. Our dialplan only ever reads rows of
-- this shape, and nothing else can be stored.
alter table extensions add constraint extensions_app_known check (app = 'Gosub');
alter table extensions add constraint extensions_appdata_literal
  check (appdata ~ '^offhook-[a-z]+,s,1\([A-Za-z0-9.&@+-]*(,[A-Za-z0-9.&@+-]*)*\)$');
