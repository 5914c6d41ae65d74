/** What was erased, with what shows that it was. */
import '../../language/late-erasing.ts'
import '../../style/erasing.css'
import { DoneErasures } from './done-erasures.tsx'

export default function Erasures() {
  return <DoneErasures />
}
