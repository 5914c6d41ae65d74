/** How the keys of customers are kept, and replacing them. */
import '../../language/late-keys.ts'
import { Rotations } from './rotations.tsx'

export default function Keys() {
  return <Rotations />
}
