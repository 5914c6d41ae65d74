import { Menu } from '@mantine/core'
import { IconPhotoPlus, IconTrash } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { ask, askForBytes, askWithBytes } from '../api/client.ts'
import type { FileLine, Person, Upload } from '../api/shapes.ts'
import { useMay } from '../frame/session.ts'
import '../language/late.ts'
import { useWords } from '../language/words.tsx'
import { Initials } from '../parts/marks.tsx'
import { tellRefusal, tellWithUndo } from '../parts/tell.tsx'
import { scaledPhoto } from './scaled-photo.ts'

type Shown = { person: Pick<Person, 'id' | 'displayName' | 'photoId' | 'isInTrash'>; size: number }

/** The photo of a person in the place of their initials; whoever may add files changes it where it stands. */
export function PersonPhoto({ person, size }: Shown) {
  const t = useWords()
  const may = useMay()
  const input = useRef<HTMLInputElement>(null)
  const [isBusy, setBusy] = useState(false)
  const { put, remove } = usePhotoChange(person, setBusy)
  if (!may('files:see') || !may('files:edit') || person.isInTrash)
    return <Picture person={person} size={size} />
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        aria-label={t('photoChoose')}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          event.currentTarget.value = ''
          if (file) void put(file)
        }}
      />
      <Menu position="bottom-start" shadow="md" width={200}>
        <Menu.Target>
          <button
            type="button"
            className="k-photo-choose"
            aria-label={t('photo')}
            aria-busy={isBusy}
            disabled={isBusy}
          >
            <Picture person={person} size={size} isNamed />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPhotoPlus size={15} aria-hidden />}
            onClick={() => input.current?.click()}
          >
            {t(person.photoId ? 'photoReplace' : 'photoChoose')}
          </Menu.Item>
          {person.photoId && (
            <Menu.Item
              leftSection={<IconTrash size={15} aria-hidden />}
              onClick={() => void remove()}
            >
              {t('photoRemove')}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

function usePhotoChange({ id, photoId }: Shown['person'], setBusy: (isBusy: boolean) => void) {
  const t = useWords()
  const queries = useQueryClient()
  const refresh = () =>
    Promise.all(
      ['one', 'files', 'timeline', 'dossier-trash'].map((what) =>
        queries.invalidateQueries({ queryKey: ['people', what, id] }),
      ),
    )
  const busyWith = async (work: () => Promise<void>) => {
    setBusy(true)
    try {
      await work()
    } catch (error) {
      tellRefusal(t, error)
    } finally {
      await refresh()
      setBusy(false)
    }
  }
  const restore = (before: string) => ask('POST', `/api/files/${before}/restore`)
  return {
    put: (file: File) =>
      busyWith(async () => {
        const made = await sendPhoto(id, `${t('photo').toLowerCase()}.jpg`, await scaledPhoto(file))
        tellWithUndo(
          t,
          t('photoKept'),
          async () => {
            await ask('DELETE', `/api/files/${made}`)
            if (photoId) await restore(photoId)
            await refresh()
          },
          id,
        )
      }),
    remove: () =>
      busyWith(async () => {
        if (!photoId) return
        await ask('DELETE', `/api/files/${photoId}`)
        tellWithUndo(
          t,
          t('photoRemoved'),
          async () => {
            await restore(photoId)
            await refresh()
          },
          id,
        )
      }),
  }
}

async function sendPhoto(personId: string, name: string, photo: Blob): Promise<string> {
  const { id, pieces, pieceBytes } = await ask<Upload>('POST', `/api/people/${personId}/files`, {
    body: { name, type: photo.type, size: photo.size, isPhoto: true },
  })
  const { signal } = new AbortController()
  for (let number = 0; number < pieces; number++) {
    const from = number * pieceBytes
    const piece = photo.slice(from, from + pieceBytes, 'application/octet-stream')
    await askWithBytes(`/api/files/${id}/pieces/${number}`, piece, signal)
  }
  // What was written in it beside the picture is left out, and then it has another id.
  return (await ask<FileLine>('POST', `/api/files/${id}/complete`)).id
}

/** `isNamed`: what it stands in says already what it is. */
function Picture({ person, size, isNamed = false }: Shown & { isNamed?: boolean }) {
  const t = useWords()
  const { id, displayName, photoId } = person
  const address = usePhotoAddress(photoId)
  const [broken, setBroken] = useState<string>()
  if (!address || broken === address) return <Initials name={displayName} id={id} size={size} />
  return (
    <img
      className="k-photo"
      src={address}
      width={size}
      height={size}
      alt={isNamed ? '' : t('photoOf', { name: displayName })}
      onError={() => setBroken(address)}
    />
  )
}

/** An address in this page alone, that ends with what shows it: a photo is in no cache of the browser. */
function usePhotoAddress(photoId: string | null): string | undefined {
  const [address, setAddress] = useState<string>()
  const { data } = useQuery({
    queryKey: ['photo', photoId],
    queryFn: ({ signal }) => askForBytes(`/api/files/${photoId}/photo`, signal),
    enabled: photoId !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  useEffect(() => {
    if (!data) return setAddress(undefined)
    const made = URL.createObjectURL(data)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [data])
  return address
}
