import { type Route, read, write } from '#security/access/route.ts'
import { Favourite, Subjects } from './contract.ts'
import { type FavouriteParts, listFavourites, listRecent, setFavourite } from './favourites.ts'

export function favouriteRoutes(parts: FavouriteParts): Route[] {
  return [
    read('GET /api/favourites', { needs: 'signed-in', reply: Subjects }, ({ tx }) =>
      listFavourites(parts, tx),
    ),
    write(
      'POST /api/favourites',
      { needs: 'signed-in', body: Favourite, reply: Favourite },
      ({ body, writeAtOnce, ...asking }) => setFavourite(asking, body, writeAtOnce),
    ),
    read('GET /api/recent', { needs: 'signed-in', reply: Subjects }, ({ tx }) =>
      listRecent(parts, tx),
    ),
  ]
}
