/** Which VAT numbers of other countries of the Union are right. Each country by its own module: the whole package takes three times the memory. */
import * as AT from 'stdnum/lib/cjs/at/uid.js'
import * as BG from 'stdnum/lib/cjs/bg/vat.js'
import * as CY from 'stdnum/lib/cjs/cy/vat.js'
import * as CZ from 'stdnum/lib/cjs/cz/dic.js'
import * as DE from 'stdnum/lib/cjs/de/vat.js'
import * as DK from 'stdnum/lib/cjs/dk/cvr.js'
import * as EE from 'stdnum/lib/cjs/ee/kmkr.js'
import * as ES from 'stdnum/lib/cjs/es/nif.js'
import * as FI from 'stdnum/lib/cjs/fi/alv.js'
import * as FR from 'stdnum/lib/cjs/fr/tva.js'
import * as EL from 'stdnum/lib/cjs/gr/vat.js'
import * as HR from 'stdnum/lib/cjs/hr/oib.js'
import * as HU from 'stdnum/lib/cjs/hu/anum.js'
import * as IE from 'stdnum/lib/cjs/ie/vat.js'
import * as IT from 'stdnum/lib/cjs/it/iva.js'
import * as LT from 'stdnum/lib/cjs/lt/pvm.js'
import * as LU from 'stdnum/lib/cjs/lu/tva.js'
import * as LV from 'stdnum/lib/cjs/lv/pvn.js'
import * as MT from 'stdnum/lib/cjs/mt/vat.js'
import * as PL from 'stdnum/lib/cjs/pl/nip.js'
import * as PT from 'stdnum/lib/cjs/pt/nif.js'
import * as RO from 'stdnum/lib/cjs/ro/cif.js'
import * as SE from 'stdnum/lib/cjs/se/vat.js'
import * as SI from 'stdnum/lib/cjs/si/ddv.js'
import * as SK from 'stdnum/lib/cjs/sk/dph.js'

type Rule = { validate(value: string): { isValid: boolean } }
const countries: Record<string, Rule> = {
  AT,
  BG,
  CY,
  CZ,
  DE,
  DK,
  EE,
  EL,
  ES,
  FI,
  FR,
  HR,
  HU,
  IE,
  IT,
  LT,
  LU,
  LV,
  MT,
  PL,
  PT,
  RO,
  SE,
  SI,
  SK,
}

// Fewer digits after the letters of a country are a word or a number of a register, not of the tax office.
const DIGITS_MIN = 7

/** undefined: does not begin as such a number; otherwise whether its form and check digits are right. */
export function isEuVat(plain: string): boolean | undefined {
  const [country, number] = [plain.slice(0, 2), plain.slice(2)]
  const rule = countries[country]
  if (!rule || number.length > 13 || number.replace(/\D/g, '').length < DIGITS_MIN) return undefined
  return rule.validate(number).isValid
}
