import { getCountries } from 'libphonenumber-js'

// Countries and territories without telephone numbers of their own; libphonenumber leaves them out.
const WITHOUT_PHONES = ['AQ', 'BV', 'GS', 'HM', 'PN', 'TF', 'UM']

// What exports and people write, and Intl does not know in nl, fr, en or de. Folded as `fold` does.
const ALSO: Record<string, string> = {
  b: 'BE',
  d: 'DE',
  f: 'FR',
  l: 'LU',
  bel: 'BE',
  nld: 'NL',
  fra: 'FR',
  deu: 'DE',
  gbr: 'GB',
  lux: 'LU',
  usa: 'US',
  us: 'US',
  vs: 'US',
  'u s a': 'US',
  'united states of america': 'US',
  'verenigde staten van amerika': 'US',
  'etats unis d amerique': 'US',
  uk: 'GB',
  'great britain': 'GB',
  'groot brittannie': 'GB',
  england: 'GB',
  engeland: 'GB',
  angleterre: 'GB',
  scotland: 'GB',
  schotland: 'GB',
  wales: 'GB',
  holland: 'NL',
  hollande: 'NL',
  'pays bas': 'NL',
  luxemburg: 'LU',
  'czech republic': 'CZ',
  turkey: 'TR',
  turkije: 'TR',
  swaziland: 'SZ',
  'cape verde': 'CV',
  macedonia: 'MK',
  'ivory coast': 'CI',
  'cote d ivoire': 'CI',
  burma: 'MM',
  myanmar: 'MM',
  'hong kong': 'HK',
  macao: 'MO',
  'russian federation': 'RU',
  'slovak republic': 'SK',
  'kyrgyz republic': 'KG',
  'lao people s democratic republic': 'LA',
  'palestinian territory': 'PS',
  'united states virgin islands': 'VI',
  'virgin islands british': 'VG',
  'virgin islands u s': 'VI',
  'syrian arab republic': 'SY',
  'libyan arab jamahiriya': 'LY',
  'islamic republic of iran': 'IR',
  'brunei darussalam': 'BN',
  'viet nam': 'VN',
  'republic of korea': 'KR',
  'democratic people s republic of korea': 'KP',
  'republic of moldova': 'MD',
  'united republic of tanzania': 'TZ',
  'holy see vatican city state': 'VA',
  'svalbard jan mayen islands': 'SJ',
  'falkland islands malvinas': 'FK',
  'saint barthelemy': 'BL',
  'antarctica territory south of 60 deg s': 'AQ',
  'british indian ocean territory chagos archipelago': 'IO',
  'democratic republic of congo': 'CD',
  'timor leste': 'TL',
  'east timor': 'TL',
  'faroe islands': 'FO',
  'heard island mcdonald islands': 'HM',
}

let codeOf: Map<string, string> | undefined

/** The two letters of a country named in Dutch, French, English or German or by its code; undefined when it is none. */
export function countryCode(text: string): string | undefined {
  codeOf ??= readNames()
  const whole = fold(text)
  // "Slovakia (Slovak Republic)": what is between brackets is another name for the same.
  const [, before, between] = /^([^(]*)\(([^)]*)\)/.exec(text) ?? []
  for (const name of [whole, fold(before ?? ''), fold(between ?? '')]) {
    const code = name && codeOf.get(name)
    if (code) return code
  }
  return undefined
}

function readNames(): Map<string, string> {
  const names = new Map(Object.entries(ALSO))
  const codes = [...getCountries(), ...WITHOUT_PHONES] as string[]
  for (const code of codes) names.set(code.toLowerCase(), code)
  for (const language of ['nl', 'fr', 'en', 'de'])
    for (const style of ['long', 'short'] as const) {
      const display = new Intl.DisplayNames([language], { type: 'region', style, fallback: 'none' })
      for (const code of codes) {
        const name = fold(display.of(code) ?? '')
        if (name && !names.has(name)) names.set(name, code)
      }
    }
  return names
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/&/g, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .split(' ')
    .map((word) => (word === 'st' ? 'saint' : word))
    .filter((word) => !['and', 'the', 'en', 'et', 'und'].includes(word))
    .join(' ')
}
