import type { HeaderWords } from '../headers.ts'

export const FRENCH: HeaderWords = {
  external_id: 'identifiant externe; matricule; numéro de matricule; numéro employé; id externe; id employé',
  extension: `
    extension; poste; numéro de poste; numéro interne; numéro court; poste interne; poste téléphonique; numéro`,
  first_name: 'prénom; prénoms',
  last_name: 'nom de famille; patronyme',
  full_name: `
    nom; nom complet; nom et prénom; prénom et nom; nom affiché; nom prénom; prénom nom; collaborateur; utilisateur;
    nom d’affichage`,
  email: `
    courriel; e-mail; mail; adresse e-mail; adresse mail; adresse électronique; adresse courriel; mél;
    email professionnel`,
  username: 'nom d’utilisateur; identifiant; login; compte; identifiant de connexion; nom de connexion',
  role: 'rôle; rôle utilisateur; droits; profil utilisateur; autorisations',
  location: 'site; emplacement; lieu; agence; bureau; bâtiment; localisation; établissement; succursale',
  caller_id: `
    identifiant appelant; numéro présenté; numéro affiché; présentation du numéro; numéro sortant; id appelant;
    numéro de l’appelant`,
  did: `
    SDA; numéro SDA; numéro direct; ligne directe; téléphone; numéro de téléphone; tél; numéro public;
    numéro externe; téléphone professionnel; téléphone fixe; numéro entrant`,
  mac: 'MAC; adresse MAC; adresse matérielle; adresse physique',
  model: 'modèle; modèle de téléphone; type de téléphone; type d’appareil; appareil; terminal; modèle du poste',
  line: 'ligne; numéro de ligne; ligne SIP',
  voicemail_pin: `
    code messagerie; PIN messagerie; code PIN; code de messagerie vocale; code boîte vocale; mot de passe messagerie`,
  voicemail_email: `
    e-mail messagerie; courriel messagerie; e-mail messagerie vocale; adresse messagerie vocale;
    courriel messagerie vocale`,
  pager: 'pager; téléavertisseur; bipeur',
  transcription: 'transcription; transcription messagerie; transcription vocale; transcription des messages',
  telephony: 'téléphonie; téléphonie activée; accès téléphonie; téléphonie autorisée',
  fax: 'fax; télécopie; fax activé; fax autorisé',
  sip_mode: 'mode SIP; paramètres SIP; type SIP; réglage SIP; type de connexion',
  pbx_domain: 'domaine PBX; domaine IPBX; domaine SIP; serveur PBX; autocommutateur',
  pbx_device: 'appareil PBX; poste PBX; numéro d’appareil; poste IPBX',
  sip_uri: 'URI SIP; adresse SIP; URI SIP personnalisée; URL SIP',
  authentication: `
    authentification; type d’authentification; double authentification; sécurité de connexion; double facteur`,
  password: 'mot de passe; mot de passe initial; mot de passe provisoire; mot de passe temporaire',
  groups: 'groupes; groupe; équipe; équipes; service; services; département; groupe d’appel; groupes d’appel',
  desk: 'poste de travail; salle; place; numéro de bureau',
  tags: 'étiquettes; étiquette; mots-clés; mot-clé; libellés',
  language: 'langue; langue préférée; langue du téléphone',
  timezone: 'fuseau horaire; fuseau',
  suspended: 'suspendu; désactivé; bloqué; inactif; actif; activé; compte actif',
  ignored: `
    numéro de fax; portable; mobile; téléphone portable; téléphone mobile; remarque; remarques; commentaire;
    description; titre; fonction; civilité; société; rue; ville; pays; code postal; numéro de série; adresse IP;
    responsable`,
}
