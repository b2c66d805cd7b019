/**
 * How a maker's phones expect their files encrypted.
 * `openssl-salted`: what `openssl enc -aes-256-cbc -md md5 -k KEY` writes: `Salted__`, 8 bytes of salt, ciphertext.
 * `aes-ecb`: AES with the characters of the key as they are, PKCS#7 padding, no header.
 */
export const FILE_CIPHERS = ['openssl-salted', 'aes-ecb'] as const
export type FileCipher = (typeof FILE_CIPHERS)[number]
