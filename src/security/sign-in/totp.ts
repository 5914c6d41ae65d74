import { Secret, TOTP } from 'otpauth'

const STEP_SECONDS = 30

function totpOf(secret: string, label = 'Kluis'): TOTP {
  return new TOTP({
    issuer: 'Kluis',
    label,
    algorithm: 'SHA1',
    digits: 6,
    period: STEP_SECONDS,
    secret: Secret.fromBase32(secret),
  })
}

export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32
}

export function totpUri(secret: string, email: string): string {
  return totpOf(secret, email).toString()
}

/** The step a code was made for, one step around `now` at most; undefined when it is not right. */
export function totpStep(secret: string, code: string, now: Date): number | undefined {
  const delta = totpOf(secret).validate({
    token: code.replace(/\s/g, ''),
    timestamp: now.getTime(),
    window: 1,
  })
  return delta === null ? undefined : Math.floor(now.getTime() / 1000 / STEP_SECONDS) + delta
}
