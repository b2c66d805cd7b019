import { z } from 'zod'
import { FILE_CIPHERS } from '../model/file-cipher.ts'

// The shape of family.json. What each field means to a person who adds a phone is told in provisioning/README.md.

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'is not lower case with hyphens')
const pattern = z.string().regex(/^\^.*\$$/s, 'is not anchored with ^ and $')
const examples = z.array(z.string().min(1)).min(1)
const code = z.union([z.string(), z.number()]).transform(String)

const lineSyntax = z.strictObject({
  syntax: z.literal('lines'),
  separator: z.string().min(1),
  firstLine: z.string().optional(),
  comments: z.array(z.string().min(1)).default([]),
  quote: z.enum(['none', 'double']).default('none'),
  sections: z.boolean().default(false),
  reserved: z.array(z.string()).default([]),
  forbidden: z.string().default(''),
  repeatable: z.array(z.string()).default([]),
  nameCharacters: z.string().default(''),
})
const formatSchema = z.discriminatedUnion('syntax', [
  lineSyntax,
  z.strictObject({ syntax: z.literal('xml'), forbidden: z.string().default('') }),
  z.strictObject({ syntax: z.literal('json') }),
  z.strictObject({ syntax: z.literal('accounts') }),
  z.strictObject({ syntax: z.literal('vcard') }),
])

const served = {
  ...{ name, pattern, examples, template: name, format: name },
  contentType: z.string().regex(/^[a-z]+\/[a-z0-9.+-]+(?:; charset=utf-8)?$/),
}
const fileSchema = z.discriminatedUnion('kind', [
  z.strictObject({ ...served, kind: z.enum(['device', 'bootstrap']) }),
  z.strictObject({
    ...{ ...served, kind: z.literal('book') },
    /** Under which name the phone's list of remote phonebooks says it. */
    listed: z.string().optional(),
    /** As many entries as the phone takes. */
    most: z.int().min(1).optional(),
    /** Entries a page; the pattern then has a group `page`. */
    page: z.int().min(1).optional(),
    /** An entry has one number: whoever has several stands there several times. */
    flat: z.boolean().optional(),
    /** Which parameters of the address say what is looked for, and how much is answered at once. */
    search: z
      .strictObject({
        names: z.array(z.string().min(1)).min(1),
        numbers: z.array(z.string().min(1)).default([]),
        first: z.string().default(''),
        count: z.string().default(''),
        most: z.int().min(1),
      })
      .optional(),
  }),
  z.strictObject({ name, kind: z.literal('absent'), pattern, examples }),
])

/** What its phones take of the store; see provisioning/README.md. */
const storedSchema = {
  firmware: z.strictObject({ files: pattern, examples }).nullable().default(null),
  ringtone: z
    .strictObject({
      formats: z.array(z.enum(['wav', 'mp3'])).min(1),
      audio: z
        .array(z.strictObject({ coding: z.enum(['pcm', 'mulaw', 'alaw']), rateHz: z.int().min(8000) }))
        .default([]),
      maxBytes: z.int().min(1),
    })
    .nullable()
    .default(null),
  wallpaper: z
    .strictObject({ formats: z.array(z.enum(['png', 'jpg', 'bmp'])).min(1), maxBytes: z.int().min(1) })
    .nullable()
    .default(null),
}

export const modelSchema = z
  .strictObject({
    like: z.string(),
    alsoCalled: z.array(z.string()),
    lines: z.int().min(1),
    keys: z.int().min(0),
    expansion: z.strictObject({ modules: z.int().min(1), keys: z.int().min(1) }).nullable(),
    screen: z.enum(['none', 'mono', 'color', 'touch']),
    codecs: z.array(z.string()),
    transports: z.array(z.string()),
    srtp: z.array(z.string()),
    keyKinds: z.array(z.string()),
    options: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    defaults: z.record(z.string(), z.unknown()),
    wallpaper: z.strictObject({ width: z.int().min(16), height: z.int().min(16) }).nullable(),
  })
  .partial()

const dhcpSchema = z.strictObject({
  /** How option 60 of its phones begins; none: they are told apart by the prefix of their MAC address. */
  vendorClasses: z.array(z.string().regex(/^[ !#-&(-[\]-~]+$/, 'is not plain text')).default([]),
  options: z
    .array(
      z.strictObject({
        code: z.int().min(1).max(254),
        suboption: z.int().min(1).max(254).optional(),
        value: z.string().regex(/^[ !#-&(-[\]-~]+$/, 'is not plain text'),
        scheme: z.enum(['http', 'https']).optional(),
      }),
    )
    .min(1),
})

/** Where a certificate that the maker puts into each phone holds its MAC address. */
const certificateSchema = z.strictObject({
  /** Of the subject, by its short name. */
  field: z.enum(['CN', 'ST', 'L', 'OU', 'serialNumber']),
  /** The whole field, with the group `mac`. */
  pattern,
  examples,
  /** What stands there in certificates that many phones share. */
  generic: z.array(z.string()).default([]),
})

export const HTTP_LOGINS = ['digest-sha256', 'digest-md5', 'basic'] as const

/** Of what is in braces only this can be filled in. */
const LINK = /^(?:[^{}\s]|\{(?:url|path|token|name|account)\})+$/

const STEPS = /^(?:[^{}]|\{(?:own|url|host|port|address|phone)\})+$/

export const familySchema = z.strictObject({
  displayName: z.string().min(1),
  /** Where several families are of one maker; absent: its maker is called as it is. */
  maker: z.string().min(1).optional(),
  ouis: z.array(z.string().regex(/^[0-9a-f]{6,11}$/, 'is not 6 to 11 lower-case hex digits')),
  userAgents: z.array(
    z.strictObject({
      pattern,
      examples: z
        .array(
          z.strictObject({
            text: z.string().min(1),
            model: z.string().optional(),
            firmware: z.string().optional(),
            mac: z.string().optional(),
          }),
        )
        .min(1),
    }),
  ),
  formats: z.record(name, formatSchema),
  files: z.array(fileSchema).min(1),
  values: z.record(z.string(), z.record(z.string(), code)),
  supports: z.array(z.string()),
  /** Whether it registers where a server offers SHA-256 beside MD5 (RFC 8760); false: it gives up at the sight of it. */
  sha256: z.boolean().default(true),
  resync: z.strictObject({ event: z.string().min(1), challenges: z.boolean() }).nullable(),
  dhcp: dhcpSchema.nullable().default(null),
  certificate: certificateSchema.nullable().default(null),
  /** What it is asked for its password with, in the order that it is offered; none: it has no password for HTTP. */
  httpLogin: z.array(z.enum(HTTP_LOGINS)).default(['digest-md5']),
  /** How it expects its own file encrypted; null: it does not, or nobody published how. */
  encryption: z.enum(FILE_CIPHERS).nullable().default(null),
  /** What an installer does where the file cannot hold the address that it is fetched from; see phones/boot-advice.ts. */
  installer: z
    .strictObject({ steps: z.string().regex(STEPS, 'names something else'), tftp: z.string().regex(STEPS).optional() })
    .nullable()
    .default(null),
  /** What its phones are told when they ask by multicast. */
  pnp: z.string().default('{url}/'),
  /** What a picture says that an app's camera reads, for apps that take one; see phones/app-link.ts. */
  link: z
    .strictObject({ picture: z.string().regex(LINK, 'names something else'), tap: z.string().regex(LINK).optional() })
    .nullable()
    .default(null),
  raw: z.strictObject({ pattern, examples }).nullable(),
  ...storedSchema,
  defaults: z.record(z.string(), z.unknown()).default({}),
  fallbackModel: z.string(),
  models: z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9 ._+-]*$/), modelSchema),
})

export const goldenSchema = z.strictObject({
  model: z.string().nullable(),
  mac: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .nullable(),
  settings: z.record(z.string(), z.unknown()),
})

export type FamilyJson = z.infer<typeof familySchema>
export type FormatJson = z.infer<typeof formatSchema>
export type ModelJson = z.infer<typeof modelSchema>
