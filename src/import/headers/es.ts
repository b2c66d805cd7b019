import type { HeaderWords } from '../headers.ts'

export const SPANISH: HeaderWords = {
  external_id: `
    id externo; identificador externo; número de empleado; id de empleado; legajo; matrícula; código de empleado`,
  extension: 'extensión; número de extensión; interno; anexo; número interno; ext; extensión telefónica; número',
  first_name: 'nombre de pila; primer nombre; nombres',
  last_name: 'apellido; apellidos; primer apellido',
  full_name: `
    nombre; nombre completo; nombre y apellidos; nombre y apellido; nombre para mostrar; empleado; usuario; persona;
    apellidos y nombre`,
  email: `
    correo; correo electrónico; e-mail; dirección de correo; email corporativo; correo de trabajo;
    dirección de correo electrónico; mail`,
  username: 'nombre de usuario; identificador de usuario; cuenta; login; inicio de sesión',
  role: 'rol; función de usuario; rol de usuario; permisos; perfil de usuario',
  location: 'sede; ubicación; oficina; sucursal; delegación; edificio; lugar; centro de trabajo; localización',
  caller_id: `
    identificador de llamada; identificador de llamadas; número saliente; número mostrado; número de salida;
    id de llamada`,
  did: `
    teléfono; número de teléfono; número directo; línea directa; número público; número externo; tel;
    teléfono de trabajo; número entrante; teléfono fijo; marcación directa`,
  mac: 'MAC; dirección MAC; dirección física; MAC del teléfono',
  model: `
    modelo; modelo de teléfono; tipo de teléfono; tipo de dispositivo; dispositivo; aparato; modelo del teléfono`,
  line: 'línea; número de línea; línea SIP',
  voicemail_pin: `
    PIN del buzón; PIN de buzón; PIN; PIN de voz; contraseña del buzón; PIN del buzón de voz; clave del buzón;
    código del buzón`,
  voicemail_email: 'correo del buzón; correo del buzón de voz; email del buzón; correo de voz; email buzón de voz',
  pager: 'buscapersonas; pager; localizador; busca',
  transcription: 'transcripción; transcripción del buzón; transcripción de voz',
  telephony: 'telefonía; telefonía activa; telefonía habilitada; usa telefonía',
  fax: 'fax; fax activo; fax habilitado; usa fax',
  sip_mode: 'modo SIP; tipo SIP; ajustes SIP; configuración SIP; tipo de conexión',
  pbx_domain: 'dominio PBX; dominio de la centralita; centralita; dominio SIP; servidor PBX',
  pbx_device: 'dispositivo PBX; número de dispositivo; extensión de la centralita; extensión PBX',
  sip_uri: 'URI SIP; dirección SIP; URI SIP personalizada; URL SIP',
  authentication: `
    autenticación; tipo de autenticación; doble factor; autenticación de dos factores; seguridad de acceso;
    segundo factor`,
  password: 'contraseña; clave; contraseña inicial; contraseña temporal; clave de acceso; contraseña provisional',
  groups: 'grupos; grupo; departamento; departamentos; equipos; grupo de llamada; grupos de llamada; área',
  desk: 'puesto; puesto de trabajo; escritorio; sala; mesa; despacho',
  tags: 'etiquetas; etiqueta; palabras clave; palabra clave',
  language: 'idioma; idioma preferido; lengua; idioma del teléfono',
  timezone: 'zona horaria; huso horario; huso',
  suspended: `
    suspendido; deshabilitado; desactivado; bloqueado; inactivo; activo; activado; habilitado; cuenta activa`,
  ignored: `
    equipo; número de fax; móvil; celular; teléfono móvil; teléfono celular; teléfono particular; nota; notas;
    observaciones; comentario; descripción; título; cargo; empresa; calle; ciudad; país; código postal;
    número de serie; dirección IP; responsable`,
}
