/**
 * What a token may be allowed to do. `…:write` includes `…:read` of the same thing. `people` are users, groups, imports
 * and their mails; `phones` are devices; `tenants` is how a tenant is set up: locations, roles, number ranges, public
 * numbers, trunks, and the tenant itself. `admin` is everything, tokens included, within the tenant of the token.
 */
export const SCOPES = [
  'people:read',
  'people:write',
  'phones:read',
  'phones:write',
  'tenants:read',
  'tenants:write',
  'audit:read',
  'webhooks:read',
  'webhooks:write',
  'metrics:read',
  'admin',
] as const

export type Scope = (typeof SCOPES)[number]

export function isScope(text: string): text is Scope {
  return (SCOPES as readonly string[]).includes(text)
}
