import { useMay } from '../../frame/session.ts'
import { Alarms } from './alarms.tsx'
import { Canaries } from './canaries.tsx'
import { FrozenPeople } from './frozen-people.tsx'
import { Limits } from './limits.tsx'
import { OwnUse, UseOfAll } from './use.tsx'
import '../../language/late-budgets.ts'

/** What one opened oneself; for whoever looks after it, what needs a look first. */
export function Budgets() {
  const may = useMay()
  return (
    <>
      {may('alarms:see') && <Alarms />}
      {may('budgets:manage') && <FrozenPeople />}
      <OwnUse />
      {may('budgets:manage') && <UseOfAll />}
      {may('budgets:manage') && <Limits />}
      {may('canaries:manage') && <Canaries />}
    </>
  )
}
