import pg from 'pg'

export type KeySlots =
  | { kind: 'fit' }
  /** New records take their keys from here on; what lies below may have been used already. */
  | { kind: 'raised'; from: number }
  | { kind: 'keystore-older'; slot: number }

/**
 * A key belongs to one person, company, joint dossier or kept file for ever. A database put back from a copy would draw numbers a second
 * time, and give a new record the key of another, or one that was erased; then the sequence goes past all of them.
 */
export async function fitKeySlots(
  admin: pg.ClientConfig,
  keystore: { highestSlot: number; segmentSlots: number },
  isRolledBack: boolean,
): Promise<KeySlots> {
  const { highestSlot, segmentSlots } = keystore
  const client = new pg.Client(admin)
  await client.connect()
  const number = async (text: string, values: number[] = []) =>
    Number((await client.query(text, values)).rows[0].n)
  try {
    const drawn = await number('select last_value as n from kluis.key_slot')
    // Drawn and not used is nothing: a crash came between. A record with such a key is one whose key is gone.
    if (drawn > highestSlot) {
      const used = await number(
        `select greatest((select max(key_slot) from kluis.person), (select max(key_slot) from kluis.company),
          (select max(key_slot) from kluis.joint_dossier), (select max(key_slot) from kluis.file)) as n`,
      )
      if (used > highestSlot) return { kind: 'keystore-older', slot: used }
    }
    // A segment is made when its first number was drawn: one that was never reached is of a later time.
    const isBehind = isRolledBack || highestSlot - drawn >= segmentSlots
    if (!isBehind || drawn >= highestSlot) return { kind: 'fit' }
    await number(`select setval('kluis.key_slot', $1) as n`, [highestSlot])
    return { kind: 'raised', from: highestSlot + 1 }
  } finally {
    await client.end()
  }
}
