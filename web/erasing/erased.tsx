import { ActionIcon, Button } from '@mantine/core'
import { IconArrowLeft, IconEraser, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ask } from '../api/client.ts'
import type { DossierKind, ErasedState } from '../api/shapes.ts'
import '../language/late-erasing.ts'
import '../style/erasing.css'
import { useNames } from '../frame/session.ts'
import { useWords } from '../language/words.tsx'
import { Empty } from '../parts/marks.tsx'
import { Certificate } from './certificate.tsx'

/** In the place of a record that was erased: that it was, when, and for whoever may erase by whom and what shows it. */
export default function Erased({
  kind,
  id,
  place,
  close,
}: {
  kind: DossierKind
  id: string
  place: 'panel' | 'page'
  close: () => void
}) {
  const t = useWords()
  const names = useNames()
  const found = useQuery({
    queryKey: [kind, 'erasure', id],
    queryFn: () => ask<ErasedState>('GET', `/api/${kind}/${id}/erasure`),
  })
  // A joint dossier stands in no list: it is found from its parties.
  const list = kind === 'companies' ? 'companies' : 'people'
  const data = found.data?.erased
  const day = data && t.day(data.erasedAt.slice(0, 10))
  const erasure = data?.erasure
  return (
    <article className="k-record" aria-label={t('erasedTitle')}>
      <div className={place === 'page' ? 'k-topline' : 'k-panel-bar'}>
        {place === 'page' ? (
          <Button
            component={Link}
            to={`/${list}`}
            variant="subtle"
            color="gray"
            size="compact-md"
            leftSection={<IconArrowLeft size={15} aria-hidden />}
          >
            {t(list)}
          </Button>
        ) : (
          <>
            <span style={{ flex: 1 }} />
            <ActionIcon size="lg" aria-label={t('close')} onClick={close}>
              <IconX size={18} stroke={1.7} />
            </ActionIcon>
          </>
        )}
      </div>
      <div className="k-erased">
        <Empty icon={<IconEraser size={34} stroke={1.4} aria-hidden />} title={t('erasedTitle')}>
          <p>{t('erasedText')}</p>
          {day && (
            <p>
              {erasure
                ? t('erasedBy', { day, who: erasure.by ? names.user(erasure.by) : t('byOperator') })
                : t('erasedOn', { day })}
            </p>
          )}
          {data && <p className="k-dim">{t('completeOn', { day: t.day(data.completeOn) })}</p>}
          {erasure && <Certificate erasure={erasure} />}
        </Empty>
      </div>
    </article>
  )
}
