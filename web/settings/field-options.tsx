import { ActionIcon, Button, Input, TextInput } from '@mantine/core'
import {
  IconArchive,
  IconArchiveOff,
  IconArrowDown,
  IconArrowUp,
  IconPlus,
  IconX,
} from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { wordIn } from '../fields/custom-fields.ts'
import '../language/late-fields.ts'
import { useWords } from '../language/words.tsx'
import { type DraftProblems, newOption, type OptionDraft, otherLanguage } from './field-draft.ts'

// As many as a field takes.
const OPTIONS_MAX = 200

/** What one chooses from: added with Enter, renamed where it stands, moved, archived once it may be in use. */
export function FieldOptions({
  options,
  isBoth,
  wrong,
  change,
}: {
  options: OptionDraft[]
  isBoth: boolean
  wrong: DraftProblems['options']
  change: (next: OptionDraft[]) => void
}) {
  const t = useWords()
  const boxes = useRef(new Map<string, HTMLInputElement>())
  const wanted = useRef<string | undefined>(undefined)
  useEffect(() => {
    if (!wanted.current) return
    boxes.current.get(wanted.current)?.focus()
    wanted.current = undefined
  })
  const own = t.language
  const languages = isBoth ? [own, otherLanguage(own)] : [own]
  const addBehind = (at: number) => {
    if (options.length >= OPTIONS_MAX) return
    const next = newOption()
    wanted.current = next.key
    change(options.toSpliced(at, 0, next))
  }
  const move = (from: number, by: 1 | -1) =>
    change(options.toSpliced(from, 1).toSpliced(from + by, 0, options[from]!))
  const set = (at: number, next: Partial<OptionDraft>) =>
    change(options.with(at, { ...options[at]!, ...next }))
  return (
    <fieldset className="k-options">
      <legend>{t('fieldOptions')}</legend>
      <p className="k-dim k-small">{t('fieldOptionsHint')}</p>
      {options.map((option, at) => {
        const name = wordIn(option.label, own) || t('optionNth', { place: at + 1 })
        return (
          <div
            key={option.key}
            className="k-option"
            {...(option.isArchived ? { 'data-archived': true } : {})}
          >
            {languages.map((language) => (
              <TextInput
                key={language}
                size="xs"
                ref={(box: HTMLInputElement | null) => {
                  if (language !== own) return
                  if (box) boxes.current.set(option.key, box)
                  else boxes.current.delete(option.key)
                }}
                aria-label={
                  language === own
                    ? t('optionNth', { place: at + 1 })
                    : t('optionNthOther', { place: at + 1 })
                }
                placeholder={isBoth ? language.toUpperCase() : undefined}
                maxLength={80}
                autoComplete="off"
                value={option.label[language]}
                rightSection={
                  option.isArchived && language === own ? (
                    <span className="k-dim k-small">{t('optionArchived')}</span>
                  ) : undefined
                }
                rightSectionWidth={86}
                onChange={(event) =>
                  set(at, { label: { ...option.label, [language]: event.currentTarget.value } })
                }
                onKeyDown={(event) => {
                  if (event.key !== 'Enter') return
                  event.preventDefault()
                  addBehind(at + 1)
                }}
              />
            ))}
            <ActionIcon
              size="sm"
              disabled={at === 0}
              aria-label={t('optionUp', { option: name })}
              onClick={() => move(at, -1)}
            >
              <IconArrowUp size={14} />
            </ActionIcon>
            <ActionIcon
              size="sm"
              disabled={at === options.length - 1}
              aria-label={t('optionDown', { option: name })}
              onClick={() => move(at, 1)}
            >
              <IconArrowDown size={14} />
            </ActionIcon>
            {option.id ? (
              <ActionIcon
                size="sm"
                aria-label={t(option.isArchived ? 'optionBringBack' : 'optionArchive', {
                  option: name,
                })}
                onClick={() => set(at, { isArchived: !option.isArchived })}
              >
                {option.isArchived ? <IconArchiveOff size={14} /> : <IconArchive size={14} />}
              </ActionIcon>
            ) : (
              <ActionIcon
                size="sm"
                disabled={options.length === 1}
                aria-label={t('optionRemove', { option: name })}
                onClick={() => change(options.toSpliced(at, 1))}
              >
                <IconX size={14} />
              </ActionIcon>
            )}
          </div>
        )
      })}
      {wrong && <Input.Error role="alert">{t(`fieldOptions.${wrong}`)}</Input.Error>}
      <Button
        mt={4}
        size="compact-xs"
        variant="subtle"
        color="gray"
        leftSection={<IconPlus size={13} aria-hidden />}
        onClick={() => addBehind(options.length)}
      >
        {t('optionAdd')}
      </Button>
    </fieldset>
  )
}
