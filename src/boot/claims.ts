import { parseNetworks, plainAddress } from '../access/networks.ts'
import type { ClaimWindow } from '../db/claim-codes.ts'
import { AppError } from '../model/app-error.ts'
import type { Mac } from '../model/mac.ts'
import type { PhoneAnswer, PhoneRequest } from '../model/phone-request.ts'
import type { Secret } from '../model/secret.ts'
import { type Family, type FamilyFile, findModel, type Model } from '../phones/family.ts'
import { type Candidate, choose, type Identification } from '../phones/identify.ts'
import type { Site } from './device-settings.ts'
import { refuse, type Verdict } from './judge-request.ts'
import { renderClaim } from './render-claim.ts'
import { UserAgents } from './user-agents.ts'

/** Gives a phone an account by which it can be claimed; null: it gets none. */
export type OpenClaim = (phone: {
  tenantId: number
  mac: Mac
  family: string
  model: string
  address: string
}) => Promise<{ user: string; secret: Secret; adminPassword: Secret; settings: unknown } | null>

/** A network of a window. `reach`: how much of the address it fixes; 0: phones may come from anywhere. */
type Reach = { tenantId: number; reach: number; contains: (address: string) => boolean; window: ClaimWindow }

/** Requests that wait for the database at once. More phones than that boot at the same moment try again by themselves. */
const MOST_UNDER_WAY = 64

/**
 * What phones get that are released to nobody while a tenant lets phones be claimed by dialling. That a phone is in the
 * inventory changes nothing here, so nobody learns by asking which ones are.
 */
export class Claims {
  readonly #open: OpenClaim
  readonly #site: Site
  readonly #userAgents: UserAgents
  readonly #nowMs: () => number
  #windows: readonly Reach[] = []
  #underWay = 0

  constructor(options: { open: OpenClaim; site: Site; families: readonly Family[]; nowMs: () => number }) {
    this.#open = options.open
    this.#site = options.site
    this.#nowMs = options.nowMs
    this.#userAgents = new UserAgents(options.families)
  }

  /** Takes over what the database says. */
  replace(windows: readonly ClaimWindow[]): void {
    this.#windows = windows.flatMap((window) =>
      window.networks.length === 0
        ? [{ tenantId: window.tenantId, reach: 0, contains: () => true, window }]
        : window.networks.map((network) => ({
            ...{ tenantId: window.tenantId, reach: Number(network.split('/')[1]) + 1, window },
            contains: parseNetworks([network]),
          })),
    )
  }

  /** Whether phones that ask from there can be claimed now. */
  isOpenTo(address: string): boolean {
    return this.#findTenant(plainAddress(address)) !== null
  }

  /** Null: no tenant lets this phone be claimed, or none knows whose it would be, or of which family it is. */
  judge(
    request: PhoneRequest,
    identified: Identification,
    letsTftp: (tenantId: number) => boolean,
  ): Promise<Verdict> | Verdict | null {
    if (this.#windows.length === 0) return null
    const address = plainAddress(request.address)
    const tenantId = this.#findTenant(address)
    const chosen = chooseDevice(identified)
    const { mac } = identified
    if (tenantId === null || mac === null || !chosen || !fits(request, identified, chosen)) return null
    if (request.transport === 'tftp' && !letsTftp(tenantId)) return refuse('tftp-consent', null, mac)
    if (this.#underWay >= MOST_UNDER_WAY) return null
    const { family, file } = chosen
    const model = findModel(family, this.#userAgents.read(request.userAgent).model)
    this.#underWay++
    return this.#offer({ tenantId, mac, address, family, file, model }).finally(() => this.#underWay--)
  }

  /** The tenant whose networks fit the address best; null where two fit equally well. */
  #findTenant(address: string): number | null {
    const nowMs = this.#nowMs()
    const fitting = this.#windows.filter(
      ({ window, contains }) => window.opensAtMs <= nowMs && nowMs < window.closesAtMs && contains(address),
    )
    const best = Math.max(...fitting.map(({ reach }) => reach))
    const tenants = new Set(fitting.filter(({ reach }) => reach === best).map(({ tenantId }) => tenantId))
    return tenants.size === 1 ? [...tenants][0]! : null
  }

  async #offer(phone: {
    tenantId: number
    mac: Mac
    address: string
    family: Family
    file: FamilyFile
    model: Model
  }): Promise<Verdict> {
    const { tenantId, mac, address, family, file, model } = phone
    const account = await this.#open({ tenantId, mac, address, family: family.name, model: model.name })
    if (!account) return refuse('not-released', null, mac)
    const answer = attempt(() => renderClaim({ family, file, model, mac, site: this.#site, account }))
    return {
      outcome: answer instanceof AppError ? 'failed' : 'claimable',
      answer,
      deviceId: null,
      mac,
      file: file.name,
    }
  }
}

/** What other families ask for in vain is nobody else's own file. */
function chooseDevice(identified: Identification): Candidate | null {
  const devices = identified.candidates.filter(({ file }) => file.kind === 'device')
  const chosen = choose(identified) ?? (devices.length === 1 ? devices[0]! : null)
  return chosen?.file.kind === 'device' ? chosen : null
}

/** Over TFTP nothing is said; whoever says something must be a phone of the family that asks for this file. */
function fits({ userAgent: words }: PhoneRequest, { userAgent }: Identification, { family }: Candidate): boolean {
  return userAgent ? userAgent.family === family : words === '' || family.userAgents.length === 0
}

/** A file that cannot be rendered is a refusal to the phone like any other; why stands in its story. */
function attempt(make: () => PhoneAnswer): PhoneAnswer | AppError {
  try {
    return make()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}
