export const photos = {
  photo: { nl: 'Foto', en: 'Photo' },
  photoOf: { nl: 'Foto van {name}', en: 'Photo of {name}' },
  photoChoose: { nl: 'Foto kiezen', en: 'Choose a photo' },
  photoReplace: { nl: 'Andere foto kiezen', en: 'Choose another photo' },
  photoRemove: { nl: 'Foto weghalen', en: 'Remove photo' },
  photoKept: { nl: 'Foto verzegeld en bewaard', en: 'Photo sealed and stored' },
  photoRemoved: { nl: 'Foto weggehaald', en: 'Photo removed' },
  'file-unreadable.no-photo': {
    nl: 'Dit is geen foto die Kluis kent. Kies een JPEG, PNG, WebP of GIF.',
    en: 'This is no photo that Kluis knows. Choose a JPEG, PNG, WebP or GIF.',
  },
} satisfies Record<string, { nl: string; en: string }>
