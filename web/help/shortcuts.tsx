import { useWords, type Word } from '../language/words.tsx'

const shortcuts: [keys: string[], word: Word][] = [
  [['Ctrl K'], 'shortcutPalette'],
  [['/'], 'shortcutSearch'],
  [['j', 'k', '↓', '↑'], 'shortcutMove'],
  [['Enter'], 'shortcutOpen'],
  [['o'], 'shortcutOpenFull'],
  [['x'], 'shortcutSelect'],
  [['b'], 'shortcutCall'],
  [['n'], 'shortcutNew'],
  [['e'], 'sheetMode'],
  [['Ctrl Enter'], 'shortcutSave'],
  [['Ctrl Z'], 'shortcutUndo'],
  [['Esc'], 'shortcutClose'],
  [['g m', 'g p', 'g c', 'g t', 'g d'], 'shortcutGo'],
  [['d'], 'shortcutDuplicates'],
  [['?'], 'shortcutHelp'],
]

export function Shortcuts() {
  const t = useWords()
  return (
    <table className="k-plain">
      <tbody>
        {shortcuts.map(([keys, word]) => (
          <tr key={word}>
            <td>{t(word)}</td>
            <td style={{ textAlign: 'right', whiteSpace: 'nowrap' }}>
              {keys.map((key) => (
                <kbd className="k-key" key={key} style={{ marginLeft: 4 }}>
                  {key}
                </kbd>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
