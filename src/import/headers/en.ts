import type { HeaderWords } from '../headers.ts'

export const ENGLISH: HeaderWords = {
  external_id: `
    external id; employee id; employee number; personnel number; staff id; staff number; directory id; hr id;
    object id`,
  extension: `
    extension; ext; extension number; virtual extension; internal number; short dial; number; phone extension`,
  first_name: 'first name; given name; forename; christian name; first',
  last_name: 'last name; surname; family name; second name; last',
  full_name: 'name; full name; display name; person; employee; employee name; user; contact name',
  email: 'email; e-mail; mail; email address; mail address; work email; business email; e-mail address',
  username: 'username; user name; login; login name; user id; account name; sign-in name',
  role: 'role; user role; role name; permission; permissions; access level',
  location: 'location; site; office; branch; building; office location; location name',
  caller_id: `
    caller id; caller id number; outbound caller id; outgoing number; cli; clid; displayed number; caller number`,
  did: `
    did; did number; ddi; ddi number; direct dial; direct number; direct line; phone number; phone; telephone;
    telephone number; work phone; business phone; office phone; public number; inbound number`,
  mac: 'mac; mac address; hardware address; device mac; phone mac; ethernet address; macid; mac id',
  model: 'model; phone model; device model; device type; phone type; device; phone device; handset',
  line: 'line; line number; account slot; sip line; phone line; line index',
  voicemail_pin: `
    voicemail pin; voicemail password; vm pin; vm password; mailbox pin; pin; mailbox password; voice mail pin`,
  voicemail_email: 'voicemail email; vm email; mailbox email; voicemail to email; voicemail mail; voice mail email',
  pager: 'pager; pager email; pager address; pager e-mail',
  transcription: 'transcription; voicemail transcription; transcribe; speech to text',
  telephony: 'telephony; telephony enabled; use telephony; calling enabled; voice enabled',
  fax: 'fax; fax enabled; use fax; fax allowed',
  sip_mode: 'sip mode; sip settings; sip option; sip type; softphone type; connection type',
  pbx_domain: 'pbx domain; pbx host; sip domain; pbx server',
  pbx_device: 'pbx device; pbx device number; pbx extension; device number',
  sip_uri: 'sip uri; custom sip uri; custom uri; sip address; sip url; uri',
  authentication: `
    authentication; authentication type; auth type; two factor; two-factor authentication; 2fa; mfa; login security`,
  password: 'password; initial password; temporary password; user password; login password; passwd',
  groups: 'groups; group; skill group; skill groups; teams; team; department; departments; ring group; ring groups',
  desk: 'desk; user desk; desk name; seat; workplace; room; desks',
  tags: 'tags; tag; labels; label; keywords',
  language: 'language; lang; preferred language; locale; phone language',
  timezone: 'timezone; time zone; tz; time-zone',
  suspended: `
    suspended; disabled; deactivated; inactive; blocked; locked; account disabled; enabled; active; is active;
    account active`,
  ignored: `
    fax number; mobile; mobile phone; mobile number; cell phone; home phone; home email; recovery email; status;
    notes; note; comment; comments; description; title; job title; company; street; city; country; postcode; zip;
    serial number; ip address; firmware; tenant; action; password hash; auth id; manager`,
}
