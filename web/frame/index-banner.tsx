import type { Facets } from '../api/shapes.ts'
import { useWords } from '../language/words.tsx'
import '../language/late-name-prefixes.ts'

/** Says that search is not there, whether it comes and how far it is, and what is found meanwhile. */
export default function IndexBanner({ isIndexOff, isByPrefix, indexProgress }: Facets) {
  const t = useWords()
  const share = Math.round(indexProgress * 100)
  return (
    <div className="k-banner" role="status">
      {isIndexOff
        ? t(isByPrefix ? 'indexOffByPrefix' : 'indexOff')
        : t(isByPrefix ? 'indexLoadingByPrefix' : 'indexLoading', { share })}
    </div>
  )
}
