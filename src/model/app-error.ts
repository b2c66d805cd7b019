/** Every failure that a caller may branch on. Mapped to HTTP status and exit code in one place each. */
export type AppErrorCode =
  | 'config-invalid'
  | 'database-unreachable'
  | 'database-behind'
  | 'database-newer'
  | 'migration-edited'
  | 'embedded-postgres-failed'
  | 'key-missing'
  | 'key-wrong'
  | 'plan-stale'
  | 'import-unknown'
  | 'import-state'
  | 'import-problems'
  | 'credentials-gone'
  | 'file-unreadable'
  | 'file-unwritable'
  | 'tenant-unknown'
  | 'device-unknown'
  | 'user-unknown'
  | 'group-unknown'
  | 'mailbox-unknown'
  | 'did-unknown'
  | 'trunk-unknown'
  | 'location-unknown'
  | 'role-unknown'
  | 'extension-unknown'
  | 'token-unknown'
  | 'webhook-unknown'
  | 'delivery-unknown'
  | 'firmware-unknown'
  | 'rollout-unknown'
  | 'asset-unknown'
  | 'file-too-large'
  | 'upload-incomplete'
  | 'store-full'
  | 'store-unusable'
  | 'already-there'
  | 'in-use'
  | 'input-invalid'
  | 'family-invalid'
  | 'setting-missing'
  | 'setting-unsupported'
  | 'value-unsafe'
  | 'ami-unreachable'
  | 'ami-refused'
  | 'ami-action-failed'
  | 'ami-value-unsafe'
  | 'asterisk-schema-incomplete'
  | 'tftp-unavailable'
  | 'pnp-unavailable'
  | 'listen-failed'

/** Thrown when something failed that is not faulty input (that is a {@link Problem}) and not a bug. */
export class AppError extends Error {
  readonly code: AppErrorCode

  constructor(code: AppErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'AppError'
    this.code = code
  }
}
