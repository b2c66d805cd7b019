/**
 * What makers call passwords, keys of ciphers, PINs and tokens. A key that is pressed (`linekey.1.type`) is none, so `key`
 * counts only behind a word of ciphers.
 */
const SECRET_WORD =
  /passw|passphrase|(^|[^a-z])pass([^a-z]|$)|pwd|psk|secret|credential|token|(^|[^a-z])pin([^a-z]|$)|(aes|wep|wpa|encrypt(ion)?|private|shared|cipher)[^a-z]?key/i

/** Whether a setting in the words of a vendor is kept as a secret whether somebody says so or not. */
export function isSecretWord(name: string): boolean {
  return SECRET_WORD.test(name)
}
