import { NativeSelect } from '@mantine/core'
import type { PartyRole } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import { partyRoles } from './use-joint.ts'

/** As what somebody is a party. */
export function RoleSelect({
  label,
  value,
  change,
}: {
  label: string
  value: PartyRole
  change: (next: PartyRole) => void
}) {
  const t = useWords()
  return (
    <NativeSelect
      mt="xs"
      size="xs"
      label={label}
      data={partyRoles.map((role) => ({ value: role, label: t(`partyRole.${role}`) }))}
      value={value}
      onChange={(event) => change(event.currentTarget.value as PartyRole)}
    />
  )
}
