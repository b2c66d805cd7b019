import type { HeaderWords } from '../headers.ts'

/** Column names of other systems' exports that no dictionary of a language holds. */
export const EXPORTS: HeaderWords = {
  // Directories: Microsoft Entra ID (bulk create, download users), LDAP attribute names, Google Workspace.
  username: 'user principal name; userPrincipalName; sAMAccountName; uid',
  last_name: 'sn',
  full_name: 'displayName; cn',
  email: 'primary email; primary smtp address',
  location: 'physicalDeliveryOfficeName; building id',
  did: 'telephoneNumber; businessPhones',
  // Telephone systems: FreePBX bulk handler, FusionPBX, 3CX and Yeastar exports of extensions.
  voicemail_pin: 'voicemail vmpwd; vmpwd; vmsecret',
  voicemail_email: 'voicemail mail to',
  pager: 'voicemail pager',
  caller_id: 'outboundcid; outbound caller id number; effective caller id number',
  mac: 'device mac address',
  model: 'device template',
  groups: 'call group; pickup group',
  suspended: 'block sign in; accountEnabled',
  ignored: `
    usage location; licenses; org unit path; password hash function; secondary email;
    home secondary email; work secondary email; new primary email; recovery phone; home address; work address;
    cost center; floor name; account code; voicemail enable;
    outbound caller id name; effective caller id name; emergency caller id number; template filename`,
  secret: `
    secret; sip secret; sip password; auth password; authentication password; registration password; phone password;
    device password; web password; md5 cred; SIP-Passwort; SIP-Kennwort; mot de passe SIP; contraseña SIP`,
}
