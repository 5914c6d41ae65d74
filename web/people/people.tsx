import { useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { RecordList } from '../list/record-list.tsx'
import { Lines } from '../parts/marks.tsx'

const RecordPanel = lazy(async () => ({
  default: (await import('../record/record-view.tsx')).RecordPanel,
}))

export function People() {
  const { open } = useSearch({ from: '/frame/people' })
  return (
    <RecordList
      kind="people"
      openId={open}
      panel={(close) =>
        open && (
          <Suspense
            fallback={
              <aside className="k-panel">
                <div style={{ padding: 24 }}>
                  <Lines count={8} />
                </div>
              </aside>
            }
          >
            <RecordPanel kind="people" id={open} close={close} />
          </Suspense>
        )
      }
    />
  )
}
