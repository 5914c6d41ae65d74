import { Drawer } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { lazy, type MouseEvent, type ReactNode, Suspense, useState } from 'react'
import type { RecordKind } from '../api/shapes.ts'
import { patient } from '../frame/patient.ts'
import { useWords } from '../language/words.tsx'
import { Lines } from '../parts/marks.tsx'
import { useIsPhone } from '../parts/phone.ts'

const RecordView = lazy(
  patient(async () => ({ default: (await import('./record-view.tsx')).RecordView })),
)

/**
 * A link to a record that shows it beside what one is doing. With a key held down, on a phone, and from the panel
 * itself it is an ordinary link to the whole page.
 */
export function QuickLink({
  kind,
  id,
  className,
  children,
}: {
  kind: RecordKind
  id: string
  className?: string
  children: ReactNode
}) {
  const isPhone = useIsPhone()
  const [isOpen, setOpen] = useState(false)
  const show = (event: MouseEvent) => {
    if (isPhone || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    // One panel over another would hide where one came from.
    if ((event.currentTarget as HTMLElement).closest('[role="dialog"]')) return
    event.preventDefault()
    setOpen(true)
  }
  return (
    <>
      <Link
        to={`/${kind}/$id`}
        params={{ id }}
        onClick={show}
        {...(className ? { className } : {})}
      >
        {children}
      </Link>
      <QuickView kind={kind} id={isOpen ? id : undefined} close={() => setOpen(false)} />
    </>
  )
}

/** The record in a panel at the side; Escape or a click beside it leads back. */
function QuickView({
  kind,
  id,
  close,
}: {
  kind: RecordKind
  id: string | undefined
  close: () => void
}) {
  const t = useWords()
  return (
    <Drawer.Root
      opened={id !== undefined}
      onClose={close}
      position="right"
      size={520}
      padding={0}
      // Escape in a field or a menu of the record is that one's own.
      closeOnEscape={false}
      styles={{ body: { height: '100%' } }}
    >
      <Drawer.Overlay backgroundOpacity={0.2} />
      <Drawer.Content aria-label={t('quickView')}>
        <Drawer.Body
          onKeyDown={(event) => {
            const target = event.target as HTMLElement
            if (event.key !== 'Escape' || event.defaultPrevented) return
            if (target.closest('.mantine-Popover-dropdown, [role="menu"], [role="listbox"]')) return
            close()
          }}
        >
          {id !== undefined && (
            // The focus goes in at once, while the record is still on its way.
            <div tabIndex={-1} data-autofocus style={{ height: '100%', outline: 'none' }}>
              <Suspense fallback={<Lines count={8} />}>
                <RecordView kind={kind} id={id} place="panel" close={close} />
              </Suspense>
            </div>
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}
