import { Alert, Button, FileInput, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useState } from 'react'
import type { Imported } from '../../src/crm/exchange/contract.ts'
import { call } from '../api.ts'
import { words } from '../words.ts'

/** Choose a file, see what it would become, do it, take it back. */
export default function Import() {
  const [file, setFile] = useState<File | null>(null)
  const [result, setResult] = useState<Imported>()
  const [reverted, setReverted] = useState('')
  const [error, setError] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const attempt = async (work: () => Promise<void>) => {
    setError('')
    setIsBusy(true)
    await work().catch((reason: Error) => setError(reason.message))
    setIsBusy(false)
  }
  const send = (isDryRun: boolean) =>
    attempt(async () => {
      setReverted('')
      setResult(await call<Imported>('POST', `imports?dryRun=${isDryRun}`, file!))
    })
  const revert = (id: string) =>
    attempt(async () => {
      const { removed, keptBecauseChanged } = await call<{
        removed: number
        keptBecauseChanged: number
      }>('POST', `imports/${id}/revert`)
      setReverted(`${removed} ${words.reverted}, ${keptBecauseChanged} ${words.keptChanged}`)
    })
  return (
    <Stack>
      <Title order={1} size="h2">
        {words.importing}
      </Title>
      {error && (
        <Alert color="red" role="alert">
          {error}
        </Alert>
      )}
      <FileInput
        label={words.pick}
        accept=".csv,text/csv,.txt"
        value={file}
        onChange={(chosen) => {
          setFile(chosen)
          setResult(undefined)
        }}
        maw={420}
      />
      <Group>
        <Button variant="default" disabled={!file} loading={isBusy} onClick={() => send(true)}>
          {words.tryRun}
        </Button>
        <Button disabled={!file} loading={isBusy} onClick={() => send(false)}>
          {words.doImport}
        </Button>
      </Group>
      {result && (
        <>
          <Text fw={600} aria-live="polite" data-testid="result">
            {result.importId ? '' : `${words.tryRun}: `}
            {result.read} {words.read}, {result.created} {words.created}, {result.skipped}{' '}
            {words.skipped}, {result.refused} {words.refused}
          </Text>
          {result.importId && !reverted && (
            <Button variant="default" w="fit-content" onClick={() => revert(result.importId!)}>
              {words.revert}
            </Button>
          )}
          {reverted && <Alert>{reverted}</Alert>}
          <Table maw={520}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.column}</Table.Th>
                <Table.Th>{words.becomes}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {result.mapping.map((one) => (
                <Table.Tr key={one.header}>
                  <Table.Td>{one.header}</Table.Td>
                  <Table.Td>{one.field ?? `(${words.leftOut})`}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          {result.rows.length > 0 && (
            <Table maw={720}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{words.line}</Table.Th>
                  <Table.Th>{words.problem}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {result.rows.slice(0, 200).map((row) => (
                  <Table.Tr key={row.line}>
                    <Table.Td>{row.line}</Table.Td>
                    <Table.Td>
                      {row.problems
                        .map((one) => `${one.field} ${one.problem} ${one.value}`)
                        .join(' · ')}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )}
        </>
      )}
    </Stack>
  )
}
