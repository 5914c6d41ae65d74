import { Button, Checkbox, Group, Modal, Switch, Table } from '@mantine/core'
import { useState } from 'react'
import type { SearchState } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import '../language/late-name-prefixes.ts'

type Names = SearchState['names']
type Choose = (choice: { areNamesKept: boolean; hasRead?: string }) => Promise<void>

/** Names in the database: what that gives away is read before it can be chosen. */
export function NamePrefixes({ names, choose }: { names: Names; choose: Choose }) {
  const t = useWords()
  const [isAsked, setAsked] = useState(false)
  const [isGone, setGone] = useState(false)
  const counts = { found: t.number(names.found), records: t.number(names.records) }
  const switchTo = async (isOn: boolean) => {
    if (isOn) return setAsked(true)
    await choose({ areNamesKept: false })
    setGone(true)
  }
  return (
    <div style={{ marginTop: 24 }}>
      <Switch
        label={t('namePrefixes')}
        description={t('namePrefixesHint')}
        checked={names.isKept}
        onChange={(event) => void switchTo(event.currentTarget.checked)}
      />
      {(names.isKept || isGone) && (
        <p className="k-dim k-small" role="status" style={{ margin: '8px 0 0', maxWidth: '64ch' }}>
          {names.isKept
            ? t(names.isWriting ? 'namePrefixesWriting' : 'namePrefixesOn', counts)
            : t('namePrefixesGone')}
        </p>
      )}
      <Modal
        opened={isAsked}
        onClose={() => setAsked(false)}
        size="lg"
        title={t('leakAsk')}
        closeButtonProps={{ 'aria-label': t('close') }}
      >
        <WhatIsRead
          leak={names.leak}
          cancel={() => setAsked(false)}
          agree={async () => {
            setAsked(false)
            await choose({ areNamesKept: true, hasRead: names.leak.measured })
          }}
        />
      </Modal>
    </div>
  )
}

function WhatIsRead({
  leak,
  cancel,
  agree,
}: {
  leak: Names['leak']
  cancel: () => void
  agree: () => Promise<void>
}) {
  const t = useWords()
  const [hasRead, setRead] = useState(false)
  const percent = (share: number) => `${t.number(Math.round(share * 100))} %`
  const line = (of: 'country' | 'demo', count: number) => (
    <Table.Tr>
      <Table.Th scope="row" style={{ fontWeight: 'normal' }}>
        {t(of === 'country' ? 'leakCountry' : 'leakDemo', { count: t.number(count) })}
      </Table.Th>
      <Table.Td>{percent(leak.familyNames[of])}</Table.Td>
      <Table.Td>{percent(leak.givenNames[of])}</Table.Td>
    </Table.Tr>
  )
  return (
    <>
      <p style={{ marginTop: 0 }}>{t('leakAskText')}</p>
      <Table horizontalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('leakOf')}</Table.Th>
            <Table.Th scope="col">{t('leakFamilyNames')}</Table.Th>
            <Table.Th scope="col">{t('leakGivenNames')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {line('country', leak.countryPeople)}
          {line('demo', leak.people)}
        </Table.Tbody>
      </Table>
      <p className="k-dim k-small">{t('leakMeasured', { day: t.day(leak.measured) })}</p>
      <p>{t('leakStays')}</p>
      <p>{t('leakInstead')}</p>
      <Checkbox
        label={t('leakRead')}
        checked={hasRead}
        onChange={(event) => setRead(event.currentTarget.checked)}
      />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={cancel}>
          {t('cancel')}
        </Button>
        <Button disabled={!hasRead} onClick={() => void agree()}>
          {t('leakChoose')}
        </Button>
      </Group>
    </>
  )
}
