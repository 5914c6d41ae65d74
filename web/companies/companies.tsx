import { useSearch } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { RecordList } from '../list/record-list.tsx'
import { Lines } from '../parts/marks.tsx'

const RecordPanel = lazy(async () => ({
  default: (await import('../record/record-view.tsx')).RecordPanel,
}))

export function Companies() {
  const { open } = useSearch({ from: '/frame/companies' })
  return (
    <RecordList
      kind="companies"
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
            <RecordPanel kind="companies" id={open} close={close} />
          </Suspense>
        )
      }
    />
  )
}
