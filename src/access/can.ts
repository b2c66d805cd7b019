import type { Scope } from './scopes.ts'

/** Who asks: a token. `tenantId` null: it works for the whole installation. */
export type Actor = { tenantId: number | null; scopes: readonly string[] }

/**
 * Whether the actor may do this there; what is not allowed is denied.
 * @param tenantId the tenant that it is about; null: the installation as a whole
 */
export function can(actor: Actor, action: Scope, tenantId: number | null): boolean {
  return reaches(actor, tenantId) && actor.scopes.some((scope) => allows(scope, action))
}

/** Whether this tenant, or with null the installation as a whole, is within the actor's reach. */
export function reaches(actor: Pick<Actor, 'tenantId'>, tenantId: number | null): boolean {
  return actor.tenantId === null || actor.tenantId === tenantId
}

function allows(scope: string, action: Scope): boolean {
  return (
    scope === 'admin' || scope === action || (action.endsWith(':read') && scope === action.replace(':read', ':write'))
  )
}
