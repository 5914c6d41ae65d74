/** How the keys of customers are kept, replacing them, and whose were destroyed. */
import '../../language/late-keys.ts'
import { useMay } from '../../frame/session.ts'
import { Erasures } from './erasures.tsx'
import { Rotations } from './rotations.tsx'

export default function Keys() {
  const may = useMay()
  return (
    <>
      {may('keys:manage') && <Rotations />}
      {may('erasures:run') && <Erasures />}
    </>
  )
}
