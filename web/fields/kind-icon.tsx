import {
  IconAlignLeft,
  IconBuilding,
  IconCalendar,
  IconCircleDot,
  IconCoin,
  IconHash,
  IconLetterT,
  IconLink,
  IconListCheck,
  IconToggleRight,
  IconUser,
} from '@tabler/icons-react'
import type { FieldKind } from '../api/shapes.ts'

const icons: Record<FieldKind, typeof IconLink> = {
  text: IconLetterT,
  'long-text': IconAlignLeft,
  number: IconHash,
  money: IconCoin,
  date: IconCalendar,
  choice: IconCircleDot,
  choices: IconListCheck,
  'yes-no': IconToggleRight,
  link: IconLink,
  person: IconUser,
  company: IconBuilding,
}

export function KindIcon({ kind }: { kind: FieldKind }) {
  const Icon = icons[kind]
  return <Icon size={17} stroke={1.6} className="k-dim" style={{ flex: 'none' }} aria-hidden />
}
