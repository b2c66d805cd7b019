/** What a picture or a sound is by its first bytes. */
export type Media = {
  format: 'png' | 'jpg' | 'bmp' | 'wav' | 'mp3' | 'other'
  /** Of a picture, in pixels. */
  size: { width: number; height: number } | null
  /** Of a WAV file. */
  audio: { coding: 'pcm' | 'mulaw' | 'alaw' | 'other'; rateHz: number; bits: number; channels: number } | null
}

/** A file that is served from disk: which bytes, how many, and what they are. `sha256` in hex. */
export type StoredPart = { sha256: string; bytes: number; contentType: string }
