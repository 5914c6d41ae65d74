import { ActionIcon, Button, Group, Popover } from '@mantine/core'
import { IconPencil, IconPlus } from '@tabler/icons-react'
import { createContext, type MouseEvent, type ReactNode, use, useState } from 'react'
import { type Speak, useWords } from '../language/words.tsx'
import { DateField } from '../parts/date-field.tsx'
import { sentBy } from '../parts/sent-by.ts'
import { tellRefusal } from '../parts/tell.tsx'
import '../language/late.ts'

export type Period = { since: string; until: string }

/** From when until when, as one reads it: "sinds 1 mrt. 2020", "1 mrt. 2020 – 4 mei 2024". */
export function periodText(t: Speak, { since, until }: Period): string {
  if (since && until) return `${t.day(since)} – ${t.day(until)}`
  if (since) return t('sinceDay', { day: t.day(since) })
  return until ? t('untilDay', { day: t.day(until) }) : ''
}

/** The form around hears which of its days can't be read, and waits with them. */
const WrongDays = createContext<(field: string, isWrong: boolean) => void>(() => {})

export function PeriodFields({ value, change }: { value: Period; change: (next: Period) => void }) {
  const t = useWords()
  const tellWrong = use(WrongDays)
  return (
    <Group grow mt="xs" gap="xs" align="flex-start">
      {(['since', 'until'] as const).map((field) => (
        <DateField
          key={field}
          size="xs"
          label={t(field)}
          isInPopover
          value={value[field]}
          change={(day) => change({ ...value, [field]: day })}
          tellWrong={(isWrong) => tellWrong(field, isWrong)}
        />
      ))}
    </Group>
  )
}

type Act = { label: string; act: () => void }

/** A small form beside a line, or behind a button that adds one. Stays open with what was typed until it is saved. */
export function TieForm({
  label,
  isNew,
  isReady = true,
  save,
  begin,
  children,
  remove,
  also,
}: {
  label: string
  isNew: boolean
  isReady?: boolean
  save: () => Promise<unknown>
  /** Sets what is typed to what is there. */
  begin: () => void
  children: ReactNode
  remove?: Act
  also?: Act
}) {
  const t = useWords()
  const [isOpen, setOpen] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<readonly string[]>([])
  const open = ({ currentTarget }: MouseEvent<HTMLElement>) => {
    // What was added last may have pushed it, focused still, out of sight; a form beside it would not be shown either.
    currentTarget.scrollIntoView({ block: 'nearest' })
    begin()
    setWrong([])
    setOpen(!isOpen)
  }
  const finish = async () => {
    setBusy(true)
    try {
      // false: refused and said so already; what was typed stays.
      if ((await save()) !== false) setOpen(false)
    } catch (error) {
      tellRefusal(t, error)
    }
    setBusy(false)
  }
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      shadow="md"
      width={300}
      position="bottom-start"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        {isNew ? (
          <button type="button" className="k-add" style={{ marginLeft: 8 }} onClick={open}>
            <IconPlus size={12} style={{ verticalAlign: -1 }} aria-hidden /> {label}
          </button>
        ) : (
          <ActionIcon size="sm" aria-label={label} onClick={open}>
            <IconPencil size={13} stroke={1.7} />
          </ActionIcon>
        )}
      </Popover.Target>
      <Popover.Dropdown>
        <form noValidate onSubmit={sentBy(() => void finish())}>
          <WrongDays
            value={(field, isWrong) =>
              setWrong((now) => [
                ...now.filter((one) => one !== field),
                ...(isWrong ? [field] : []),
              ])
            }
          >
            {children}
          </WrongDays>
          <Group mt="sm" gap="xs">
            <Button
              type="submit"
              size="compact-sm"
              disabled={!isReady || wrong.length > 0}
              loading={isBusy}
            >
              {t(isNew ? 'add' : 'save')}
            </Button>
            {[also, remove].map(
              (one) =>
                one && (
                  <Button
                    key={one.label}
                    size="compact-sm"
                    variant="default"
                    onClick={() => {
                      setOpen(false)
                      one.act()
                    }}
                  >
                    {one.label}
                  </Button>
                ),
            )}
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
