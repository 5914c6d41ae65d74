/** What was erased, with what shows that it was; and what a law has kept. */
import '../../language/late-erasing.ts'
import '../../language/late-retention.ts'
import '../../style/erasing.css'
import { DoneErasures } from './done-erasures.tsx'
import { RetainedApart, RetainedOver } from './retained.tsx'

export default function Erasures() {
  return (
    <>
      <RetainedOver />
      <RetainedApart />
      <DoneErasures />
    </>
  )
}
