import { ActionIcon, TagsInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useWords } from '../language/words.tsx'

export function InlineTags({
  tags,
  save,
  canEdit,
}: {
  tags: string[]
  save: (next: string[]) => Promise<boolean>
  canEdit: boolean
}) {
  const t = useWords()
  const [typed, setTyped] = useState<string[]>()
  if (typed)
    return (
      <TagsInput
        autoFocus
        size="xs"
        aria-label={t('tags')}
        value={typed}
        onChange={setTyped}
        maxTags={50}
        onBlur={() => {
          if (typed.join('\n') === tags.join('\n')) setTyped(undefined)
          else void save(typed).then((isSaved) => isSaved && setTyped(undefined))
        }}
      />
    )
  return (
    <div
      className="k-many"
      style={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        gap: 4,
        minHeight: 28,
        paddingLeft: tags.length > 0 ? 6 : 0,
      }}
    >
      {tags.map((tag) => (
        <span key={tag} className="k-tag">
          {tag}
          {canEdit && (
            <ActionIcon
              size={16}
              aria-label={t('removeValue', { value: tag })}
              onClick={() => void save(tags.filter((one) => one !== tag))}
              style={{ verticalAlign: -3 }}
            >
              <IconX size={11} />
            </ActionIcon>
          )}
        </span>
      ))}
      {canEdit && (
        <button
          type="button"
          className="k-add"
          {...(tags.length > 0 ? { 'data-more': true } : {})}
          onClick={() => setTyped(tags)}
          aria-label={`${t('add')}: ${t('tag')}`}
        >
          <IconPlus size={12} style={{ verticalAlign: -1 }} aria-hidden /> <span>{t('add')}</span>
        </button>
      )}
    </div>
  )
}
