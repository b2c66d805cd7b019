import type { HeaderWords } from '../headers.ts'

export const GERMAN: HeaderWords = {
  external_id: `
    Externe ID; Personalnummer; Personal-Nr; Mitarbeiternummer; Mitarbeiter-ID; Kennung; Kennnummer; Stammnummer`,
  extension: `
    Nebenstelle; Nebenstellennummer; Durchwahl; Durchwahlnummer; DW; NSt; Nebenstelle Nr; interne Nummer;
    interne Rufnummer; Kurzwahl; Nummer; Apparat; Klappe`,
  first_name: 'Vorname; Vornamen; Rufname',
  last_name: 'Nachname; Familienname; Zuname; Nachnamen',
  full_name: `
    Name; vollständiger Name; Anzeigename; Mitarbeiter; Benutzer; Person; Vor- und Nachname; Vorname Nachname;
    Nachname Vorname; Mitarbeitername; Teilnehmer`,
  email: 'E-Mail; Mail; E-Mail-Adresse; Mailadresse; Mail-Adresse; Emailadresse; E-Post; geschäftliche E-Mail',
  username: 'Benutzername; Anmeldename; Login; Loginname; Nutzername; Benutzerkennung; Kontoname',
  role: 'Rolle; Benutzerrolle; Berechtigung; Rechte; Rollenname',
  location: 'Standort; Niederlassung; Filiale; Büro; Gebäude; Ort; Dienstort; Zweigstelle; Standortname',
  caller_id: `
    Anrufer-ID; Absendernummer; ausgehende Nummer; ausgehende Rufnummer; angezeigte Nummer; angezeigte Rufnummer;
    Anzeigenummer; abgehende Rufnummer; CLIP`,
  did: `
    Rufnummer; Telefonnummer; Telefon; Tel; Tel-Nr; Durchwahl extern; Direktdurchwahl; externe Nummer;
    externe Rufnummer; öffentliche Nummer; Festnetz; Festnetznummer; Amtsnummer; Telefon geschäftlich`,
  mac: 'MAC; MAC-Adresse; Hardwareadresse; Geräte-MAC; Telefon-MAC; MAC Adr',
  model: 'Modell; Telefonmodell; Gerätemodell; Gerätetyp; Telefontyp; Gerät; Endgerät; Apparatetyp',
  line: 'Leitung; Leitungsnummer; Linie; Konto-Platz; Leitungstaste; Account',
  voicemail_pin: `
    Voicemail-PIN; Mailbox-PIN; PIN; Anrufbeantworter-PIN; Voicemail-Passwort; Mailbox-Passwort; Sprachbox-PIN`,
  voicemail_email: 'Voicemail-E-Mail; Mailbox-E-Mail; Voicemail an E-Mail; Anrufbeantworter-E-Mail; Sprachbox-E-Mail',
  pager: 'Pager; Pager-E-Mail; Funkruf',
  transcription: 'Transkription; Voicemail-Transkription; Verschriftlichung; Spracherkennung; Transkript',
  telephony: 'Telefonie; Telefonie aktiv; darf telefonieren; Telefonie erlaubt',
  fax: 'Fax; Fax aktiv; darf faxen; Fax erlaubt',
  sip_mode: 'SIP-Modus; SIP-Einstellungen; SIP-Art; SIP-Einstellung; Anschlussart; Verbindungsart',
  pbx_domain: 'PBX-Domain; PBX-Domäne; Telefonanlage; Anlagendomain; SIP-Domäne; TK-Anlage',
  pbx_device: 'PBX-Gerät; Gerätenummer; PBX-Nebenstelle; Anlagennebenstelle',
  sip_uri: 'SIP-URI; SIP-Adresse; eigene SIP-URI; SIP-URL',
  authentication: `
    Authentifizierung; Anmeldeart; Zwei-Faktor-Authentifizierung; Anmeldesicherheit; Authentisierung; Zwei-Faktor`,
  password: 'Passwort; Kennwort; Startpasswort; Initialpasswort; Anfangspasswort; vorläufiges Passwort',
  groups: 'Gruppen; Gruppe; Abteilung; Abteilungen; Team; Teams; Sammelruf; Sammelrufgruppe; Skill-Gruppe',
  desk: 'Arbeitsplatz; Schreibtisch; Platz; Raum; Zimmer; Raumnummer; Büronummer',
  tags: 'Schlagwörter; Schlagworte; Stichwörter; Etiketten; Markierungen; Tags',
  language: 'Sprache; bevorzugte Sprache; Telefonsprache; Gerätesprache',
  timezone: 'Zeitzone; Zeit-Zone',
  suspended: 'gesperrt; deaktiviert; inaktiv; stillgelegt; aktiv; aktiviert; freigeschaltet; Konto aktiv',
  ignored: `
    Faxnummer; Fax-Nr; Mobil; Mobilnummer; Mobiltelefon; Handy; Handynummer; Telefon privat; Bemerkung; Bemerkungen;
    Notiz; Notizen; Beschreibung; Titel; Anrede; Firma; Straße; Stadt; Land; PLZ; Postleitzahl; Seriennummer;
    IP-Adresse; Hausnummer; Kundennummer; Kostenstelle; Vorgesetzter; Vorwahl; Mandant`,
}
