import type { MailLanguage } from '../mail/write-mail.ts'

export type InviteWords = Readonly<
  Record<'title' | 'password' | 'repeat' | 'rule' | 'save' | 'short' | 'differ' | 'done' | 'gone', string>
>

/** What the page of an invitation says. */
export const INVITE_WORDS: Record<MailLanguage, InviteWords> = {
  en: {
    title: 'Choose your password',
    password: 'Password',
    repeat: 'The same again',
    rule: '12 to 128 characters',
    save: 'Save',
    short: 'The password must have 12 to 128 characters.',
    differ: 'The two passwords are not the same.',
    done: 'Your password is set. You can close this page.',
    gone: 'This link does not work, or no longer. Ask your administrator for a new one.',
  },
  de: {
    title: 'Passwort wählen',
    password: 'Passwort',
    repeat: 'Noch einmal dasselbe',
    rule: '12 bis 128 Zeichen',
    save: 'Speichern',
    short: 'Das Passwort muss 12 bis 128 Zeichen haben.',
    differ: 'Die beiden Passwörter sind nicht gleich.',
    done: 'Ihr Passwort ist gesetzt. Sie können diese Seite schließen.',
    gone: 'Dieser Link gilt nicht oder nicht mehr. Bitten Sie Ihren Administrator um einen neuen.',
  },
  fr: {
    title: 'Choisissez votre mot de passe',
    password: 'Mot de passe',
    repeat: 'Le même encore une fois',
    rule: '12 à 128 caractères',
    save: 'Enregistrer',
    short: 'Le mot de passe doit avoir de 12 à 128 caractères.',
    differ: 'Les deux mots de passe ne sont pas identiques.',
    done: 'Votre mot de passe est enregistré. Vous pouvez fermer cette page.',
    gone: 'Ce lien ne fonctionne pas ou plus. Demandez-en un nouveau à votre administrateur.',
  },
  es: {
    title: 'Elija su contraseña',
    password: 'Contraseña',
    repeat: 'La misma otra vez',
    rule: 'De 12 a 128 caracteres',
    save: 'Guardar',
    short: 'La contraseña debe tener de 12 a 128 caracteres.',
    differ: 'Las dos contraseñas no son iguales.',
    done: 'Su contraseña está guardada. Puede cerrar esta página.',
    gone: 'Este enlace no funciona o ya no sirve. Pida uno nuevo a su administrador.',
  },
}
