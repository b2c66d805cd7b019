import type { HeaderWords } from '../headers.ts'

/** A file of another system that is known by its columns, so that words that mean something else elsewhere fit. */
export type KnownExport = {
  system: string
  /** Column names that only this file has together. */
  signature: string
  columns: HeaderWords
  /** Field → text, lower case, as the system writes it → text as we read it. */
  values?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/**
 * Names of columns as the systems write them: FreePBX Bulk Handler (class BulkHandler of module core), FusionPBX
 * app/extensions/extension_download.php, 3CX “Bulk Extension Import”, Yeastar P-Series administrator guide “Extension
 * Parameters”, Wazo “CSV Import and Export”, Microsoft Entra “Download a list of users”, Google “Add or update
 * multiple users from a CSV file”. `ignored` are those that the dictionaries would take for something else. Departments
 * and groups of another system are tags here: nobody is to answer the calls of a group because of an organisation chart.
 */
export const KNOWN_EXPORTS: readonly KnownExport[] = [
  {
    system: 'FreePBX',
    signature: 'extension; tech; devicetype; sipdriver',
    columns: {
      extension: 'extension',
      full_name: 'name',
      caller_id: 'outboundcid',
      voicemail_pin: 'voicemail_vmpwd',
      voicemail_email: 'voicemail_email',
      pager: 'voicemail_pager',
      language: 'languages_language',
      secret: 'password; secret; md5_cred; outbound_auth',
      ignored: 'user; devicetype; callerid; callgroup; pickupgroup; account; context; description; mailbox; sipname',
    },
  },
  {
    system: 'FusionPBX',
    signature: 'extension; effective_caller_id_name',
    columns: {
      external_id: 'extension_uuid',
      extension: 'extension',
      first_name: 'directory_first_name',
      last_name: 'directory_last_name',
      full_name: 'effective_caller_id_name; directory_full_name',
      caller_id: 'outbound_caller_id_number',
      tags: 'call_group',
      suspended: 'enabled',
      secret: 'password',
      ignored: 'effective_caller_id_number; emergency_caller_id_number; description; mwi_account',
    },
  },
  {
    system: '3CX',
    signature: 'Number; AuthID; AuthPassword',
    columns: {
      extension: 'Number',
      first_name: 'FirstName',
      last_name: 'LastName',
      email: 'EmailAddress',
      caller_id: 'OutboundCallerID',
      did: 'DID',
      mac: 'MAC; MAC_0',
      model: 'PhoneModel; PhoneModel14; Model',
      voicemail_pin: 'PIN',
      suspended: 'Disabled',
      role: 'Role',
      tags: 'Department',
      secret: 'AuthPassword; DeskphoneWebPass; SrvcAccessPwd',
      ignored: 'AuthID; SIPID; MobileNumber; ClickToCall; PinProtect',
    },
    // What its people may do in its console; only the two kinds of administrators may do the like here.
    values: {
      role: {
        ...{
          system_owners: 'admin',
          system_owner: 'admin',
          system_admins: 'admin',
          system_admin: 'admin',
          'system administrator': 'admin',
        },
        ...{ owners: 'user', managers: 'user', group_owners: 'user', group_admins: 'user', group_admin: 'user' },
        ...{ manager: 'user', owner: 'user', receptionists: 'user', receptionist: 'user', users: 'user' },
      },
    },
  },
  {
    system: 'Yeastar',
    signature: 'Extension Number; Registration Name; Registration Password',
    columns: {
      extension: 'Extension Number',
      first_name: 'First Name',
      last_name: 'Last Name',
      email: 'Email Address',
      role: 'User Role',
      tags: 'Organization',
      voicemail_pin: 'Voicemail Access PIN',
      secret: 'User Password; Registration Password',
      // `Caller ID` is what other extensions see; it is the extension's number as a rule.
      ignored: 'Caller ID; Registration Name; Emergency Outbound Caller ID; Mobile Number; Email Language',
    },
    values: { role: { '0': '', none: '' } },
  },
  {
    system: 'Wazo',
    signature: 'exten; line_protocol; firstname',
    columns: {
      external_id: 'uuid',
      extension: 'exten',
      first_name: 'firstname',
      last_name: 'lastname',
      email: 'email',
      username: 'username',
      language: 'language',
      caller_id: 'outgoing_caller_id',
      did: 'incall_exten',
      voicemail_pin: 'voicemail_password',
      voicemail_email: 'voicemail_email',
      suspended: 'enabled',
      secret: 'password; sip_secret; call_permission_password; provisioning_code',
      ignored: 'sip_username; voicemail_name; voicemail_number; mobile_phone_number; userfield',
    },
    // The caller id that the line or the trunk has.
    values: { caller_id: { default: '', anonymous: '' } },
  },
  {
    system: 'Microsoft Entra',
    signature: 'userPrincipalName; userType; accountEnabled',
    columns: {
      external_id: 'id; objectId',
      first_name: 'givenName',
      last_name: 'surname',
      full_name: 'displayName',
      email: 'mail',
      username: 'userPrincipalName',
      location: 'officeLocation; physicalDeliveryOfficeName',
      tags: 'department',
      did: 'telephoneNumber',
      suspended: 'accountEnabled',
      ignored: `
        mobile; mobilePhone; alternateEmailAddress; authenticationEmail; authenticationPhoneNumber; userType; jobTitle;
        authenticationAlternativePhoneNumber`,
    },
  },
  {
    // Its “Bulk create” file has no column for the e-mail address; the name to sign in with is one.
    system: 'Microsoft Entra',
    signature: 'User name; Initial password; Block sign in',
    columns: {
      first_name: 'First name',
      last_name: 'Last name',
      full_name: 'Name',
      email: 'User name',
      location: 'Office',
      tags: 'Department',
      did: 'Office phone',
      suspended: 'Block sign in',
      secret: 'Initial password',
      ignored: 'Mobile phone; Job title',
    },
  },
  {
    system: 'Google Workspace',
    signature: 'Email Address; Org Unit Path',
    columns: {
      external_id: 'Employee ID',
      first_name: 'First Name',
      last_name: 'Last Name',
      email: 'Email Address',
      location: 'Building ID',
      tags: 'Department',
      did: 'Work Phone',
      suspended: 'Status',
      secret: 'Password',
      ignored: 'Password Hash Function; New Status; Employee Title; Manager Email; Recovery Email; Recovery Phone',
    },
  },
]
