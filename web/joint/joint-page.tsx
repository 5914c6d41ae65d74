import { ActionIcon, Button, Menu, TextInput } from '@mantine/core'
import {
  IconArrowBackUp,
  IconArrowLeft,
  IconDots,
  IconEraser,
  IconFlagCheck,
  IconLock,
  IconPencil,
  IconUsersGroup,
} from '@tabler/icons-react'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import type { JointDossier } from '../api/shapes.ts'
import { Broken } from '../frame/broken.tsx'
import { useKeys } from '../frame/keys.ts'
import { patient } from '../frame/patient.ts'
import { useMay, useNames } from '../frame/session.ts'
import '../language/late.ts'
import { useWords } from '../language/words.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { Closed, Lines } from '../parts/marks.tsx'
import { useIsPhone } from '../parts/phone.ts'
import { tell, tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { DossierTabs } from '../record/record-view.tsx'
import { useColleaguesChanges } from '../record/revision.ts'
import { Parties } from './parties.tsx'
import { useJointActions, useJointDossier, useJointName } from './use-joint.ts'

const Erased = lazy(patient(() => import('../erasing/erased.tsx')))
const EraseForm = lazy(patient(() => import('../erasing/erase-form.tsx')))

export function JointPage() {
  const { id } = useParams({ from: '/frame/joint-dossiers/$id' })
  return (
    <main className="k-record">
      <JointView key={id} id={id} />
    </main>
  )
}

/** What two or more people share: who they are, and what hangs on it. */
function JointView({ id }: { id: string }) {
  const t = useWords()
  const may = useMay()
  const isPhone = useIsPhone()
  const nameOf = useJointName()
  const found = useJointDossier(id)
  const navigate = useNavigate()
  const one = found.data
  useColleaguesChanges('joint-dossiers', id, one?.rowVersion)
  const close = () => void navigate({ to: '/people' })
  useKeys({ Escape: close })
  useEffect(() => {
    const before = document.title
    // Nobody's name: titles stay in the browser's history.
    document.title = `${t('jointDossier')} · Kluis`
    return () => {
      document.title = before
    }
  }, [t])
  if (found.error && !one) return <Broken error={found.error} />
  if (one?.closed === 'erased')
    return (
      <Suspense fallback={<Lines />}>
        <Erased kind="joint-dossiers" id={id} place="page" close={close} />
      </Suspense>
    )
  if (!one)
    return (
      <div style={{ padding: 24 }}>
        <Lines count={8} />
      </div>
    )
  const canEdit = may('people:edit') && !one.closed && one.parties.some((party) => party.mayEdit)
  const details = (
    <>
      <p className="k-sealed-line">
        <IconLock size={12} stroke={1.8} aria-hidden />
        <span>{t('sealedJoint')}</span>
      </p>
      <Parties one={one} canEdit={canEdit} />
      <Made one={one} />
    </>
  )
  const tabs = {
    kind: 'joint-dossiers',
    id,
    teamId: undefined,
    isEnded: one.endedAt !== null,
  } as const
  return (
    <article className="k-record" aria-label={nameOf(one)}>
      <Bar one={one} canEdit={canEdit} />
      <header className="k-record-head">
        <IconUsersGroup size={40} stroke={1.2} className="k-dim" aria-hidden />
        <div style={{ minWidth: 0, flex: 1 }}>
          <h1>{nameOf(one)}</h1>
          <div className="k-record-line">
            <span className="k-dim">{t('jointDossier')}</span>
            {one.endedAt && <span className="k-dim">{t('jointEnded')}</span>}
          </div>
        </div>
      </header>
      <Banners one={one} canEdit={canEdit} />
      {isPhone ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className="k-scroll" aria-label={t('details')} tabIndex={0}>
          <DossierTabs {...tabs} details={details} />
        </section>
      ) : (
        <div className="k-record-columns">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section aria-label={t('details')} tabIndex={0}>
            {details}
          </section>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section aria-label={t('timeline')} tabIndex={0}>
            <DossierTabs {...tabs} />
          </section>
        </div>
      )}
    </article>
  )
}

function Made({ one }: { one: JointDossier }) {
  const t = useWords()
  const names = useNames()
  return (
    <p className="k-dim k-small" style={{ margin: '12px 8px' }}>
      {t('createdLine', { when: t.instant(one.createdAt) })}
      {one.createdBy && ` · ${names.user(one.createdBy)}`}
    </p>
  )
}

function Bar({ one, canEdit }: { one: JointDossier; canEdit: boolean }) {
  const t = useWords()
  const { change, end, reopen } = useJointActions(one.id)
  const may = useMay()
  const nameOf = useJointName()
  const [isRenaming, setRenaming] = useState(false)
  const [isErasing, setErasing] = useState(false)
  const [name, setName] = useState('')
  const finish = () =>
    end(one.rowVersion)
      .then((ended) => tellWithUndo(t, t('jointEndedNow'), () => reopen(ended.rowVersion)))
      .catch((error: unknown) => tellRefusal(t, error))
  const goOn = () =>
    reopen(one.rowVersion)
      .then(() => tell(t('jointReopenedNow')))
      .catch((error: unknown) => tellRefusal(t, error))
  return (
    <div className="k-topline">
      <Button
        component={Link}
        to="/people"
        variant="subtle"
        color="gray"
        size="compact-md"
        leftSection={<IconArrowLeft size={15} aria-hidden />}
      >
        {t('people')}
      </Button>
      <span style={{ flex: 1 }} />
      {(canEdit || may('erasures:run')) && (
        <Menu position="bottom-end" shadow="md" width={220}>
          <Menu.Target>
            <ActionIcon size="lg" aria-label={t('more')}>
              <IconDots size={18} stroke={1.7} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {canEdit && (
              <>
                <Menu.Item
                  leftSection={<IconPencil size={15} aria-hidden />}
                  onClick={() => {
                    setName(one.name)
                    setRenaming(true)
                  }}
                >
                  {t('jointRename')}
                </Menu.Item>
                {one.endedAt ? (
                  <Menu.Item
                    leftSection={<IconArrowBackUp size={15} aria-hidden />}
                    onClick={() => void goOn()}
                  >
                    {t('jointReopen')}
                  </Menu.Item>
                ) : (
                  <Menu.Item
                    leftSection={<IconFlagCheck size={15} aria-hidden />}
                    onClick={() => void finish()}
                  >
                    {t('jointEnd')}
                  </Menu.Item>
                )}
              </>
            )}
            {may('erasures:run') && (
              <Menu.Item
                color="red"
                leftSection={<IconEraser size={15} aria-hidden />}
                onClick={() => setErasing(true)}
              >
                {t('erase')}
              </Menu.Item>
            )}
          </Menu.Dropdown>
        </Menu>
      )}
      {isErasing && (
        <Suspense fallback={null}>
          <EraseForm
            kind="joint-dossiers"
            record={{ id: one.id, displayName: nameOf(one) }}
            close={() => setErasing(false)}
          />
        </Suspense>
      )}
      {isRenaming && (
        <FormDialog
          title={t('jointRename')}
          action={t('save')}
          isReady={name.trim() !== one.name}
          send={() =>
            change(one.rowVersion, { name: name.trim() }).then(() => tell(t('jointRenamed')))
          }
          close={() => setRenaming(false)}
        >
          <TextInput
            data-autofocus
            label={t('jointName')}
            description={t('jointNameHint')}
            maxLength={120}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </FormDialog>
      )}
    </div>
  )
}

/** What the reader must know before they write in it. */
function Banners({ one, canEdit }: { one: JointDossier; canEdit: boolean }) {
  const t = useWords()
  const names = useNames()
  const { change } = useJointActions(one.id)
  const [isBusy, setBusy] = useState(false)
  const reviewed = () => {
    setBusy(true)
    void change(one.rowVersion, { isReviewed: true })
      .then(() => tell(t('jointReviewedNow')))
      .catch((error: unknown) => tellRefusal(t, error))
      .finally(() => setBusy(false))
  }
  return (
    <>
      {one.closed && (
        <div className="k-banner" role="alert">
          <span>
            {t('jointClosed')} <Closed why={one.closed} />
          </span>
        </div>
      )}
      {one.endedAt && (
        <div className="k-banner" role="status">
          <span>
            {t('jointEndedBanner', {
              day: t.day(one.endedAt.slice(0, 10)),
              who: names.user(one.endedBy),
            })}
          </span>
        </div>
      )}
      {one.reviewSince && (
        <div className="k-banner" role="status">
          <span style={{ flex: 1 }}>
            {t('jointReview', { day: t.day(one.reviewSince.slice(0, 10)) })}
          </span>
          {canEdit && (
            <Button size="compact-sm" variant="default" loading={isBusy} onClick={reviewed}>
              {t('jointReviewed')}
            </Button>
          )}
        </div>
      )}
    </>
  )
}
