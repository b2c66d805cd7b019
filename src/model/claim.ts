/** What a phone without an owner dials to be claimed, asterisk/extensions.conf. */
export const CLAIM_NUMBER = '*91'

/** The context that a claim account may dial in: it holds the claim number and nothing else. */
export const CLAIM_CONTEXT = 'offhook-claim'

/** After so many wrong tries a phone is refused, and after so many on all phones of a tenant a code; sql/0022_dial.sql. */
export const CLAIM_TRIES = { phone: 5, code: 20 }
