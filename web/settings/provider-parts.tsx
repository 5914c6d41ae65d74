import { Copy } from '../record/inline.tsx'

export const providersKey = ['identity-providers']

export function Address({ label, value }: { label: string; value: string }) {
  return (
    <div style={{ marginBottom: 6 }}>
      <span className="k-dim k-small">{label}</span>
      <div className="k-value-line">
        <code style={{ overflowWrap: 'anywhere' }}>{value}</code>
        <Copy value={value} />
      </div>
    </div>
  )
}
